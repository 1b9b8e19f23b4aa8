import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MOST_DRAWN } from '../../src/domain/lessons/read-drives.ts'
import { type Desk, openDesk } from '../support/actions.ts'
import type { StaffRole } from '../support/database.ts'
import { school } from '../support/school.ts'

let desk: Desk
let lesson: { id: string; bookingId: string }
let trip: { id: string }

/** A Tuesday, nine in the morning in Sydney. */
const NINE = new Date('2026-02-02T22:00:00Z')

beforeAll(async () => {
  desk = await openDesk()
  const { harbour } = desk
  const booking = await harbour.booking({ startAt: NINE, status: 'completed' })
  const { instructorId, studentId } = harbour
  const driven = { startedAt: NINE, endedAt: booking.endAt, durationSec: 3600, distanceMeters: 40_000 }
  lesson = await harbour.add('Lesson', { bookingId: booking.id, instructorId, studentId, ...driven })
  trip = await harbour.add('Trip', { lessonId: lesson.id, startedAt: NINE, endedAt: booking.endAt })
  // due north at 40 km/h, a position a second
  await harbour.run(
    `INSERT INTO "TripPoint" ("orgId", "tripId", ts, lat, lng, "speedKph")
       SELECT $1, $2, $3::timestamptz + n * interval '1 s', -33.8 + n / 10007.55, 151.1, CASE WHEN n = 1800 THEN 71 ELSE 40 END
         FROM generate_series(0, 3599) n`,
    [harbour.orgId, trip.id, NINE],
  )
})
afterAll(() => desk.close())

interface Drives {
  lesson: { id: string } | null
  drives: { recorded: number; meters: number; fastestKph: number; startedAt: string; stretches: number[][][] }[]
}
async function look(role: StaffRole, model: string, id: string) {
  const browser = await desk.as(role)
  const response = await browser(`/admin/api/panel/drives/${model}/${id}`, { headers: { accept: 'application/json' } })
  return { status: response.status, ...((await response.json()) as Drives & { message: string }) }
}

describe('the drive of a lesson', () => {
  it.each(['Lesson', 'Booking', 'Trip'])('is shown on the record of its %s', async (model) => {
    const id = { Lesson: lesson.id, Booking: lesson.bookingId, Trip: trip.id }[model]!
    const { status, drives, lesson: shown } = await look('manager', model, id)
    expect([status, shown?.id]).toEqual([200, lesson.id])
    expect(drives[0]).toMatchObject({ recorded: 3600, fastestKph: 71, startedAt: 'Tue 3 Feb, 09:00' })
    expect(drives[0]!.meters).toBeGreaterThan(39_800)
    expect(drives[0]!.meters).toBeLessThan(40_100)
  })

  it('has its first and last position, and no more between than can be drawn', async () => {
    const [drive] = (await look('manager', 'Lesson', lesson.id)).drives
    const positions = drive!.stretches.flat()
    expect(positions.length).toBeLessThanOrEqual(MOST_DRAWN)
    expect(positions.length).toBeGreaterThan(MOST_DRAWN / 2)
    expect([positions[0]![0], positions.at(-1)![0]]).toEqual([0, 3599])
  })

  it('is in the audit log with who looked at it', async () => {
    const events = () =>
      desk.test.console(
        'superuser',
        `SELECT "actorUserId" FROM "AuditLog" WHERE action = 'lesson.viewTrip' AND "entityId" = $1`,
        [lesson.id],
      )
    const before = (await events()).length
    await look('owner', 'Lesson', lesson.id)
    expect((await events()).slice(before)).toEqual([{ actorUserId: desk.harbour.people.owner }])
  })

  it('is nothing for finance, who sees no positions', async () => {
    expect(await look('finance', 'Lesson', lesson.id)).toMatchObject({ status: 404 })
    expect(await look('finance', 'Booking', lesson.bookingId)).toMatchObject({ status: 404 })
  })

  it('of another school is no different from one that is nowhere', async () => {
    const river = await school(desk.test, { name: 'River' })
    const theirs = await river.booking({ status: 'in_progress' })
    const { instructorId, studentId } = river
    const { id } = await river.add('Lesson', { bookingId: theirs.id, instructorId, studentId, startedAt: new Date() })
    const [foreign, nowhere] = [await look('manager', 'Lesson', id), await look('manager', 'Lesson', randomUUID())]
    expect(foreign.status).toBe(404)
    expect(foreign.message).toBe(nowhere.message)
  })

  it('is empty for a lesson that nobody has driven yet, and other records have none', async () => {
    const booking = await desk.harbour.booking()
    expect(await look('manager', 'Booking', booking.id)).toMatchObject({ status: 200, lesson: null, drives: [] })
    expect(await look('manager', 'Student', desk.harbour.studentId)).toMatchObject({ status: 404 })
  })
})
