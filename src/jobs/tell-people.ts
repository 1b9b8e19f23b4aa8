import { nowOf } from '../core/context.ts'
import { handler } from '../core/handlers.ts'
import { enqueue } from '../core/jobs.ts'
import { bookingTopics, tellOfBooking } from '../domain/messages/tell-of-booking.ts'
import { tellOfPayment } from '../domain/messages/tell-of-payment.ts'
import sendMessage from './send-message.ts'

const WEEK_MS = 7 * 24 * 3_600_000

/** Writes what people are told of an event, and has it sent. Of something that is a week old nobody is told any more. */
export default handler('people.tell', {
  topics: [...bookingTopics, 'payment.succeeded'],
  onDead: 'skip',
  run: async (work, event) => {
    if (nowOf(work).getTime() - event.at.getTime() > WEEK_MS) return 'too old to tell'
    const written =
      event.topic === 'payment.succeeded' ? await tellOfPayment(work, event) : await tellOfBooking(work, event)
    for (const { id, sendAt } of written) if (sendAt <= nowOf(work)) await enqueue(work, sendMessage, { messageId: id })
    return written[0]?.id ?? 'nobody to tell'
  },
})
