import { action, z } from '../core/action.ts'
import { lockInBatch } from '../domain/payouts/batch.ts'
import { freePayout } from '../domain/payouts/hold-payout.ts'

/** Lets payouts go on that somebody has held. */
export default action('payout.release', {
  model: 'Payout',
  on: 'bulk',
  may: ['owner', 'finance'],
  label: 'Release',
  icon: 'PlayCircle',
  atMost: 500,
  form: z.object({ reason: z.string().trim().min(3).max(500).meta({ label: 'Reason' }) }),
  when: ({ status, holdKind }) => {
    if (status !== 'held') return 'This payout is not held.'
    if (holdKind === 'review') return 'It goes on by itself when its review is over.'
    return holdKind !== 'dispute' || 'It goes on by itself when the bank has decided about the dispute.'
  },
  confirm: ({ title, count }) => `Release ${count > 1 ? `${count} payouts` : title}?`,
  run: async (work, { record }) => {
    const { payout } = await lockInBatch(work, record.id)
    const { status } = await freePayout(work, payout)
    return status === 'held'
      ? 'Nobody of the school holds it any more, but the bank disputes the payment.'
      : 'It is released.'
  },
})
