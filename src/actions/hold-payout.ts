import { action, z } from '../core/action.ts'
import { conflict } from '../core/errors.ts'
import { lockInBatch } from '../domain/payouts/batch.ts'
import { holdPayout } from '../domain/payouts/hold-payout.ts'
import { isOpen } from '../domain/payouts/payout.ts'

const TOO_LATE = 'Only what is not paid, and not on its way, can be held.'

/** Keeps payouts back until somebody releases them. */
export default action('payout.hold', {
  model: 'Payout',
  on: 'bulk',
  may: ['owner', 'finance'],
  label: 'Hold',
  done: 'held',
  icon: 'PauseCircle',
  atMost: 500,
  form: z.object({ reason: z.string().trim().min(3).max(500).meta({ label: 'Reason' }) }),
  when: (payout) => (payout.holdKind === 'person' ? 'Somebody holds this payout already.' : isOpen(payout) || TOO_LATE),
  confirm: ({ title, count }) => `Hold ${count > 1 ? `${count} payouts` : title}?`,
  run: async (work, { record, input }) => {
    const { payout } = await lockInBatch(work, record.id)
    if (!isOpen(payout)) throw conflict(TOO_LATE)
    // a review does not end because somebody looks at it
    if (payout.holdKind === 'review') throw conflict('This payout waits for its review anyway. Hold it afterwards.')
    await holdPayout(work, payout, { holdKind: 'person', holdReason: input.reason })
  },
})
