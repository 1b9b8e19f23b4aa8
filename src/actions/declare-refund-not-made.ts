import { action } from '../core/action.ts'
import { declareNotMade, isUnanswered } from '../domain/refunds/declare-not-made.ts'

/** After a day without an answer: somebody has looked in the Stripe dashboard, and there is no such refund. */
export default action('refund.declare-not-made', {
  model: 'Refund',
  on: 'record',
  may: ['owner', 'finance'],
  label: 'It was not made',
  icon: 'XCircle',
  danger: true,
  reauth: true,
  when: isUnanswered,
  confirm: ({ title }) => `You have looked in the Stripe dashboard, and the refund ${title} is not there?`,
  run: async (work, { record }) => {
    await declareNotMade(work, record.id)
    return 'The refund counts as failed. It can be tried again, as the next attempt.'
  },
})
