import { z } from '../../core/action.ts'

/** What is asked of whoever wants a payment to be refunded. */
export const refundForm = z.object({
  amountCents: z.int().optional().meta({
    label: 'Amount',
    kind: 'money',
    help: 'Leave it empty to give back all that is left',
  }),
  reasonCode: z.enum(['goodwill', 'duplicate', 'correction', 'instructor_cancelled', 'policy']).meta({
    label: 'Reason',
    values: { policy: 'By the cancellation policy', instructor_cancelled: 'Cancelled by the instructor' },
  }),
  reason: z.string().trim().min(3).max(500).meta({ label: 'Explanation', help: 'It may be quoted to the learner' }),
  method: z
    .enum(['original', 'credit'])
    .default('original')
    .meta({
      label: 'How it goes back',
      values: { original: 'The way it was paid', credit: 'As credit for lessons' },
    }),
})
