import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cloneDatabase, school, type Row, type School, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let harbour: School
beforeAll(async () => {
  db = await cloneDatabase()
  harbour = await school(db)
})
afterAll(() => db.drop())

const recordsOf = (id: string): Promise<Row[]> =>
  harbour.run('SELECT * FROM "AuditLog" WHERE "entityId" = $1 ORDER BY seq', [id])

test('a write leaves one record with who, as what, from where, in which request, and what changed', async () => {
  const acting = {
    user_id: harbour.people.manager,
    actor_kind: 'user',
    role: 'manager',
    ip: '203.0.113.7',
    request_id: 'req-1',
  }
  await harbour.change('Student', harbour.studentId, { phone: '0491 570 110', updatedAt: new Date() }, acting)
  const [created, changed, ...more] = await recordsOf(harbour.studentId)
  expect(created).toMatchObject({ action: 'student.create', before: null, after: { fullName: 'Mia Kowalski' } })
  expect(changed).toMatchObject({
    orgId: harbour.orgId,
    actorUserId: harbour.people.manager,
    actorKind: 'user',
    actorRole: 'manager',
    ip: '203.0.113.7',
    requestId: 'req-1',
    action: 'student.update',
    entityType: 'Student',
    before: { phone: null },
    after: { phone: '0491 570 110' },
    reason: null,
  })
  expect(more).toEqual([])
})

test('what is deleted is kept whole', async () => {
  const { id } = await harbour.add('Location', { name: 'Old yard', kind: 'office' })
  await harbour.run('DELETE FROM "Location" WHERE id = $1', [id])
  const records = await recordsOf(id)
  expect(records.at(-1)).toMatchObject({ action: 'location.delete', after: null, before: { name: 'Old yard' } })
})

test('a write that changes nothing, or is rolled back, leaves no record', async () => {
  const { id } = await harbour.add('Location', { name: 'Yard', kind: 'office' })
  await harbour.change('Location', id, { name: 'Yard', updatedAt: new Date() })
  const failing = harbour.transaction(async (run) => {
    await run('UPDATE "Location" SET name = $2 WHERE id = $1', [id, 'Court'])
    throw new Error('on second thought')
  })
  await expect(failing).rejects.toThrow('on second thought')
  expect(await recordsOf(id)).toHaveLength(1)
})

test('somebody at a database console is recorded too', async () => {
  await db.console('superuser', 'UPDATE "Vehicle" SET model = $2 WHERE id = $1', [harbour.vehicleId, 'Yaris'])
  const records = await recordsOf(harbour.vehicleId)
  expect(records.at(-1)).toMatchObject({
    actorUserId: null,
    actorKind: 'operator',
    actorRole: 'postgres',
    before: { model: 'Corolla' },
    after: { model: 'Yaris' },
  })
})

test('a job is recorded as the system, a webhook as a webhook', async () => {
  for (const kind of ['system', 'webhook']) {
    await harbour.change('Vehicle', harbour.vehicleId, { model: kind }, { actor_kind: kind, user_id: '', role: '' })
    const records = await recordsOf(harbour.vehicleId)
    expect(records.at(-1)).toMatchObject({ actorKind: kind, actorRole: null, actorUserId: null })
  }
})

describe('secrets', () => {
  const password = '$argon2id$not-to-be-recorded'

  test('a password never enters, the fact that it changed does', async () => {
    const person = harbour.people.owner
    await db.transaction({}, async (run) => {
      await run('SET LOCAL ROLE driveflow_auth')
      await run('UPDATE "User" SET password = $2 WHERE id = $1', [person, password])
    })
    const [created, changed] = await recordsOf(person)
    expect(created!.after).not.toHaveProperty('password')
    expect(changed).toMatchObject({ action: 'user.update', reason: 'changed, value not recorded: password' })
    const found = await db.console('superuser', 'SELECT id FROM "AuditLog" l WHERE l::text LIKE $1', [`%${password}%`])
    expect(found).toEqual([])
  })

  test('neither does a token or what a provider posted', async () => {
    await db.console(
      'superuser',
      `INSERT INTO "RefreshToken" ("userId", jti, "rotationId", "tokenHash", "expiresAt") VALUES ($1, 'j', 'r', 'tok-secret', now())`,
      [harbour.people.owner],
    )
    await db.console(
      'superuser',
      `INSERT INTO "WebhookEvent" ("orgId", provider, "eventType", "eventId", payload, "receivedAt")
       VALUES ($1, 'stripe', 'test', 'evt_1', '{"card": "tok-secret"}', now())`,
      [harbour.orgId],
    )
    const records = await harbour.run(`SELECT action, (l::text LIKE '%tok-secret%') AS leaks FROM "AuditLog" l
      WHERE action IN ('refreshToken.create', 'webhookEvent.create') ORDER BY action`)
    expect(records).toEqual([
      { action: 'refreshToken.create', leaks: false },
      { action: 'webhookEvent.create', leaks: false },
    ])
  })

  test('signing in is no change of a person', async () => {
    const person = harbour.people.admin
    await db.transaction({}, async (run) => {
      await run('SET LOCAL ROLE driveflow_auth')
      await run('UPDATE "User" SET "lastLoginAt" = now(), "failedLogins" = 0 WHERE id = $1', [person])
    })
    expect(await recordsOf(person)).toHaveLength(1)
  })
})

