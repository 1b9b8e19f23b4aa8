import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { formatInstant, parseInstant } from '../../src/core/time.ts'
import { findSlots } from '../../src/domain/availability/find-slots.ts'
import { freeTime } from '../../src/domain/availability/free-time.ts'
import { bookLesson } from '../../src/domain/bookings/book-lesson.ts'
import { repeatWeekly } from '../../src/domain/bookings/repeat-weekly.ts'
import { rescheduleBooking } from '../../src/domain/bookings/reschedule-booking.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { does, orderOf, worksWeekdays } from './scheduling.ts'

// Sunday 4 October 2026 the clocks of Sydney and Adelaide go from 02:00 to 03:00; Sunday 4 April 2027 from 03:00 back to
// 02:00. Brisbane's never change.
const SYDNEY = 'Australia/Sydney'
const ADELAIDE = 'Australia/Adelaide'
const BRISBANE = 'Australia/Brisbane'
const ZONES = [SYDNEY, ADELAIDE, BRISBANE]

let test: TestDatabase
let db: Database
const schools = new Map<string, School>()

beforeAll(async () => {
  test = await cloneDatabase()
  db = await openDatabase(test.url, { max: 5 })
  for (const timeZone of ZONES) {
    const one = await school(test, { name: timeZone, timeZone })
    await one.change('Student', one.studentId, { dob: '2000-01-01' })
    await worksWeekdays(one)
    // Sundays in the night, over the change of the clocks
    await one.add('InstructorWorkingHours', {
      instructorId: one.instructorId,
      dayOfWeek: 0,
      startTime: '00:00',
      endTime: '06:00',
    })
    await one.add('InstructorWorkingHours', {
      instructorId: one.instructorId,
      dayOfWeek: 6,
      startTime: '09:00',
      endTime: '12:00',
    })
    schools.set(timeZone, one)
  }
})

afterAll(async () => {
  await db.close()
  await test.drop()
})

const early = (day: string): Date => new Date(Date.parse(day) - 20 * 24 * 3_600_000)

/** The stretches in which the instructor is free on a day, in UTC. */
async function free(zone: string, day: string, instructorId = schools.get(zone)!.instructorId): Promise<string[]> {
  const search = { instructorIds: [instructorId], fromDay: day, toDay: day, timeZone: zone, minutes: 15 }
  const found = await does(db, schools.get(zone)!, (work) => freeTime(work, search))
  return found.map(({ from, to }) => `${from.toISOString().slice(0, 16)} – ${to.toISOString().slice(0, 16)}`)
}

/** The times at which a lesson may start, as the clocks of the school show them, in the order of time. */
async function slots(zone: string, day: string): Promise<{ wall: string; at: Date }[]> {
  const one = schools.get(zone)!
  const search = { serviceId: one.serviceId, fromDay: day, toDay: day, limit: 500 }
  const found = await does(db, one, (work) => findSlots(work, search), { now: early(day) })
  return found.slots
    .map(({ startAt }) => ({ wall: formatInstant(startAt, zone).slice(-5), at: startAt }))
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
}

describe('an ordinary working day keeps its hours on the wall', () => {
  it.each([
    [SYDNEY, '2026-10-02', '2026-10-01T23:00'],
    [SYDNEY, '2026-10-05', '2026-10-04T22:00'],
    [SYDNEY, '2027-04-02', '2027-04-01T22:00'],
    [SYDNEY, '2027-04-05', '2027-04-04T23:00'],
    [ADELAIDE, '2026-10-02', '2026-10-01T23:30'],
    [ADELAIDE, '2026-10-05', '2026-10-04T22:30'],
    [ADELAIDE, '2027-04-05', '2027-04-04T23:30'],
    [BRISBANE, '2026-10-02', '2026-10-01T23:00'],
    [BRISBANE, '2026-10-05', '2026-10-04T23:00'],
    [BRISBANE, '2027-04-05', '2027-04-04T23:00'],
  ])('%s, %s: nine o’clock is %s in UTC', async (zone, day, from) => {
    expect((await free(zone, day))[0]).toMatch(new RegExp(`^${from}`))
    const starts = await slots(zone, day)
    expect([starts[0]!.wall, starts.at(-1)!.wall]).toEqual(['09:00', '16:00'])
  })
})

