import { nowOf } from '../../core/context.ts'
import { conflict, invalid } from '../../core/errors.ts'
import { dayOf } from '../../core/time.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { balancesOf } from '../ledger/balances.ts'
import { rulesOf } from '../school.ts'
import { type Batch, recountBatch } from './batch.ts'
import { type Candidate, candidates, type Period } from './candidates.ts'
import { accountsOf } from './debts.ts'
import { type LeftOut, reasonsOf } from './left-out.ts'

/** A payout that is in a batch, with what of it goes against the instructor's debts. */
export interface Chosen extends Candidate {
  readonly nettedCents: number
}

export interface Built {
  readonly batch: Batch
  readonly chosen: readonly Chosen[]
  readonly leftOut: readonly LeftOut[]
}

/**
 * Puts everything that can be paid into a new batch, a draft: debts of instructors go against what is due to them.
 * @throws AppError Conflict when nothing can be paid, with the reasons; Invalid for a period that ends before it begins
 */
export async function buildBatch(work: UnitOfWork, period: Period): Promise<Built> {
  const { orgId, tx } = work
  if (period.from && period.to && period.to < period.from)
    throw invalid('The period must not end before it begins.', 'to')
  // two who build at once: the second finds what the first has left
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`payout-batch:${orgId}`}, 0))::text`
  const { currency, timeZone } = await rulesOf(work)
  const all = await candidates(work, period)
  const { payable, leftOut } = await sorted(work, all, currency)
  if (payable.length === 0) throw conflict(nothingToPay(leftOut))
  const chosen = await netted(work, payable)
  const today = dayOf(nowOf(work), timeZone)
  const days = chosen.map(({ day }) => day).toSorted()
  const last = await tx.payoutBatch.aggregate({ where: { orgId }, _max: { number: true } })
  const { id } = await tx.payoutBatch.create({
    data: {
      orgId,
      number: (last['_max'].number ?? 0) + 1,
      periodStart: new Date(period.from ?? days[0] ?? today),
      periodEnd: new Date(period.to ?? days.at(-1) ?? today),
      currency,
      createdById: personOf(work),
      createdAt: nowOf(work),
    },
  })
  for (const { id: payoutId, nettedCents } of chosen)
    await tx.payout.updateMany({
      where: { id: payoutId, orgId, status: 'pending', batchId: null },
      data: { batchId: id, status: 'batched', nettedCents },
    })
  await recountBatch(work, id)
  return { batch: await tx.payoutBatch.findFirstOrThrow({ where: { id, orgId } }), chosen, leftOut }
}

function personOf({ userId }: UnitOfWork): string {
  if (!userId) throw new Error('a batch is built by a person')
  return userId
}

function nothingToPay(leftOut: readonly LeftOut[]): string {
  if (leftOut.length === 0) return 'There is nothing to pay in this period.'
  return [`None of the ${leftOut.length} payouts can be paid yet.`, ...reasonsOf(leftOut)].join('\n')
}

/** What did not come in by card is paid out of the school's own balance at Stripe, never out of another school's. */
async function sorted(
  work: UnitOfWork,
  all: readonly Candidate[],
  currency: string,
): Promise<{ payable: Candidate[]; leftOut: LeftOut[] }> {
  let balance = await unreservedBalance(work, currency)
  const payable: Candidate[] = []
  const leftOut: LeftOut[] = []
  // cards first: their money is there
  for (const one of all.toSorted((a, b) => Number(b.isFromCard) - Number(a.isFromCard))) {
    const obstacle =
      one.obstacle ??
      (one.currency === currency ? null : `It is in ${one.currency}, the batch is in ${currency}.`) ??
      (one.isFromCard || one.amountCents <= balance ? null : NO_BALANCE)
    if (obstacle) leftOut.push({ ...one, obstacle })
    else {
      payable.push(one)
      balance -= one.amountCents
    }
  }
  return { payable, leftOut }
}

const NO_BALANCE = 'It was not paid by card, and the school’s balance at Stripe does not cover it.'

/** What the school has at Stripe by its books, without what is already in batches. Cents. */
async function unreservedBalance(work: UnitOfWork, currency: string): Promise<number> {
  const balances = await balancesOf(work)
  const atStripe = balances.find((one) => one.account === 'stripe_balance' && one.currency === currency)?.cents ?? 0
  const inBatches = await work.tx.payout.aggregate({
    where: { orgId: work.orgId, currency, status: { in: ['batched', 'submitting', 'unknown'] } },
    _sum: { amountCents: true },
  })
  return atStripe - (inBatches['_sum'].amountCents ?? 0)
}

/** The oldest payouts of an instructor bear the debt first. */
async function netted(work: UnitOfWork, payable: readonly Candidate[]): Promise<Chosen[]> {
  const debts = new Map(
    (await accountsOf(work)).map(({ instructorId, currency, debtCents }) => [`${instructorId} ${currency}`, debtCents]),
  )
  return payable
    .toSorted((a, b) => (a.day < b.day ? -1 : 1))
    .map((one) => {
      const key = `${one.instructorId} ${one.currency}`
      const nettedCents = Math.min(debts.get(key) ?? 0, one.amountCents)
      debts.set(key, (debts.get(key) ?? 0) - nettedCents)
      return { ...one, nettedCents }
    })
}
