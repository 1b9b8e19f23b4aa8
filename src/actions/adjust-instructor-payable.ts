import { action, type FieldMeta, z } from '../core/action.ts'
import { formatMoney } from '../core/money.ts'
import { adjustPayable } from '../domain/payouts/adjust-payable.ts'

/** Settles something with an instructor beside the lessons; a second person agrees. */
export default action('instructor.adjust-payable', {
  model: 'Instructor',
  on: 'record',
  may: ['owner', 'finance'],
  label: 'Adjust what is owed',
  icon: 'Sliders',
  reauth: true,
  form: z.object({
    direction: z.enum(['pay', 'deduct']).meta({
      label: 'Which way',
      values: { pay: 'The school pays it to the instructor', deduct: 'It is taken off the next payouts' },
    }),
    amountCents: z
      .int()
      .min(1)
      .meta({ label: 'Amount', kind: 'money' } satisfies FieldMeta),
    reason: z.string().trim().min(3).max(500).meta({ label: 'Reason' }),
  }),
  approval: { by: ['owner', 'finance'] },
  confirm: ({ title }) => `Adjust what is owed to ${title}?`,
  run: async (work, { record, input: { direction, amountCents, reason } }) => {
    const signed = direction === 'pay' ? amountCents : -amountCents
    const payout = await adjustPayable(work, { instructorId: record.id, amountCents: signed, reason })
    const amount = formatMoney(amountCents, payout.currency)
    return {
      message:
        direction === 'pay' ? `${amount} is paid with the next batch.` : `${amount} is taken off the next batch.`,
      open: { model: 'Payout', id: payout.id },
    }
  },
})
