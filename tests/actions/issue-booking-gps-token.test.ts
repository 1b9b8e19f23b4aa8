import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Answer, type Desk, openDesk, preview, recordAction, send } from '../support/actions.ts'

let desk: Desk
let booking: { id: string }

beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())
beforeEach(async () => {
  const { harbour } = desk
  const startAt = new Date(Date.now() - 20 * 60_000)
  const instructorId = (await harbour.add('Instructor', { displayName: 'Noor Haddad' })).id
  const studentId = (await harbour.add('Student', { fullName: 'Leo Rossi' })).id
  booking = await harbour.booking({ startAt, status: 'in_progress', instructorId, studentId })
  await harbour.add('Lesson', { bookingId: booking.id, instructorId, studentId, startedAt: startAt })
})

const agrees = () =>
  desk.harbour.run(
    `INSERT INTO "Consent" ("orgId", "studentId", kind, granted, "documentVer", method, "effectiveAt")
       SELECT "orgId", "studentId", 'gps_tracking', true, '1', 'signature', now() - interval '1 day' FROM "Booking" WHERE id = $1`,
    [booking.id],
  )
const path = () => recordAction('Booking', booking.id, 'issue-gps-token')

it('shows the token once: it is kept nowhere, and a second press does not tell it', async () => {
  await agrees()
  const manager = await desk.as('manager')
  const { hash } = (await preview(manager, path())).preview
  const press = { key: randomUUID(), hash, input: {} }
  const { answer } = (await send(manager, path(), press)) as {
    answer: Answer & { secret?: { value: string; help: string } }
  }
  expect(answer.state).toBe('done')
  const { value, help } = answer.secret!
  const again = (await send(manager, path(), press)).answer
  expect(again).toMatchObject({ state: 'done', message: answer.message })
  expect(again).not.toHaveProperty('secret')
  for (const table of ['ActionRun', 'AuditLog', 'Lesson', 'Outbox'])
    expect(
      await desk.test.console('superuser', `SELECT 1 FROM "${table}" t WHERE strpos(t::text, $1) > 0`, [value]),
    ).toEqual([])
  const address = /\/api\/\S+/.exec(help)![0]
  const point = { ts: new Date().toISOString(), lat: -33.8, lng: 151.1 }
  const response = await manager(address, {
    method: 'POST',
    headers: { authorization: `Bearer ${value}`, 'content-type': 'application/json' },
    body: JSON.stringify({ points: [point] }),
  })
  expect([response.status, await response.json()]).toEqual([200, { recorded: 1, known: 0 }])
})

it('is refused without the consent of the learner, and for a lesson that does not run', async () => {
  const manager = await desk.as('manager')
  expect(await preview(manager, path())).toMatchObject({
    state: 'refused',
    message: expect.stringContaining('not agreed'),
  })
  await agrees()
  await desk.harbour.change('Booking', booking.id, { status: 'completed' })
  expect(await preview(manager, path())).toMatchObject({
    message: expect.stringContaining('while the lesson runs only'),
  })
})
