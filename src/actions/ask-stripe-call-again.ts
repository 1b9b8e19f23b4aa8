import { action } from '../core/action.ts'
import { nowOf } from '../core/context.ts'
import { conflict } from '../core/errors.ts'
import { KEY_LIVES_MS } from '../stripe/ask.ts'
import { errandOf } from '../stripe/resume.ts'

const NOT_THERE = 'Somebody has looked in the Stripe dashboard: it was not done.'

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
    const since = nowOf(work).getTime() - (record.firstTriedAt?.getTime() ?? 0)
    if (since < KEY_LIVES_MS)
      throw conflict(
        'Stripe is still asked about it, by itself, for a day. After that somebody can say it was not done.',
      )
    await work.tx.stripeCall.updateMany({
      where: { id: record.id, orgId: work.orgId, status: 'unknown' },
      data: { status: 'refused', error: NOT_THERE, finishedAt: nowOf(work) },
    })
    await errandOf[record.operation]!(work, record.refId)
    return 'Stripe is asked again, as the next attempt.'
  },
})
