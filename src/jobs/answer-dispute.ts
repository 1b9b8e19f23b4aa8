import { job } from '../core/jobs.ts'
import { answerDisputeAtStripe } from '../stripe/answer-dispute.ts'
import { answerDispute } from '../stripe/errands.ts'

export default job(answerDispute.name, {
  ...answerDispute,
  run: async (ctx, { disputeId }) => void (await answerDisputeAtStripe(ctx, disputeId)),
})
