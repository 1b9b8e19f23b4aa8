import type { BankPayoutStatus } from '@prisma/client'
import type Stripe from 'stripe'
import type { Context } from '../core/context.ts'
import type { UnitOfWork } from '../core/unit-of-work.ts'
import { applyBankPayout, type BankPayoutFacts } from '../domain/payouts/apply-bank-payout.ts'
import { stripe } from '../services/stripe.ts'

const STATUSES: Readonly<Record<string, BankPayoutStatus>> = {
  pending: 'pending',
  in_transit: 'in_transit',
  paid: 'paid',
  failed: 'failed',
  canceled: 'canceled',
}

/**
 * Looks at Stripe where a transfer from an instructor's account to their bank stands, and which of our transfers are in it.
 * @param also what belongs into the same transaction
 */
export async function refreshBankPayout(
  ctx: Context,
  { instructorId, account, payout }: { instructorId: string; account: string; payout: string },
  also: (work: UnitOfWork) => Promise<void>,
): Promise<void> {
  const facts = await readBankPayout(account, payout)
  await ctx.db.transaction(ctx, async (tx) => {
    const work = { ...ctx, tx }
    await applyBankPayout(work, instructorId, facts)
    await also(work)
  })
}

async function readBankPayout(stripeAccount: string, id: string): Promise<BankPayoutFacts> {
  const payout = await stripe().payouts.retrieve(id, {}, { stripeAccount })
  const status = STATUSES[payout.status]
  if (!status) throw new Error(`a payout is ${payout.status}, which this program does not know`)
  return {
    id,
    status,
    amountCents: payout.amount,
    currency: payout.currency.toUpperCase(),
    arrivesOn: new Date(payout.arrival_date * 1000),
    failureCode: payout.failure_code,
    failureReason: payout.failure_message,
    // Stripe tells what is in those that it makes by itself
    transferIds: payout.automatic ? await transfersIn(stripeAccount, id) : [],
  }
}

async function transfersIn(stripeAccount: string, payout: string): Promise<string[]> {
  const found: string[] = []
  const lines = stripe().balanceTransactions.list({ payout, limit: 100, expand: ['data.source'] }, { stripeAccount })
  for await (const { source } of lines) {
    const transfer = transferOf(source)
    if (transfer) found.push(transfer)
  }
  return found
}

/** A transfer arrives in an account as a charge of its own. */
function transferOf(source: Stripe.BalanceTransaction['source']): string | null {
  if (source === null || typeof source === 'string') return null
  if (source.object === 'transfer') return source.id
  if (source.object !== 'charge' || !source.source_transfer) return null
  return typeof source.source_transfer === 'string' ? source.source_transfer : source.source_transfer.id
}
