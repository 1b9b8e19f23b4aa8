import type Stripe from 'stripe'
import type { Context } from '../core/context.ts'
import { noteReversalUnknown, recordReversal, refuseReversal, wantsReversal } from '../domain/payouts/reverse-payout.ts'
import { stripe } from '../services/stripe.ts'
import { type Asked, askStripe, NoAnswer } from './ask.ts'

/**
 * Has Stripe take part of a transfer back, once.
 * @throws NoAnswer when it should be tried again later
 */
export async function reversePayoutAtStripe(ctx: Context, reversalId: string): Promise<Asked> {
  const { transferId, amountCents } = await readReversal(ctx, reversalId)
  // it comes back here when the transfer is made
  if (!transferId) return 'unwanted'
  const unknown = () => ctx.db.transaction(ctx, (tx) => noteReversalUnknown({ ...ctx, tx }, reversalId))
  try {
    const asked = await askStripe(ctx, {
      operation: 'payout.reverse',
      of: 'TransferReversal',
      id: reversalId,
      wanted: (work) => wantsReversal(work, reversalId),
      send: (idempotencyKey) =>
        stripe().transfers.createReversal(
          transferId,
          { amount: amountCents, metadata: { reversalId, orgId: ctx.orgId } },
          { idempotencyKey },
        ),
      find: () => findReversal(transferId, reversalId),
      record: (work, { id }) => recordReversal(work, reversalId, id),
      refused: (work, failure) => refuseReversal(work, reversalId, failure),
    })
    if (asked === 'stuck') await unknown()
    return asked
  } catch (error) {
    if (error instanceof NoAnswer) await unknown()
    throw error
  }
}

async function readReversal(ctx: Context, id: string): Promise<{ transferId: string | null; amountCents: number }> {
  const { payout, amountCents } = await ctx.db.read(ctx, (client) =>
    client.transferReversal.findFirstOrThrow({
      where: { id, orgId: ctx.orgId },
      select: { amountCents: true, payout: { select: { stripeTransferId: true } } },
    }),
  )
  return { transferId: payout.stripeTransferId, amountCents }
}

async function findReversal(transferId: string, reversalId: string): Promise<Stripe.TransferReversal | null> {
  for await (const reversal of stripe().transfers.listReversals(transferId, { limit: 100 }))
    if (reversal.metadata?.reversalId === reversalId) return reversal
  return null
}