describe('hours that span the change', () => {
  it.each([
    [SYDNEY, '2026-10-04', 5, '2026-10-03T14:00 – 2026-10-03T19:00'],
    [SYDNEY, '2027-04-04', 7, '2027-04-03T13:00 – 2027-04-03T20:00'],
    [ADELAIDE, '2026-10-04', 5, '2026-10-03T14:30 – 2026-10-03T19:30'],
    [ADELAIDE, '2027-04-04', 7, '2027-04-03T13:30 – 2027-04-03T20:30'],
    [BRISBANE, '2026-10-04', 6, '2026-10-03T14:00 – 2026-10-03T20:00'],
    [BRISBANE, '2027-04-04', 6, '2027-04-03T14:00 – 2027-04-03T20:00'],
  ])('%s, %s: from midnight to six are %d hours', async (zone, day, hours, span) => {
    const found = await free(zone, day)
    expect(found).toEqual([span])
    const [from, to] = span.split(' – ').map((instant) => Date.parse(`${instant}Z`)) as [number, number]
    expect((to - from) / 3_600_000).toBe(hours)
  })

  it('offer no lesson in the hour that is skipped', async () => {
    const walls = (await slots(SYDNEY, '2026-10-04')).map(({ wall }) => wall)
    expect(walls.filter((wall) => wall.startsWith('02:'))).toEqual([])
    expect(walls).toContain('01:45')
    expect(walls).toContain('03:00')
    expect((await slots(BRISBANE, '2026-10-04')).map(({ wall }) => wall)).toContain('02:30')
  })

  it('offer the hour that comes twice, twice', async () => {
    const twice = (await slots(SYDNEY, '2027-04-04')).filter(({ wall }) => wall === '02:30')
    expect(twice.map(({ at }) => at.toISOString())).toEqual(['2027-04-03T15:30:00.000Z', '2027-04-03T16:30:00.000Z'])
  })

  it.each([
    // until a time that is skipped: to the moment of the change
    [SYDNEY, '01:00', '02:30', '2026-10-04', ['2026-10-03T15:00 – 2026-10-03T16:00']],
    // from a time that is skipped: from the moment of the change
    [SYDNEY, '02:30', '04:00', '2026-10-04', ['2026-10-03T16:00 – 2026-10-03T17:00']],
    [ADELAIDE, '02:30', '04:00', '2026-10-04', ['2026-10-03T16:30 – 2026-10-03T17:30']],
    // inside the skipped hour: not at all
    [SYDNEY, '02:00', '03:00', '2026-10-04', []],
    // a time that comes twice ends and begins hours at its second
    [SYDNEY, '01:00', '02:30', '2027-04-04', ['2027-04-03T14:00 – 2027-04-03T16:30']],
    [SYDNEY, '02:30', '04:00', '2027-04-04', ['2027-04-03T16:30 – 2027-04-03T18:00']],
    [BRISBANE, '02:30', '04:00', '2026-10-04', ['2026-10-03T16:30 – 2026-10-03T18:00']],
  ])('%s, %s to %s on %s are %j', async (zone, startTime, ...[endTime, day, expected]) => {
    const one = schools.get(zone)!
    const { id } = await one.add('Instructor', { displayName: 'Nia Night' })
    await one.add('InstructorWorkingHours', { instructorId: id, dayOfWeek: 0, startTime, endTime })
    expect(await free(zone, day, id)).toEqual(expected)
    await one.change('Instructor', id, { active: false })
  })

  it('a whole day of leave closes 23, 24 or 25 hours', async () => {
    const one = schools.get(SYDNEY)!
    for (const date of ['2026-10-18', '2026-10-04', '2027-04-04']) {
      await one.add('AvailabilityException', { instructorId: one.instructorId, date, isAvailable: false })
      expect(await free(SYDNEY, date)).toEqual([])
    }
    await one.run('DELETE FROM "AvailabilityException"')
  })
})

