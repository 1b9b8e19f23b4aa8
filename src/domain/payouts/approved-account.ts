import type { UnitOfWork } from '../../core/unit-of-work.ts'
import type { Batch } from './batch.ts'
import type { Payout } from './payout.ts'

/** Whether the instructor still has the account that stood in the batch when somebody approved it. */
export async function goesWhereApproved(work: UnitOfWork, payout: Payout, { lines }: Batch): Promise<boolean> {
  if (!Array.isArray(lines)) return true
  const line = lines.find((one) => (one as { payout?: string } | null)?.payout === payout.id)
  const where = { id: payout.instructorId, orgId: work.orgId }
  const { stripeAccountId } = await work.tx.instructor.findFirstOrThrow({ where, select: { stripeAccountId: true } })
  return (line as { account?: string | null } | undefined)?.account === stripeAccountId
}
