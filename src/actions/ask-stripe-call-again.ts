import { action } from '../core/action.ts'
import { declareUnanswered } from '../domain/unanswered-call.ts'
import { errandOf } from '../stripe/resume.ts'

/** After a day without an answer: somebody has looked at Stripe, nothing of the kind is there, and it is asked for anew. */
export default action('stripe-call.ask-again', {
  model: 'StripeCall',
  on: 'record',
  may: ['owner', 'finance'],
  label: 'It was not done: ask again',
  icon: 'RotateCw',
  danger: true,
  reauth: true,
  when: ({ status, operation }) => {
    if (status !== 'unknown') return 'Stripe has answered, or is being asked.'
    if (operation === 'refund.submit') return 'Open the refund, and say there that it was not made.'
    return operation in errandOf || 'Nothing is to be asked again here.'
  },
  confirm: ({ title }) => `You have looked in the Stripe dashboard, and ${title} was not done there?`,
  run: async (work, { record }) => {
    await declareUnanswered(work, record)
    await errandOf[record.operation]!(work, record.refId)
    return 'Stripe is asked again, as the next attempt.'
  },
})
