import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { sealAudit } from '../../src/domain/audit/seal.ts'
import { verifyAudit } from '../../src/domain/audit/verify.ts'
import { anonymise } from '../../src/domain/privacy/anonymise.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import { foundIn, leaveTraces } from './canaries.ts'
import { does, openSchool } from './scheduling.ts'
import type { School } from '../support/school.ts'

let database: TestDatabase
let db: Database
let harbour: School
let traces: Awaited<ReturnType<typeof leaveTraces>>
let before: Awaited<ReturnType<typeof money>>

const money = async () => ({
  bookings: await harbour.run('SELECT id, "startAt", "endAt", status, "priceCents" FROM "Booking" ORDER BY id'),
  payments: await harbour.run('SELECT id, "amountCents", status, "stripePaymentIntentId" FROM "Payment" ORDER BY id'),
  ledger: await harbour.run('SELECT * FROM "LedgerEntry" ORDER BY id'),
})
const verified = async () => {
  for await (const check of verifyAudit(db, { marks: new Map() })) if (check.orgId === harbour.orgId) return check
  throw new Error('no check')
}

/** The sealer waits for every transaction of the server, also of tests beside this one. */
const sealAll = async () => {
  for (;;) {
    await sealAudit(db)
    if ((await harbour.run('SELECT 1 FROM "AuditLog" WHERE hash IS NULL LIMIT 1')).length === 0) return
  }
}

/** A run that one person asked for and another agreed to. */
async function agreed(model: string, id: string, approvedBy = harbour.people.owner): Promise<string> {
  const idempotencyKey = randomUUID()
  await harbour.add('ActionRun', {
    idempotencyKey,
    action: `${model.toLowerCase()}.anonymise`,
    actorUserId: harbour.people.compliance,
    recordType: model,
    recordId: id,
    inputHash: 'x',
    status: 'succeeded',
    approvers: 'owner',
    approvedById: approvedBy,
  })
  return idempotencyKey
}

/** Seals what there is as it was sealed before rows could forget. */
const sealInTheFirstFormat = () =>
  database.console(
    'superuser',
    `DO $$ DECLARE l "AuditLog"; previous text; n int := 0; part regclass; BEGIN
      FOR part IN SELECT relid FROM pg_partition_tree('"AuditLog"') LOOP EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', part); END LOOP;
      previous := encode(sha256(convert_to('DriveFlow ${harbour.orgId}', 'UTF8')), 'hex');
      FOR l IN SELECT * FROM "AuditLog" WHERE "orgId" = '${harbour.orgId}' ORDER BY tx, seq LOOP
        n := n + 1; l.number := n; l."prevHash" := previous; l.format := 1;
        previous := encode(sha256(convert_to(previous || audit.content(l), 'UTF8')), 'hex');
        UPDATE "AuditLog" SET number = n, "prevHash" = l."prevHash", hash = previous WHERE id = l.id;
      END LOOP;
      INSERT INTO audit.head ("orgId", number, seq, hash) VALUES ('${harbour.orgId}', n, l.seq, previous);
      FOR part IN SELECT relid FROM pg_partition_tree('"AuditLog"') LOOP EXECUTE format('ALTER TABLE %s ENABLE TRIGGER USER', part); END LOOP;
    END $$`,
  )

