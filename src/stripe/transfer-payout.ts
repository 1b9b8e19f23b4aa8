import type Stripe from 'stripe'
import type { Context } from '../core/context.ts'
import { transferCents } from '../domain/payouts/payout.ts'
import {
  noteUnknown,
  readTransfer,
  recordTransfer,
  refuseTransfer,
  type Transfer,
  wantsTransfer,
} from '../domain/payouts/transfer-payout.ts'
import { stripe } from '../services/stripe.ts'
import { type Asked, askStripe, NoAnswer } from './ask.ts'
import { groupOf } from './intents.ts'

/**
 * Has Stripe transfer an approved payout to its instructor, once.
 * @throws NoAnswer when it should be tried again later
 */
export async function transferPayoutAtStripe(ctx: Context, payoutId: string): Promise<Asked> {
  const read = () => ctx.db.transaction(ctx, (tx) => readTransfer({ ...ctx, tx }, payoutId))
  const question = {
    operation: 'payout.transfer',
    of: 'Payout' as const,
    id: payoutId,
    wanted: (work: Parameters<typeof wantsTransfer>[0]) => wantsTransfer(work, payoutId),
    // it is under way from here on, so that nothing of it can change any more
    send: async (idempotencyKey: string) => stripe().transfers.create(transferOf(await read()), { idempotencyKey }),
    find: async () => await findTransfer(await read()),
    record: (work: Parameters<typeof recordTransfer>[0], { id }: Stripe.Transfer) => recordTransfer(work, payoutId, id),
    refused: (work: Parameters<typeof refuseTransfer>[0], failure: Parameters<typeof refuseTransfer>[2]) =>
      refuseTransfer(work, payoutId, failure),
  }
  const unknown = () => ctx.db.transaction(ctx, (tx) => noteUnknown({ ...ctx, tx }, payoutId))
  try {
    const asked = await askStripe(ctx, question)
    if (asked === 'stuck') await unknown()
    return asked
  } catch (error) {
    if (error instanceof NoAnswer) await unknown()
    throw error
  }
}

/** What a transfer is asked for with; it says the same for a payout every time. */
function transferOf({ payout, destination, sourceChargeId }: Transfer): Stripe.TransferCreateParams {
  const { id, orgId, bookingId, paymentId, currency } = payout
  const group = bookingId ? groupOf({ bookingId, id: paymentId ?? id }) : undefined
  return {
    amount: transferCents(payout),
    currency: currency.toLowerCase(),
    destination,
    ...(sourceChargeId ? { source_transaction: sourceChargeId } : {}),
    ...(group ? { transfer_group: group } : {}),
    metadata: { payoutId: id, bookingId: bookingId ?? '', orgId },
  }
}

/** The transfers to the instructor of the days since, by what we told Stripe about them. */
async function findTransfer({ payout, destination }: Transfer): Promise<Stripe.Transfer | null> {
  const since = Math.floor(payout.createdAt.getTime() / 1000)
  for await (const transfer of stripe().transfers.list({ destination, created: { gte: since }, limit: 100 }))
    if (transfer.metadata.payoutId === payout.id) return transfer
  return null
}
