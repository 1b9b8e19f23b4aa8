import type Stripe from 'stripe'
import { type Context, isUuid } from '../core/context.ts'
import { conflict } from '../core/errors.ts'
import type { UnitOfWork } from '../core/unit-of-work.ts'
import { lockInBatch } from '../domain/payouts/batch.ts'
import { transferCents } from '../domain/payouts/payout.ts'
import { recordTransfer } from '../domain/payouts/transfer-payout.ts'
import { importReversal, recordReversal } from '../domain/payouts/reverse-payout.ts'
import { stripe } from '../services/stripe.ts'

interface Told {
  /** Not known yet when Stripe's news is faster than its answer. */
  readonly payoutId: string | undefined
  readonly transferId: string
}

/**
 * Looks at Stripe how a transfer stands, and what of it was taken back: by us, or in the dashboard.
 * @param also what belongs into the same transaction
 * @throws AppError Conflict when it is another sum than was asked for, or of no payout
 */
export async function refreshTransfer(
  ctx: Context,
  { payoutId: known, transferId }: Told,
  also: (work: UnitOfWork) => Promise<void>,
): Promise<void> {
  const transfer = await stripe().transfers.retrieve(transferId)
  const payoutId = known ?? transfer.metadata.payoutId
  if (!isUuid(payoutId)) throw conflict('This transfer was made past this program: it belongs to no payout.')
  const reversals: Stripe.TransferReversal[] = []
  for await (const reversal of stripe().transfers.listReversals(transferId, { limit: 100 })) reversals.push(reversal)
  await ctx.db.transaction(ctx, async (tx) => {
    const work = { ...ctx, tx }
    const { payout } = await lockInBatch(work, payoutId)
    if (transfer.amount !== transferCents(payout) || transfer.currency.toUpperCase() !== payout.currency)
      throw conflict(
        `Stripe has transferred ${transfer.amount} cents ${transfer.currency.toUpperCase()} where ${transferCents(payout)} cents ${payout.currency} were agreed.`,
      )
    if (!payout.stripeTransferId) await recordTransfer(work, payoutId, transferId)
    else if (payout.stripeTransferId !== transferId) throw conflict('This payout has another transfer already.')
    for (const reversal of reversals.toReversed()) await takeIn(work, payoutId, reversal)
    await also(work)
  })
}

async function takeIn(work: UnitOfWork, payoutId: string, { id, amount, metadata }: Stripe.TransferReversal) {
  const own = metadata?.reversalId
  const where = { id: own ?? '', payoutId, orgId: work.orgId }
  if (isUuid(own) && (await work.tx.transferReversal.count({ where })) === 1) await recordReversal(work, own, id)
  else await importReversal(work, payoutId, { stripeReversalId: id, amountCents: amount })
}