beforeAll(async () => {
  database = await cloneDatabase()
  harbour = await openSchool(database)
  db = await openDatabase(database.url, { max: 6 })
  traces = await leaveTraces(database, harbour)
  await sealInTheFirstFormat()
  // and what came since, as it is sealed now
  for (const day of ['Mondays', 'Tuesdays'])
    await harbour.change('Student', traces.studentId, { notes: `Xylophone lessons on ${day}, says Zephyrine` })
  await sealAll()
  await harbour.change('Booking', traces.bookingId, { notes: 'Not sealed yet: Zephyrine' })
  before = await money()
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

test('the canaries are where they would be missed', async () => {
  const found = (await foundIn(database)).map((one) => one.split(':')[0])
  expect(new Set(found).size).toBeGreaterThan(22)
  expect((await verified()).bad).toBeUndefined()
})

describe('nobody is anonymised', () => {
  const student = () => ({ model: 'Student', id: traces.studentId }) as const

  test('by one person alone, nor by somebody else’s agreement', async () => {
    await expect(does(db, harbour, (work) => anonymise(work, student(), randomUUID()))).rejects.toMatchObject({
      kind: 'Forbidden',
    })
    const key = await agreed('Student', harbour.studentId)
    await expect(does(db, harbour, (work) => anonymise(work, student(), key))).rejects.toMatchObject({
      kind: 'Forbidden',
    })
  })

  test('while something of theirs is open, with every reason', async () => {
    const booking = await harbour.booking({ studentId: traces.studentId })
    const payment = await harbour.payment({
      studentId: traces.studentId,
      bookingId: booking.id,
      status: 'processing',
      succeededAt: null,
    })
    const key = await agreed('Student', traces.studentId)
    await expect(does(db, harbour, (work) => anonymise(work, student(), key))).rejects.toThrow(
      'Zephyrine Quillfeather cannot be anonymised yet: one lesson is not over; one payment is open. Settle that first, then ask again.',
    )
    await harbour.change('Payment', payment.id, { status: 'failed' })
    await harbour.change('Booking', booking.id, {
      status: 'cancelled',
      cancelledAt: new Date(),
      cancellationReason: 'Ill',
    })
    before = await money()
  })
})

test('an anonymised learner is found nowhere in the database, while money, ledger and chain stay', async () => {
  const key = await agreed('Student', traces.studentId)
  const counts = await does(db, harbour, (work) => anonymise(work, { model: 'Student', id: traces.studentId }, key))
  expect(counts).toMatchObject({ Student: 2, Booking: 2, AuditLog: expect.any(Number) })
  expect(await foundIn(database)).toEqual([])
  expect(await money()).toEqual(before)
  const unbalanced = await harbour.run(
    'SELECT "transactionId" FROM "LedgerEntry" GROUP BY 1 HAVING sum("amountCents") <> 0',
  )
  expect(unbalanced).toEqual([])
  await sealAll()
  const check = await verified()
  expect(check.bad).toBeUndefined()
  expect(check.redacted).toBeGreaterThan(15)
})

describe('afterwards', () => {
  const superuser = (text: string) => database.console('superuser', text)
  const offGuard = async (...statements: string[]) => {
    const guard = (how: string) =>
      superuser(`DO $$ DECLARE part regclass; BEGIN FOR part IN SELECT relid FROM pg_partition_tree('"AuditLog"') LOOP
        EXECUTE format('ALTER TABLE %s ${how} TRIGGER USER', part); END LOOP; END $$`)
    await guard('DISABLE')
    for (const statement of statements) await superuser(statement)
    await guard('ENABLE')
  }
  const emptied = async (format: number) =>
    (
      await superuser(
        `SELECT id, number, before::text, after::text FROM "AuditLog" WHERE redaction IS NOT NULL AND format = ${format}
          AND after IS NOT NULL AND action LIKE '%.update' AND after ? 'notes' ORDER BY number DESC LIMIT 1`,
      )
    )[0]!
  const bad = async () => (await verified()).bad

  test('who changes what is left of a row is named, in both formats', async () => {
    for (const format of [1, 2]) {
      const { id, number, after } = await emptied(format)
      await offGuard(`UPDATE "AuditLog" SET after = after || '{"notes": "made up"}' WHERE id = '${id}'`)
      expect(await bad()).toMatchObject({
        number,
        what: expect.stringContaining('no sealed row says so, or it was changed since'),
      })
      await offGuard(`UPDATE "AuditLog" SET after = '${after as string}' WHERE id = '${id}'`)
    }
    expect(await bad()).toBeUndefined()
  })

  test('who takes something out without a sealed row that says so is named', async () => {
    const [{ id, number, after, act }] = (await superuser(
      `SELECT id, number, after::text, (SELECT id FROM "AuditLog" WHERE action = 'auditLog.redact') AS act FROM "AuditLog"
        WHERE redaction IS NULL AND format = 1 AND action = 'service.create' LIMIT 1`,
    )) as unknown as [Record<string, string>]
    await offGuard(
      `UPDATE "AuditLog" SET after = after || '{"name": "[removed]"}', redaction = '${act}' WHERE id = '${id}'`,
    )
    expect(await bad()).toMatchObject({ number })
    await offGuard(`UPDATE "AuditLog" SET after = '${after}', redaction = NULL WHERE id = '${id}'`)
    expect(await bad()).toBeUndefined()
  })

  test('the rest of a row of the second format is proven by its own seal, whatever a redaction claims', async () => {
    const { id, number } = await emptied(2)
    await offGuard(`UPDATE "AuditLog" SET action = 'student.delete' WHERE id = '${id}'`)
    expect(await bad()).toMatchObject({ number, what: 'was changed after it was sealed' })
    await offGuard(`UPDATE "AuditLog" SET action = 'student.update' WHERE id = '${id}'`)
    await offGuard(`UPDATE "AuditLog" SET format = 1 WHERE id = '${id}'`)
    expect(await bad()).toMatchObject({ number, what: expect.stringContaining('older way') })
    await offGuard(`UPDATE "AuditLog" SET format = 2 WHERE id = '${id}'`)
    expect(await bad()).toBeUndefined()
  })

  test('the logs stay closed: to the app, the worker, the owner, and who takes on the role that may', async () => {
    const statements = [
      `UPDATE "LessonStateHistory" SET reason = '[removed]'`,
      `UPDATE "LedgerTransaction" SET description = '[removed]'`,
      `UPDATE "Consent" SET method = '[removed]'`,
      `UPDATE "AuditLog" SET reason = '[removed]', salt = NULL`,
    ]
    for (const statement of statements) {
      const table = /"(\w+)"/.exec(statement)![1]!
      const before = await superuser(`SELECT * FROM "${table}" ORDER BY id`)
      await expect(harbour.run(statement)).rejects.toMatchObject({ code: '42501' })
      const asWorker = database.transaction({ org_id: harbour.orgId }, async (run) => {
        await run('SET LOCAL ROLE driveflow_worker')
        return run(statement)
      })
      await expect(asWorker).rejects.toMatchObject({ code: '42501' })
      await database.console('owner', statement).catch(() => {})
      const asAudit = `BEGIN; SET LOCAL ROLE driveflow_audit; SELECT set_config('app.org_id', '${harbour.orgId}', true); ${statement}; COMMIT`
      await expect(database.console('owner', asAudit)).rejects.toMatchObject({ code: '42501' })
      expect(await superuser(`SELECT * FROM "${table}" ORDER BY id`)).toEqual(before)
    }
    await expect(
      harbour.run(`SELECT audit_event($1, NULL, 'auditLog.redact', NULL, NULL, 'Student', 'x')`, [harbour.orgId]),
    ).rejects.toMatchObject({ code: '42501' })
  })

  test('not even with two people’s agreement is an amount, a state or a reference taken out, nor twice for one run', async () => {
    const { id } = await harbour.add('Student', { fullName: 'Somebody New' })
    const runOf = async (key: string) =>
      (await harbour.run('SELECT id FROM "ActionRun" WHERE "idempotencyKey" = $1', [key]))[0]!.id
    const redact = async (key: string, rows: object[]) =>
      harbour.run(
        'SELECT audit.redact_person($1, $2, $3, $4)',
        [await runOf(key), 'Student', id, { rows, terms: [] }],
        {
          user_id: harbour.people.owner,
          actor_kind: 'user',
        },
      )
    const key = await agreed('Student', id)
    for (const [model, column] of [
      ['Booking', 'priceCents'],
      ['Payment', 'status'],
      ['Booking', 'studentId'],
      ['Booking', 'startAt'],
    ])
      await expect(redact(key, [{ model, ids: [traces.bookingId], columns: [column] }])).rejects.toMatchObject({
        code: '42501',
      })
    await expect(
      redact(key, [{ model: 'OrgSettings', ids: [harbour.orgId], columns: ['linkKey'] }]),
    ).rejects.toMatchObject({ code: '42501' })
    await redact(key, [{ model: 'Student', ids: [id], columns: ['fullName'] }])
    await expect(redact(key, [])).rejects.toMatchObject({ code: '42501' })
  })

  test('a row that was bent is not made to look right by taking something out of it', async () => {
    const { id } = await harbour.add('Student', { fullName: 'Bent Rowe', notes: 'as written' })
    await sealAll()
    await offGuard(`UPDATE "AuditLog" SET after = after || '{"notes": "bent"}' WHERE "entityId" = '${id}'`)
    const key = await agreed('Student', id)
    await expect(does(db, harbour, (work) => anonymise(work, { model: 'Student', id }, key))).rejects.toThrow(
      /not as it was sealed/,
    )
    await offGuard(`UPDATE "AuditLog" SET after = after || '{"notes": "as written"}' WHERE "entityId" = '${id}'`)
  })

  test('somebody of the same name keeps what is theirs, and is kept apart', async () => {
    const twin = { fullName: 'Robin Samename', email: 'robin@family.example', notes: 'Robin Samename likes mornings' }
    const [one, other] = [await harbour.add('Student', twin), await harbour.add('Student', twin)]
    const message = {
      channel: 'email',
      templateKey: 'booking_confirmed',
      status: 'sent',
      toAddress: twin.email,
      body: 'Dear Robin Samename',
    }
    const theirs = await harbour.add('Message', { ...message, studentId: other.id })
    await harbour.add('Message', { ...message, studentId: one.id })
    const key = await agreed('Student', one.id)
    await does(db, harbour, (work) => anonymise(work, { model: 'Student', id: one.id }, key))
    const rows = await harbour.run(
      'SELECT "fullName", email, notes, "anonymisedAt" IS NOT NULL AS gone FROM "Student" WHERE id = ANY ($1) ORDER BY gone',
      [[one.id, other.id]],
    )
    expect(rows).toMatchObject([
      { ...twin, gone: false },
      { fullName: `Anonymised ${one.id.slice(-6)}`, email: null, notes: null, gone: true },
    ])
    expect(await harbour.run('SELECT body FROM "Message" WHERE id = $1', [theirs.id])).toEqual([
      { body: 'Dear Robin Samename' },
    ])
  })

  test('guardians, instructors and colleagues go as well, with their sign-in, once nothing of theirs is open', async () => {
    const { id: userId } = await database.transaction({}, async (run) => {
      const id = randomUUID()
      await run('INSERT INTO "User" (id, email, "fullName") VALUES ($1, $2, $3)', [
        id,
        'petra@kanarien.example',
        'Petra Kanarienvogel',
      ])
      return { id }
    })
    await harbour.add('UserOrg', { userId, role: 'manager' })
    await superuser(`INSERT INTO auth.session (sid, sess, expire) VALUES ('s1', '{"userId": "${userId}"}', now())`)
    await superuser(`INSERT INTO auth.second_factor ("userId", secret) VALUES ('${userId}', 'x')`)
    await harbour.add('SavedView', {
      ownerId: userId,
      resource: 'Booking',
      name: 'Petra Kanarienvogel',
      settings: '{}',
    })
    const name = { displayName: 'Petra Kanarienvogel', phone: '0491 572 665', licenseId: 'KAN-998877' }
    const instructor = await harbour.add('Instructor', { userId, ...name })
    await harbour.add('InstructorCredential', {
      instructorId: instructor.id,
      kind: 'police_check',
      number: 'KAN-554433',
      expiresOn: '2030-01-01',
    })
    await harbour.add('AvailabilityException', {
      instructorId: instructor.id,
      date: '2031-02-03',
      isAvailable: false,
      note: 'Kanarienvogel family day',
    })
    const guardian = await harbour.add('Guardian', { fullName: 'Quentin Kanarienvogel', phone: '0491 573 087' })
    await harbour.add('StudentGuardian', {
      guardianId: guardian.id,
      studentId: harbour.studentId,
      relation: 'Kanarienvogel',
    })
    const ask = async (model: 'Instructor' | 'Guardian', id: string) => {
      const key = await agreed(model, id)
      return await does(db, harbour, (work) => anonymise(work, { model, id }, key))
    }
    await expect(ask('Instructor', instructor.id)).rejects.toThrow('they still work here: suspend the membership')
    await harbour.run(`UPDATE "UserOrg" SET status = 'suspended' WHERE "userId" = $1`, [userId])
    await ask('Instructor', instructor.id)
    await ask('Guardian', guardian.id)
    expect(await foundIn(database, ['Kanarienvogel', 'kanarien.example', '572 665', '573 087', 'KAN-'])).toEqual([])
    const [user] = await superuser(
      `SELECT "disabledAt" IS NOT NULL AS out, password FROM "User" WHERE id = '${userId}'`,
    )
    expect(user).toEqual({ out: true, password: null })
    expect(
      await superuser(`SELECT 1 FROM auth.session WHERE sid = 's1' UNION SELECT 1 FROM auth.second_factor`),
    ).toEqual([])
    await sealAll()
    expect(await bad()).toBeUndefined()
  })

  test('a sign-in that also opens another school is left as it is', async () => {
    const other = await openSchool(database)
    const userId = harbour.people.admin
    await other.add('UserOrg', { userId, role: 'manager' })
    await harbour.run(`UPDATE "UserOrg" SET status = 'suspended' WHERE "userId" = $1`, [userId])
    const key = await agreed('User', userId)
    await does(db, harbour, (work) => anonymise(work, { model: 'User', id: userId }, key)).catch(() => {})
    const [user] = await superuser(`SELECT "fullName", "disabledAt" FROM "User" WHERE id = '${userId}'`)
    expect(user).toEqual({ fullName: `Admin of ${harbour.slug}`, disabledAt: null })
  })
})
