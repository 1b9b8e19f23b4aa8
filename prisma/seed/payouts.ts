import type { PayoutBatchStatus } from '@prisma/client'
import type { Earned } from './earnings.ts'
import { post } from './ledger.ts'
import type { Row } from './rows.ts'
import { dateOf, earlier, minutesAfter, type School } from './school.ts'
import { WEEKS } from './schools.ts'
import type { Staff } from './team.ts'

/** Where the batches of the latest weeks stand; all before were paid. */
const standing: Readonly<Record<string, Readonly<Record<number, PayoutBatchStatus>>>> = {
  'harbour-city': { [-7]: 'partially_failed', [-2]: 'submitted', [-1]: 'draft' },
  'river-city': { [-1]: 'draft' },
  torrens: { [-1]: 'submitted' },
}

/** One batch a week: built on Wednesday by finance, approved by the owner on Thursday, and then paid. */
export function addBatches(school: School, earned: readonly Earned[], staff: Staff): void {
  for (let week = -WEEKS.past; week < 0; week++) {
    const monday = school.monday.plus({ weeks: week })
    const builtAt = earlier(monday.plus({ weeks: 1, days: 2, hours: 10 }).toJSDate(), school.minutesAgo(50))
    const lines = earned.filter(
      ({ row, week: of, paid }) =>
        of === week &&
        row.status === 'pending' &&
        row.availableAt <= builtAt &&
        paid.booked.instructor.plan.onboarded !== false,
    )
    if (lines.length === 0) continue
    const status = standing[school.plan.slug]?.[week] ?? 'paid'
    const batch = addBatch(school, staff, { week, builtAt, status, payouts: lines.map(({ row }) => row) })
    const paidAt = status === 'paid' || status === 'partially_failed' ? minutesAfter(batch.approvedAt as Date, 5) : null
    for (const [index, line] of lines.entries()) {
      const fails = status === 'partially_failed' && index === FAILED_LINE
      addToBatch(school, line, { batchId: batch.id!, paidAt, fails })
    }
  }
}

const FAILED_LINE = 3

interface Batch {
  week: number
  builtAt: Date
  status: PayoutBatchStatus
  payouts: readonly Row<'Payout'>[]
}

function addBatch(school: School, staff: Staff, { week, builtAt, status, payouts }: Batch): Row<'PayoutBatch'> {
  const monday = school.monday.plus({ weeks: week })
  const submittedAt = status === 'draft' ? null : minutesAfter(builtAt, 25)
  const approvedAt = status === 'paid' || status === 'partially_failed' ? minutesAfter(builtAt, 25 * 60) : null
  return school.rows.add('PayoutBatch', {
    id: school.newId(`batch/${week}`, builtAt),
    orgId: school.id,
    number: week + WEEKS.past + 1,
    periodStart: dateOf(monday),
    periodEnd: dateOf(monday.plus({ days: 6 })),
    currency: 'AUD',
    status,
    payoutCount: payouts.length,
    totalCents: payouts.reduce((cents, payout) => cents + payout.amountCents, 0),
    createdById: staff.finance,
    submittedAt,
    approvedById: approvedAt ? staff.owner : null,
    approvedAt,
    createdAt: builtAt,
    updatedAt: approvedAt ? minutesAfter(approvedAt, 10) : (submittedAt ?? builtAt),
  })
}

function addToBatch(
  school: School,
  { row, paid }: Earned,
  to: { batchId: string; paidAt: Date | null; fails: boolean },
): void {
  row.batchId = to.batchId
  row.status = 'batched'
  if (!to.paidAt) return
  row.updatedAt = to.paidAt
  if (to.fails) {
    row.status = 'failed'
    row.failureCode = 'account_invalid'
    row.failureReason = 'The instructor’s Stripe account could not be paid to.'
    return
  }
  row.status = 'paid'
  row.paidAt = to.paidAt
  row.stripeTransferId = school.stripeId('tr', row.id!)
  post(school, {
    kind: 'payout.paid',
    about: { model: 'Payout', id: row.id!, bookingId: paid.booked.id },
    at: to.paidAt,
    lines: [
      { account: 'instructor_payable', cents: row.amountCents, instructorId: row.instructorId },
      { account: 'stripe_balance', cents: -row.amountCents },
    ],
  })
}