test('a person changed outside any school is recorded in each of theirs', async () => {
  const torrens = await school(db)
  const { finance } = harbour.people
  await torrens.add('UserOrg', { userId: finance, role: 'finance' })
  await db.console('superuser', 'UPDATE "User" SET phone = $2 WHERE id = $1', [finance, '0491 570 159'])
  for (const one of [harbour, torrens]) {
    const records = await one.run('SELECT action FROM "AuditLog" WHERE "entityId" = $1 AND after ? $2', [
      finance,
      'phone',
    ])
    expect(records.map((record) => record.action)).toContain('user.update')
  }
})

describe('events that change no row', () => {
  const event = 'SELECT audit_event($1, $2, $3, $4, $5)'

  test('sign-in records for the school it is about to enter', async () => {
    const { orgId, people } = harbour
    await db.transaction({}, async (run) => {
      await run('SET LOCAL ROLE driveflow_auth')
      await run(event, [orgId, people.compliance, 'user.signIn', '203.0.113.8', 'req-2'])
    })
    expect((await recordsOf(people.compliance)).at(-1)).toMatchObject({
      action: 'user.signIn',
      actorUserId: people.compliance,
      actorKind: 'user',
      entityType: 'User',
      ip: '203.0.113.8',
      requestId: 'req-2',
    })
  })

  test('an export is recorded with what it covered', async () => {
    const id = randomUUID()
    const details = { rows: 12, filter: 'status = open' }
    await harbour.run('SELECT audit_event($1, $2, $3, $4, $5, $6, $7, details => $8)', [
      harbour.orgId,
      harbour.people.finance,
      'payment.export',
      null,
      null,
      'Payment',
      id,
      details,
    ])
    expect(await recordsOf(id)).toMatchObject([{ action: 'payment.export', after: details }])
  })

  test("nobody writes into another school's record, or into their own by hand", async () => {
    const elsewhere = harbour.run(event, [randomUUID(), null, 'made.up', null, null])
    await expect(elsewhere).rejects.toMatchObject({ code: '42501' })
    const byHand = harbour.add('AuditLog', { action: 'made.up', entityType: 'User', entityId: 'x' })
    await expect(byHand).rejects.toMatchObject({ code: '42501' })
  })

  test('the functions behind the record are not for the app', async () => {
    const forged = harbour.run(`SELECT audit_write($1, NULL, 'made.up', 'User', 'x', NULL, NULL, NULL, NULL, NULL)`, [
      harbour.orgId,
    ])
    await expect(forged).rejects.toMatchObject({ code: '42501' })
  })
})

describe('records of what happened', () => {
  const tables = ['AuditLog', 'LedgerTransaction', 'LedgerEntry', 'LessonStateHistory', 'CreditEntry', 'Consent']

  beforeAll(async () => {
    const { studentId, orgId } = harbour
    const bookingId = (await harbour.booking()).id
    await harbour.add('LessonStateHistory', { bookingId, toStatus: 'confirmed' })
    const consent = { kind: 'terms', granted: true, documentVer: '1', method: 'signature' }
    await harbour.add('Consent', { studentId, ...consent, effectiveAt: new Date() })
    const credit = { minutes: 60, minutesLeft: 60, valueCents: 8500, valueLeft: 8500 }
    const { id: grantId } = await harbour.add('CreditGrant', { studentId, source: 'goodwill', ...credit })
    await harbour.add('CreditEntry', { grantId, minutes: 60, valueCents: 8500, reason: 'granted' })
    await db.console(
      'superuser',
      `WITH posted AS (
         INSERT INTO "LedgerTransaction" ("orgId", kind, "refType", "refId", "idempotencyKey", "occurredAt")
         VALUES ($1, 'payment', 'Payment', 'p', 'k', now()) RETURNING id)
       INSERT INTO "LedgerEntry" ("orgId", "transactionId", account, currency, "amountCents")
       SELECT $1, id, 'cash', 'AUD', cents FROM posted, (VALUES (1), (-1)) v(cents)`,
      [orgId],
    )
  })

  test.for(tables)('%s is never changed, deleted from or emptied, whoever tries', async (table) => {
    const tries = [`UPDATE "${table}" SET "createdAt" = now()`, `DELETE FROM "${table}"`, `TRUNCATE "${table}" CASCADE`]
    for (const statement of tries) {
      await expect(harbour.run(statement)).rejects.toMatchObject({ code: '42501' })
      const bySuperuser = db.console('superuser', statement)
      await expect(bySuperuser).rejects.toThrow(/is append-only$/)
    }
    await expect(db.console('owner', `TRUNCATE "${table}" CASCADE`)).rejects.toThrow(/append-only/)
  })
})