describe('a time that a person types', () => {
  it.each([
    [SYDNEY, '2026-10-04 02:30'],
    [ADELAIDE, '2026-10-04 02:00'],
    [SYDNEY, '2026-10-04T02:59'],
  ])('in %s, %s does not exist', (zone, typed) => expect(parseInstant(typed, zone)).toBeNull())

  it.each([
    [SYDNEY, '2026-10-04 01:59', '2026-10-03T15:59:00.000Z'],
    [SYDNEY, '2026-10-04 03:00', '2026-10-03T16:00:00.000Z'],
    [BRISBANE, '2026-10-04 02:30', '2026-10-03T16:30:00.000Z'],
  ])('in %s, %s is %s', (zone, typed, instant) => expect(parseInstant(typed, zone)?.toISOString()).toBe(instant))

  it.each(['2026-11-23T00:00:00Z', '2027-07-01T00:00:00Z'])(
    'and that comes twice is the first of the two, also when it is typed on %s',
    (today) => {
      vi.useFakeTimers({ now: new Date(today), toFake: ['Date'] })
      try {
        expect(parseInstant('2027-04-04 02:30', SYDNEY)?.toISOString()).toBe('2027-04-03T15:30:00.000Z')
        expect(parseInstant('2027-04-04 02:30', ADELAIDE)?.toISOString()).toBe('2027-04-03T16:00:00.000Z')
      } finally {
        vi.useRealTimers()
      }
    },
  )
})

describe('a lesson that repeats every week', () => {
  /** Books at a wall time and repeats; the starts as the clocks show them and in UTC. */
  async function weekly(zone: string, typed: string, weeks = 2) {
    const one = schools.get(zone)!
    const startAt = parseInstant(typed, zone)!
    const now = early(startAt.toISOString())
    const { id: studentId } = await one.add('Student', { fullName: 'Leo Rossi', dob: '2001-02-03' })
    const first = await does(db, one, (work) => bookLesson(work, orderOf(one, startAt, { studentId })), { now })
    const wish = { weeks, key: randomUUID() }
    const repeated = await does(db, one, (work) => repeatWeekly(work, first.id, wish), { now })
    const rows = await one.run('SELECT "startAt" FROM "Booking" WHERE "studentId" = $1 ORDER BY 1', [studentId])
    return { ...repeated, starts: rows.map(({ startAt }) => startAt.toISOString().slice(0, 16)) }
  }

  it.each([
    [SYDNEY, '2026-09-30 10:00', ['2026-09-30T00:00', '2026-10-06T23:00', '2026-10-13T23:00']],
    [SYDNEY, '2027-03-31 10:00', ['2027-03-30T23:00', '2027-04-07T00:00', '2027-04-14T00:00']],
    [ADELAIDE, '2026-09-30 10:00', ['2026-09-30T00:30', '2026-10-06T23:30', '2026-10-13T23:30']],
    [ADELAIDE, '2027-03-31 10:00', ['2027-03-30T23:30', '2027-04-07T00:30', '2027-04-14T00:30']],
    [BRISBANE, '2026-09-30 10:00', ['2026-09-30T00:00', '2026-10-07T00:00', '2026-10-14T00:00']],
    [BRISBANE, '2027-03-31 10:00', ['2027-03-31T00:00', '2027-04-07T00:00', '2027-04-14T00:00']],
  ])('in %s from %s stays at ten o’clock', async (zone, typed, starts) => {
    expect((await weekly(zone, typed)).starts).toEqual(starts)
  })

  it('skips the week in which its time does not exist, and says so', async () => {
    const { starts, skipped } = await weekly(SYDNEY, '2026-09-27 02:30')
    expect(skipped).toEqual([
      {
        when: expect.stringMatching(/^Sun 4 Oct.*02:30$/),
        why: 'The clocks skip this time that day. Book this week by hand, at another time.',
      },
    ])
    expect(starts).toEqual(['2026-09-26T16:30', '2026-10-10T15:30'])
    expect((await weekly(BRISBANE, '2026-09-27 02:30')).skipped).toEqual([])
  })

  it('takes the first of the two in the week in which its time comes twice', async () => {
    const { starts } = await weekly(SYDNEY, '2027-03-28 02:30')
    expect(starts).toEqual(['2027-03-27T15:30', '2027-04-03T15:30', '2027-04-10T16:30'])
  })
})

it('a lesson moved over the change is as long as before', async () => {
  const one = schools.get(SYDNEY)!
  const now = early('2026-10-02')
  const order = orderOf(one, parseInstant('2026-10-02 11:00', SYDNEY)!)
  const { id } = await does(db, one, (work) => bookLesson(work, order), { now })
  const to = { startAt: parseInstant('2026-10-04 01:30', SYDNEY)! }
  const moved = await does(db, one, (work) => rescheduleBooking(work, id, to), { now })
  expect(moved.endAt.toISOString()).toBe('2026-10-03T16:30:00.000Z')
  expect(formatInstant(moved.endAt, SYDNEY)).toMatch(/03:30$/)
})
