import { randomUUID } from 'node:crypto'
import type { School, TestDatabase } from '../support/database.ts'

/** What nobody may find once a learner is anonymised. */
export const canaries = [
  'Zephyrine',
  'Quillfeather',
  'zephyrine.q@canary.example',
  'old.address@canary.example',
  '570 313',
  '491570313',
  '570 314',
  'QX7788990',
  'Canary Wharf',
  '33.123457',
  '151.765432',
  '2008-02-29',
  'Xylophone',
  'Cardholder',
]

const YESTERDAY = new Date(Date.now() - 26 * 3_600_000)
const places = { pickupLat: '-33.123457', pickupLng: '151.765432' }
const note = 'Zephyrine fears the Xylophone tunnel'

/** A learner who left a trace in every table where one can. @returns ids of what the tests look at */
export async function leaveTraces(test: TestDatabase, school: School) {
  const { guardianId, instructorId, people } = school
  const student = await school.add('Student', {
    fullName: 'Zephyrine Quillfeather',
    email: 'old.address@canary.example',
    phone: '0491 570 314',
    dob: '2008-02-29',
    permitNumber: 'QX7788990',
    notes: note,
  })
  const studentId = student.id
  await school.change('Student', studentId, { email: 'zephyrine.q@canary.example', phone: '0491 570 313' })
  await school.add('StudentGuardian', { studentId, guardianId, relation: 'Aunt of Zephyrine' })
  await school.add('Consent', {
    studentId,
    kind: 'gps_tracking',
    granted: true,
    documentVer: '1',
    method: 'signed Zephyrine Quillfeather',
    effectiveAt: YESTERDAY,
  })
  const words = { notes: note, pickupAddress: '7 Canary Wharf Lane', ...places }
  const booking = await school.booking({ studentId, startAt: YESTERDAY, status: 'requested', ...words })
  const bookingId = booking.id
  await school.change('Booking', bookingId, { status: 'confirmed', notes: `${note}, twice` })
  await school.change('Booking', bookingId, { status: 'in_progress' }, { override: note })
  await school.change('Booking', bookingId, { status: 'completed' })
  const about = { bookingId, toStatus: 'confirmed', reason: note, metadata: JSON.stringify({ said: note }) }
  await school.add('LessonStateHistory', about)
  await school.add('ScheduledStateTransition', { ...about, executeAt: YESTERDAY, processedAt: YESTERDAY })
  const lesson = await school.add('Lesson', { bookingId, instructorId, studentId, startedAt: YESTERDAY, notes: note })
  await school.add('Incident', {
    lessonId: lesson.id,
    occurredAt: YESTERDAY,
    severity: 'minor',
    description: `Hit a kerb near Canary Wharf: ${note}`,
  })
  const trip = await school.add('Trip', { lessonId: lesson.id, startedAt: YESTERDAY })
  await school.add('TripPoint', { tripId: trip.id, ts: YESTERDAY, lat: '-33.123457', lng: '151.765432' })
  await school.add('TravelTimeCache', {
    fromLocationHash: 'a',
    toLocationHash: 'b',
    fromLat: '-33.123457',
    fromLng: '151.765432',
    toLat: '-33.8',
    toLng: '151.2',
    drivingTimeMin: 9,
    distanceMeters: 9000,
    lastUpdated: YESTERDAY,
    cacheValidUntil: YESTERDAY,
  })
  const payment = await school.payment({ studentId, bookingId })
  await school.add('Refund', {
    paymentId: payment.id,
    bookingId,
    amountCents: 1000,
    platformFeeCents: 150,
    instructorShareCents: 850,
    status: 'failed',
    reasonCode: 'goodwill',
    reason: note,
    policySnapshot: JSON.stringify({ percent: 50, said: note }),
    idempotencyKey: randomUUID(),
  })
  await school.add('Dispute', {
    paymentId: payment.id,
    stripeDisputeId: `dp_${randomUUID()}`,
    status: 'won',
    amountCents: 8500,
    reason: 'fraudulent',
    evidence: JSON.stringify({ customer_name: 'Zephyrine Quillfeather' }),
    openedAt: YESTERDAY,
    closedAt: YESTERDAY,
  })
  const grant = await school.add('CreditGrant', {
    studentId,
    source: 'goodwill',
    minutes: 60,
    minutesLeft: 0,
    valueCents: 8500,
    valueLeft: 0,
  })
  await school.add('CreditEntry', { grantId: grant.id, minutes: -60, valueCents: -8500, reason: note })
  await school.transaction(async (run) => {
    const [posted] = await run(
      `INSERT INTO "LedgerTransaction" ("orgId", kind, "refType", "refId", "idempotencyKey", description, "occurredAt")
       VALUES ($1, 'payment', 'Payment', $2, $2, $3, now()) RETURNING id`,
      [school.orgId, payment.id, note],
    )
    for (const [account, cents] of [
      ['stripe_balance', 8500],
      ['unearned_lessons', -8500],
    ])
      await run(
        `INSERT INTO "LedgerEntry" ("orgId", "transactionId", account, "bookingId", currency, "amountCents") VALUES ($1, $2, $3, $4, 'AUD', $5)`,
        [school.orgId, posted!.id, account, bookingId, cents],
      )
  })
  const message = await school.add('Message', {
    toAddress: 'old.address@canary.example',
    channel: 'email',
    templateKey: 'booking_confirmed',
    subject: 'Your lesson, Zephyrine',
    body: `Dear Zephyrine Quillfeather, we fetch you at 7 Canary Wharf Lane`,
    recipientName: 'Zephyrine Quillfeather',
    invite: JSON.stringify({ location: '7 Canary Wharf Lane', sequence: 1 }),
    bookingId,
    studentId,
    status: 'sent',
  })
  await school.add('MessageDelivery', { messageId: message.id, detail: '250 ok <old.address@canary.example>' })
  await school.add('ContactOptOut', { address: 'zephyrine.q@canary.example', channel: 'email' })
  await school.add('ContactOptOut', { address: '+61491570313', channel: 'sms' })
  await school.add('SavedView', {
    ownerId: people.manager,
    resource: 'Student',
    name: 'The one',
    settings: JSON.stringify({ search: 'zephyrine quillfeather' }),
  })
  await school.add('ActionRun', {
    idempotencyKey: randomUUID(),
    action: 'booking.cancel',
    actorUserId: people.manager,
    inputHash: 'x',
    summary: 'Cancel: Zephyrine Quillfeather, Tue 24 Nov',
    request: JSON.stringify({ ids: [bookingId], title: 'Zephyrine Quillfeather', typed: { reason: note } }),
    status: 'succeeded',
  })
  await school.add('Outbox', {
    topic: 'booking.cancelled',
    aggregateType: 'Booking',
    aggregateId: bookingId,
    aggregateVersion: 99,
    payload: JSON.stringify({ bookingId, reason: note }),
    availableAt: YESTERDAY,
    processedAt: YESTERDAY,
  })
  const imported = await school.add('DataImport', {
    model: 'Student',
    fileName: 'learners.csv',
    encoding: 'UTF-8',
    separator: ',',
    header: '[]',
    rowsTotal: 1,
    createdById: people.manager,
  })
  await school.add('DataImportRow', {
    importId: imported.id,
    number: 2,
    cells: JSON.stringify(['Zephyrine Quillfeather', '0491 570 313']),
  })
  const elsewhere = 'Asked to share a car with Zephyrine Quillfeather'
  const other = await school.change('Student', school.studentId, { notes: elsewhere })
  await school.add('AvailabilityException', {
    instructorId,
    date: '2031-01-07',
    isAvailable: false,
    note: 'Test day of Zephyrine Quillfeather',
  })
  await school.run('SELECT audit_event($1, $2, $3, NULL, $4, $5, $4, NULL, $6)', [
    school.orgId,
    people.manager,
    'student.export',
    'request-1',
    'Student',
    { filters: { search: 'zephyrine quillfeather' }, rows: 1, sha256: 'ab12' },
  ])
  // whoever writes as the worker does, or as sign-in does
  const paid = (await school.run('SELECT "stripePaymentIntentId" AS id FROM "Payment" WHERE id = $1', [payment.id]))[0]!
  await test.console(
    'superuser',
    `INSERT INTO "WebhookEvent" ("orgId", provider, "eventType", "eventId", payload, "receivedAt", status) VALUES ($1, 'stripe',
       'payment_intent.succeeded', $2, $3, now(), 'processed')`,
    [
      school.orgId,
      randomUUID(),
      {
        id: 'evt_1',
        type: 'payment_intent.succeeded',
        data: { object: { id: paid.id, amount: 8500, billing_details: { name: 'Cardholder Q' } } },
      },
    ],
  )
  await test.console(
    'superuser',
    `INSERT INTO auth.link (hash, purpose, "orgId", email, "fullName", role, "expiresAt") VALUES ($1, 'invitation', $2, 'Zephyrine.Q@canary.example', 'Zephyrine Quillfeather', 'manager', now())`,
    ['c'.repeat(64), school.orgId],
  )
  await test.console('superuser', `SELECT outbox.prepare_part('2026-01-05')`)
  await test.console(
    'superuser',
    `INSERT INTO outbox.archived_event (id, "orgId", seq, topic, "aggregateType", "aggregateId", "aggregateVersion", "schemaVersion", payload, "createdAt", deliveries)
       VALUES ($1, $2, 1, 'booking.cancelled', 'Booking', $3, 98, 1, $4, '2026-01-05', '[{"error": "550 zephyrine.q@canary.example"}]')`,
    [randomUUID(), school.orgId, bookingId, { bookingId, reason: note }],
  )
  const job = { orgId: school.orgId, data: { email: 'zephyrine.q@canary.example' } }
  await test.console(
    'superuser',
    'INSERT INTO outbox.paused_job (id, "orgId", queue, message) VALUES ($1, $2, $3, $4)',
    [randomUUID(), school.orgId, 'sign-in-link.send', job],
  )
  // its queue is made by the worker that first has such a job
  await test.console(
    'superuser',
    `SET session_replication_role = replica;
     INSERT INTO pgboss.job_common (name, data, output) VALUES ('any.job', '${JSON.stringify(job)}', '{"message": "Zephyrine Quillfeather"}')`,
  )
  return { studentId, bookingId, lessonId: lesson.id, paymentId: payment.id, tripId: trip.id, otherId: other.id }
}

/** Every table of every schema in which one of the canaries stands somewhere in a row. */
export async function foundIn(test: TestDatabase, words: readonly string[] = canaries): Promise<string[]> {
  const tables = await test.console(
    'superuser',
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'm') AND n.nspname !~ '^(pg_|information_schema)' ORDER BY 1`,
  )
  const found: string[] = []
  for (const { name } of tables as unknown as { name: string }[]) {
    const rows = await test.console(
      'superuser',
      `SELECT w FROM unnest($1::text[]) w WHERE EXISTS (SELECT FROM ${name} t WHERE t::text ILIKE '%' || w || '%')`,
      [words],
    )
    found.push(...rows.map(({ w }) => `${name}: ${w as string}`))
  }
  return found
}
