import type { Context } from '../core/context.ts'
import { notFound } from '../core/errors.ts'
import { answerArrived, answerRefused, evidenceSchema, wantsAnswer } from '../domain/disputes/answer-dispute.ts'
import { applyDispute } from '../domain/disputes/apply-dispute.ts'
import type { Dispute } from '../domain/disputes/dispute.ts'
import { stripe } from '../services/stripe.ts'
import { type Asked, askStripe } from './ask.ts'
import { factsOf } from './disputes.ts'
import { refreshDispute } from './refresh-dispute.ts'

/**
 * Tells the bank what the school answers: the evidence, for good, or that it accepts.
 * @throws NoAnswer when it should be tried again later
 */
export async function answerDisputeAtStripe(ctx: Context, disputeId: string): Promise<Asked> {
  const dispute = await readRow(ctx, disputeId)
  const { answer, stripeDisputeId, paymentId } = dispute
  if (!answer) return 'unwanted'
  const asked = await askStripe(ctx, {
    operation: `dispute.${answer}`,
    of: 'Dispute',
    id: disputeId,
    wanted: (work) => wantsAnswer(work, disputeId, answer),
    send: (idempotencyKey) => send(dispute, idempotencyKey),
    find: async () => {
      const there = await stripe().disputes.retrieve(stripeDisputeId)
      const arrived = answer === 'accept' ? there.status === 'lost' : there.evidence_details.submission_count > 0
      return arrived ? there : null
    },
    record: async (work, answered) => {
      await applyDispute(work, paymentId, factsOf(answered))
      await answerArrived(work, disputeId)
    },
    refused: (work, { code }) => answerRefused(work, disputeId, code),
  })
  // it takes none when it is over: so it may have been decided, and nobody has told us
  if (asked === 'refused') await refreshDispute(ctx, { stripeDisputeId, paymentId })
  return asked
}

async function send({ answer, stripeDisputeId, evidence }: Dispute, idempotencyKey: string) {
  if (answer === 'accept') return await stripe().disputes.close(stripeDisputeId, {}, { idempotencyKey })
  const params = { evidence: evidenceSchema.parse(evidence), submit: true }
  return await stripe().disputes.update(stripeDisputeId, params, { idempotencyKey })
}

async function readRow(ctx: Context, id: string): Promise<Dispute> {
  const dispute = await ctx.db.read(ctx, (client) => client.dispute.findFirst({ where: { id, orgId: ctx.orgId } }))
  if (!dispute) throw notFound('There is no such dispute in your school.')
  return dispute
}
