import { invalid } from '../../core/errors.ts'
import { valueLabel } from '../../core/labels.ts'
import { dayBounds } from '../../core/time.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { rulesOf } from '../school.ts'

/** One line of what is owed to an instructor, as the books have it. */
export interface StatementLine {
  readonly id: string
  readonly at: Date
  readonly what: string
  /** The lesson that it is about, or why it was done. */
  readonly about: string | null
  /** When that lesson was. */
  readonly lessonAt: Date | null
  /** Of the transfer at Stripe. */
  readonly reference: string | null
  /** Above zero is earned by the instructor; below went to them, or is taken off. Cents. */
  readonly cents: number
  /** What is owed after it. Cents. */
  readonly balanceCents: number
  readonly isTransfer: boolean
}

/** What a school owes an instructor, from one day to another. Amounts in cents of `currency`. */
export interface Statement {
  readonly currency: string
  readonly openingCents: number
  readonly lines: readonly StatementLine[]
  readonly closingCents: number
  readonly earnedCents: number
  readonly transferredCents: number
}

/** Days of the school's calendar, both included. */
export interface StatementPeriod {
  readonly instructorId: string
  readonly from: string
  readonly to: string
}

/** A year of lessons and more. */
export const MOST_LINES = 5_000

const WORDS: Readonly<Record<string, string>> = {
  'lesson.completed': 'Lesson',
  'booking.late_cancel_kept': 'Late cancellation',
  'booking.no_show_kept': 'No-show',
  'lesson.taken_back': 'Lesson taken back',
  'refund.approved': 'Refund to the learner',
  'refund.failed': 'Refund that came back',
  'payout.paid': 'Transfer',
  'payout.reversed': 'Transfer taken back',
  'dispute.lost': 'Dispute lost',
  'payable.adjusted': 'Adjustment',
}

interface Row {
  readonly id: string
  readonly kind: string
  readonly at: Date
  readonly cents: number
  readonly description: string | null
  readonly lessonAt: Date | null
  readonly student: string | null
  readonly transfer: string | null
}

/**
 * Straight out of the books: opening balance and lines are the closing balance, and the lines of transfers are what Stripe
 * was asked for.
 * @throws AppError Invalid for a period that ends before it begins, or that has too many lines to read
 */
export async function statementOf(work: UnitOfWork, { instructorId, from, to }: StatementPeriod): Promise<Statement> {
  if (to < from) throw invalid('The period must not end before it begins.', 'to')
  const { currency, timeZone } = await rulesOf(work)
  const [begin, end] = [dayBounds(from, timeZone)[0], dayBounds(to, timeZone)[1]]
  const openingCents = await owedBefore(work, { instructorId, currency, before: begin })
  const rows = await readRows(work, { instructorId, currency, begin, end })
  if (rows.length > MOST_LINES)
    throw invalid(`A statement has at most ${MOST_LINES.toLocaleString('en')} lines. Choose a shorter period.`, 'to')
  let balanceCents = openingCents
  const lines = rows.map(({ id, kind, at, cents, description, lessonAt, student, transfer }) => {
    balanceCents += cents
    return {
      id,
      at,
      what: WORDS[kind] ?? valueLabel(kind),
      about: student ?? description,
      lessonAt,
      reference: transfer,
      cents,
      balanceCents,
      isTransfer: kind === 'payout.paid' || kind === 'payout.reversed',
    }
  })
  const sum = (which: readonly StatementLine[]) => which.reduce((total, { cents }) => total + cents, 0)
  return {
    currency,
    openingCents,
    lines,
    closingCents: balanceCents,
    earnedCents: sum(lines.filter(({ isTransfer }) => !isTransfer)),
    transferredCents: 0 - sum(lines.filter(({ isTransfer }) => isTransfer)),
  }
}

async function owedBefore(
  { tx, orgId }: UnitOfWork,
  { instructorId, currency, before }: { instructorId: string; currency: string; before: Date },
): Promise<number> {
  const [row] = await tx.$queryRaw<{ cents: number }[]>`
    SELECT coalesce(-sum(e."amountCents"), 0)::int AS cents
      FROM "LedgerEntry" e JOIN "LedgerTransaction" t ON t.id = e."transactionId" AND t."orgId" = e."orgId"
     WHERE e."orgId" = ${orgId}::uuid AND e."instructorId" = ${instructorId}::uuid AND e.account = 'instructor_payable'
       AND e.currency = ${currency} AND t."occurredAt" < ${before}`
  return row?.cents ?? 0
}

async function readRows(
  { tx, orgId }: UnitOfWork,
  { instructorId, currency, begin, end }: { instructorId: string; currency: string; begin: Date; end: Date },
): Promise<Row[]> {
  return await tx.$queryRaw<Row[]>`
    SELECT t.id, t.kind, t."occurredAt" AS at, -sum(e."amountCents")::int AS cents, t.description,
           b."startAt" AS "lessonAt", s."fullName" AS student,
           coalesce(p."stripeTransferId", r."stripeReversalId") AS transfer
      FROM "LedgerEntry" e
      JOIN "LedgerTransaction" t ON t.id = e."transactionId" AND t."orgId" = e."orgId"
      LEFT JOIN "Booking" b ON b.id = e."bookingId" AND b."orgId" = e."orgId"
      LEFT JOIN "Student" s ON s.id = b."studentId" AND s."orgId" = e."orgId"
      LEFT JOIN "Payout" p ON t."refType" = 'Payout' AND p.id::text = t."refId" AND p."orgId" = e."orgId"
      LEFT JOIN "TransferReversal" r ON t."refType" = 'TransferReversal' AND r.id::text = t."refId" AND r."orgId" = e."orgId"
     WHERE e."orgId" = ${orgId}::uuid AND e."instructorId" = ${instructorId}::uuid AND e.account = 'instructor_payable'
       AND e.currency = ${currency} AND t."occurredAt" >= ${begin} AND t."occurredAt" < ${end}
     GROUP BY t.id, t.kind, t."occurredAt", t.description, b."startAt", s."fullName", p."stripeTransferId", r."stripeReversalId"
    HAVING sum(e."amountCents") <> 0
     ORDER BY t."occurredAt", t.id LIMIT ${MOST_LINES + 1}`
}
