import { action, type FieldMeta, z } from '../core/action.ts'
import { formatMoney } from '../core/money.ts'
import { proposeReversal } from '../domain/payouts/decide-reversal.ts'
import { isTransferred } from '../domain/payouts/payout.ts'

/** Asks for part of a transfer to be taken back; somebody else agrees to it. */
export default action('payout.reverse', {
  model: 'Payout',
  on: 'record',
  may: ['owner', 'finance'],
  label: 'Take back',
  icon: 'CornerUpLeft',
  danger: true,
  reauth: true,
  form: z.object({
    amountCents: z
      .int()
      .min(1)
      .meta({ label: 'Amount', kind: 'money' } satisfies FieldMeta),
    reason: z.string().trim().min(3).max(500).meta({ label: 'Reason' }),
  }),
  when: (payout) => {
    if (!isTransferred(payout) || !payout.stripeTransferId) return 'Only what was transferred can be taken back.'
    return payout.status !== 'reversed' || 'All of this transfer was taken back already.'
  },
  confirm: ({ title }) => `Ask for part of ${title} to be taken back from the instructor?`,
  run: async (work, { record, input, key }) => {
    const { id, amountCents } = await proposeReversal(work, record.id, { ...input, key })
    return {
      message: `${formatMoney(amountCents, record.currency)} is taken back once somebody else has agreed.`,
      open: { model: 'TransferReversal', id },
    }
  },
})
