import type { Database } from '../../src/core/db.ts'
import { contextOf } from './load.ts'
import type { Story } from './story.ts'

/** Questions whose answer must be no rows, each asked inside the school. */
const questions: readonly (readonly [complaint: string, query: string])[] = [
  [
    'the ledger does not add up to zero',
    'SELECT currency FROM "LedgerEntry" GROUP BY currency HAVING sum("amountCents") <> 0',
  ],
  [
    'a ledger transaction does not balance',
    'SELECT "transactionId" FROM "LedgerEntry" GROUP BY "transactionId", currency HAVING sum("amountCents") <> 0',
  ],
  ['lessons of one instructor overlap', overlaps('instructorId', 'blockedUntil')],
  ['lessons of one learner overlap', overlaps('studentId', 'endAt')],
  ['lessons with one vehicle overlap', overlaps('vehicleId', 'endAt')],
  [
    'a booking is not where its history ends',
    `SELECT b.id FROM "Booking" b WHERE b.status IS DISTINCT FROM
       (SELECT h."toStatus" FROM "LessonStateHistory" h WHERE h."bookingId" = b.id ORDER BY h."createdAt" DESC, h.id DESC LIMIT 1)`,
  ],
  [
    'a booking and its payment do not agree on the price',
    `SELECT b.id FROM "Booking" b JOIN "Payment" p ON p."bookingId" = b.id WHERE p."amountCents" <> b."priceCents"`,
  ],
  [
    'a booking has not told of all that happened to it',
    // without a join: tables that were empty a moment ago have no statistics yet
    `SELECT id FROM (SELECT id::text, version AS changes FROM "Booking" UNION ALL
                     SELECT "aggregateId", -1 FROM "Outbox" WHERE "aggregateType" = 'Booking') told
      GROUP BY id HAVING sum(changes) <> 0`,
  ],
  [
    'something that was told is not handled',
    `SELECT id FROM "Outbox" WHERE "relayedAt" IS NULL OR ("processedAt" IS NULL AND "deadAt" IS NULL)`,
  ],
  [
    'a batch is not the sum of its payouts',
    `SELECT b.id FROM "PayoutBatch" b LEFT JOIN "Payout" p ON p."batchId" = b.id GROUP BY b.id
     HAVING count(p.id) <> b."payoutCount" OR coalesce(sum(p."amountCents"), 0) <> b."totalCents"`,
  ],
  [
    'a payment does not show what was refunded',
    `SELECT p.id FROM "Payment" p LEFT JOIN "Refund" r ON r."paymentId" = p.id AND r.status = 'succeeded'
     GROUP BY p.id HAVING coalesce(sum(r."amountCents"), 0) <> p."refundedCents"`,
  ],
  [
    'a learner under 18 has a lesson without consent',
    `SELECT b.id FROM "Booking" b JOIN "Student" s ON s.id = b."studentId"
      WHERE b.status IN ('confirmed', 'in_progress', 'completed') AND s.dob > b."startAt" - interval '18 years'
        AND NOT EXISTS (SELECT FROM "Consent" c WHERE c."studentId" = s.id AND c.kind = 'minor_lessons' AND c.granted)`,
  ],
]

function overlaps(who: string, until: string): string {
  return `SELECT "${who}" FROM (
      SELECT "${who}", "startAt", lag("${until}") OVER (PARTITION BY "${who}" ORDER BY "startAt") AS before
        FROM "Booking" WHERE status NOT IN ('draft', 'cancelled') AND "${who}" IS NOT NULL) one
    WHERE "startAt" < before`
}

/** Looks at what was loaded from the database's side. @throws Error naming what is wrong, and the ids it is wrong with */
export async function verify(db: Database, { school, bookings }: Story): Promise<void> {
  const { slug, students, instructors } = school.plan
  const count = (model: string): { text: string; values: [] } => ({
    text: `SELECT count(*)::int FROM "${model}"`,
    values: [],
  })
  const asked = questions.map(([, text]) => ({ text: `${text} LIMIT 5`, values: [] }))
  const answers = await db.select(contextOf(db, school.id), [
    ...asked,
    count('Student'),
    count('Instructor'),
    count('Booking'),
  ])
  for (const [index, [complaint]] of questions.entries()) {
    const wrong = answers[index]!
    if (wrong.length > 0) throw new Error(`demo school ${slug}: ${complaint} (${wrong.flat().join(', ')})`)
  }
  const counts = answers.slice(questions.length).map((rows) => Number(rows[0]![0]))
  const expected = [students, instructors.length, bookings.length]
  if (counts.join() !== expected.join())
    throw new Error(`demo school ${slug}: ${counts.join()} rows instead of ${expected.join()}`)
}
