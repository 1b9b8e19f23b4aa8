import { handler } from '../core/handlers.ts'
import { enqueue } from '../core/jobs.ts'
import { readersOf } from '../domain/disputes/readers.ts'
import sendLetter from './send-dispute-letter.ts'

/** Whoever looks after the school's money hears of a dispute by e-mail, with the day until which it can be answered. */
export default handler('dispute.tell', {
  topics: ['dispute.opened', 'dispute.closed'],
  onDead: 'skip',
  run: async (work, { topic, payload: { disputeId } }) => {
    const readers = await readersOf(work)
    for (const { id: userId } of readers) await enqueue(work, sendLetter, { disputeId, userId, topic })
    return readers.length === 0 ? 'nobody to tell' : disputeId
  },
})
