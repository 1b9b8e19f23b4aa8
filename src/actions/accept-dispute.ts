import { action } from '../core/action.ts'
import { enqueue } from '../core/jobs.ts'
import { formatMoney } from '../core/money.ts'
import { answerDispute, isAnswerable } from '../domain/disputes/answer-dispute.ts'
import { answerDispute as sendAnswer } from '../stripe/errands.ts'

/** The school gives in: the bank keeps the money, for good. */
export default action('dispute.accept', {
  model: 'Dispute',
  on: 'record',
  may: ['owner', 'finance'],
  label: 'Accept dispute',
  icon: 'Slash',
  danger: true,
  reauth: true,
  when: isAnswerable,
  confirm: ({ title }) => `Accept ${title}? The money stays with the learner, and this cannot be taken back.`,
  run: async (work, { record }) => {
    await answerDispute(work, record.id, { answer: 'accept' })
    await enqueue(work, sendAnswer, { disputeId: record.id })
    const amount = formatMoney(record.amountCents, record.currency)
    return `The bank is being told that ${amount} stay with the learner; the dispute shows as lost in a moment.`
  },
})
