import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cloneDatabase, school, type Run, type School, type TestDatabase } from '../support/database.ts'

// What the two roles may do that look across schools, each taken on for one transaction, and what they may not.

let db: TestDatabase
let schools: [School, School]
beforeAll(async () => {
  db = await cloneDatabase()
  schools = [await school(db, { name: 'Harbour City' }), await school(db, { name: 'River City' })]
  for (const one of schools) {
    const event = { topic: 'booking.confirmed', aggregateType: 'Booking', aggregateId: 'b', aggregateVersion: 1 }
    await one.add('Outbox', { ...event, payload: { at: 1 }, availableAt: new Date() })
  }
})
afterAll(() => db.drop())

const as = <T>(role: string, fn: (run: Run) => Promise<T>): Promise<T> =>
  db.transaction({}, async (run) => {
    await run(`SET LOCAL ROLE ${role}`)
    return fn(run)
  })
const run = (role: string, text: string, values?: unknown[]) => as(role, (inside) => inside(text, values))

const denied = { code: '42501' }

describe('the dispatcher', () => {
  test('finds the events of all schools and notes what became of them', async () => {
    const events = await run('driveflow_worker', 'UPDATE "Outbox" SET "relayedAt" = now() RETURNING "orgId"')
    expect(new Set(events.map((event) => event.orgId))).toEqual(new Set(schools.map((one) => one.orgId)))
  })

  test('queues their handlers and takes in what providers post', async () => {
    const deliveries = await run(
      'driveflow_worker',
      `INSERT INTO "OutboxDelivery" ("orgId", "outboxId", handler, "aggregateId", "aggregateVersion")
       SELECT "orgId", id, 'mail', "aggregateId", "aggregateVersion" FROM "Outbox" RETURNING id`,
    )
    expect(deliveries).toHaveLength(2)
    const [posted] = await run(
      'driveflow_worker',
      `INSERT INTO "WebhookEvent" (provider, "eventType", "eventId", payload, "receivedAt")
       VALUES ('stripe', 'charge.refunded', 'evt_1', '{}', now()) RETURNING id, "orgId"`,
    )
    expect(posted).toMatchObject({ orgId: null })
    expect(await schools[0].run('SELECT id FROM "WebhookEvent"')).toEqual([])
    const [first, second] = schools.map((one) => one.orgId)
    const assign = 'UPDATE "WebhookEvent" SET "orgId" = $2 WHERE id = $1'
    await run('driveflow_worker', assign, [posted!.id, first])
    expect(await schools[0].run('SELECT id FROM "WebhookEvent"')).toHaveLength(1)
    const reassigned = run('driveflow_worker', assign, [posted!.id, second])
    await expect(reassigned).rejects.toMatchObject({ constraint: 'org_immutable' })
  })

  test('reads neither people nor bookings', async () => {
    for (const table of ['User', 'Student', 'Booking', 'Payment', 'AuditLog']) {
      await expect(run('driveflow_worker', `SELECT id FROM "${table}"`)).rejects.toMatchObject(denied)
    }
  })

  test('changes no event, and neither does the app', async () => {
    const rewrite = `UPDATE "Outbox" SET payload = '{}'`
    await expect(run('driveflow_worker', rewrite)).rejects.toMatchObject(denied)
    await expect(schools[0].run(rewrite)).rejects.toMatchObject(denied)
    await expect(schools[0].run('DELETE FROM "Outbox"')).rejects.toMatchObject(denied)
  })
})

describe('sign-in', () => {
  test('finds a person of any school, however their address is written', async () => {
    const email = `MANAGER@${schools[1].slug}.Example.Test`
    const found = await run('driveflow_auth', 'SELECT id, password FROM "User" WHERE lower(email) = lower($1)', [email])
    expect(found).toEqual([{ id: schools[1].people.manager, password: null }])
  })

  test('changes how somebody signs in, not who they are', async () => {
    const { owner } = schools[0].people
    await run('driveflow_auth', 'UPDATE "User" SET "failedLogins" = 1, "lockedUntil" = now() WHERE id = $1', [owner])
    for (const column of ['email', '"fullName"', 'phone']) {
      const change = run('driveflow_auth', `UPDATE "User" SET ${column} = 'x' WHERE id = $1`, [owner])
      await expect(change).rejects.toMatchObject(denied)
    }
    await expect(run('driveflow_auth', 'SELECT id FROM "Booking"')).rejects.toMatchObject(denied)
  })

  test('keeps sessions, which the app cannot see, under the person they belong to', async () => {
    const userId = schools[0].people.owner
    const [kept] = await run(
      'driveflow_auth',
      `INSERT INTO auth.session (sid, sess, expire) VALUES ('s', $1, now()) RETURNING "userId"`,
      [{ userId }],
    )
    expect(kept).toEqual({ userId })
    await expect(schools[0].run('SELECT sid FROM auth.session')).rejects.toMatchObject(denied)
    await expect(schools[0].run('SELECT key FROM auth.throttle')).rejects.toMatchObject(denied)
  })
})

test('the owner of the tables, who migrates them, sees no school’s rows', async () => {
  expect(await db.console('owner', 'SELECT id FROM "Student"')).toEqual([])
})
