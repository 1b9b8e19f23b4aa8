import { conflict } from '../../core/errors.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { lockBatch, lockInBatch, recountBatch, voidBatch } from './batch.ts'
import { type Candidate, candidates } from './candidates.ts'
import { goesWhereApproved } from './approved-account.ts'
import { leaveBatch, replaceLine } from './change-line.ts'
import { accountsOf } from './debts.ts'
import { changePayout } from './payout.ts'

/** Puts a payout into a batch; of one that was submitted or approved that takes everything back to draft. */
export async function addToBatch(work: UnitOfWork, payoutId: string, batchId: string): Promise<void> {
  const batch = await lockBatch(work, batchId)
  if (!['draft', 'submitted', 'approved', 'rejected'].includes(batch.status))
    throw conflict('This batch is being paid, or is over. Choose a draft.')
  const [candidate] = await candidates(work, {}, [payoutId])
  if (!candidate) throw conflict('This payout does not wait for a batch.')
  if (candidate.obstacle) throw conflict(candidate.obstacle)
  if (candidate.currency !== batch.currency)
    throw conflict(`This payout is in ${candidate.currency}, the batch is in ${batch.currency}.`)
  await voidBatch(work, batch, 'Back to draft: a payout was added.')
  await work.tx.payout.updateMany({
    where: { id: payoutId, orgId: work.orgId, status: 'pending', batchId: null },
    data: { batchId, status: 'batched', nettedCents: Math.min(await debtOf(work, candidate), candidate.amountCents) },
  })
  await recountBatch(work, batchId)
}

async function debtOf(work: UnitOfWork, { instructorId, currency }: Candidate): Promise<number> {
  const accounts = await accountsOf(work, instructorId)
  return accounts.find((one) => one.currency === currency)?.debtCents ?? 0
}

/** Takes a payout out of its batch; of one that was submitted or approved that takes everything back to draft. */
export async function removeFromBatch(work: UnitOfWork, payoutId: string): Promise<void> {
  const { payout } = await lockInBatch(work, payoutId)
  if (payout.status !== 'batched') throw conflict('This payout is in no batch that could be edited.')
  const why = 'Back to draft: a payout was taken out.'
  if (!(await leaveBatch(work, payout, { status: 'pending', why })))
    throw conflict('This batch is being paid, so nothing can be taken out of it any more.')
}

/**
 * A failed transfer is tried again; the batch is being paid once more. What would go to another account than was approved
 * waits for another batch instead, and another approval.
 * @returns whether it is being tried again
 * @throws AppError Conflict when it has not failed
 */
export async function retryPayout(work: UnitOfWork, payoutId: string): Promise<boolean> {
  const { payout, batch } = await lockInBatch(work, payoutId)
  if (payout.status !== 'failed' || !batch) throw conflict('Only a transfer that has failed can be retried.')
  const isSame = await goesWhereApproved(work, payout, batch)
  if (isSame) await changePayout(work, payout, { status: 'batched' })
  else await replaceLine(work, payout)
  return isSame
}
