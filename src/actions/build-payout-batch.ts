import { action, z } from '../core/action.ts'
import { buildBatch } from '../domain/payouts/build-batch.ts'
import { sentencesOf } from '../domain/payouts/tell-batch.ts'

/** Puts what can be paid into a draft; its preview says how much, to whom, and what is left out for which reason. */
export default action('payout-batch.build', {
  model: 'PayoutBatch',
  on: 'resource',
  may: ['owner', 'finance'],
  label: 'Build a batch',
  icon: 'Layers',
  form: z.object({
    from: z.iso.date().optional().meta({ label: 'Lessons from', help: 'Empty: everything that is due.' }),
    to: z.iso.date().optional().meta({ label: 'Lessons until', help: 'Empty: up to date.' }),
  }),
  confirm: () => 'Build a batch of everything that can be paid?',
  run: async (work, { input }) => {
    const built = await buildBatch(work, input)
    return { message: sentencesOf(built).join('\n'), open: { model: 'PayoutBatch', id: built.batch.id } }
  },
})
