import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { UnitOfWork } from '../../src/core/unit-of-work.ts'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { bookLesson } from '../../src/domain/bookings/book-lesson.ts'
import { cancelBooking } from '../../src/domain/bookings/cancel-booking.ts'
import { completeLesson } from '../../src/domain/bookings/complete-lesson.ts'
import { startLesson } from '../../src/domain/bookings/start-lesson.ts'
import { issueToken } from '../../src/domain/lessons/issue-token.ts'
import {
  MOST_POINTS,
  MOST_POINTS_OF_A_LESSON,
  type Point,
  recordPoints,
} from '../../src/domain/lessons/record-points.ts'
import { metersAlong } from '../../src/domain/lessons/plausible-positions.ts'
import { metersBetween } from '../../src/domain/places.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { does, hoursLater, minutesLater, openSchool, orderOf, refusal } from './scheduling.ts'

let test: TestDatabase
let db: Database
let harbour: School
let booking: { id: string }
let lessonId: string

/** A Tuesday, nine in the morning in Sydney. */
const NINE = new Date('2027-02-01T22:00:00Z')

beforeAll(async () => {
  test = await cloneDatabase()
  db = await openDatabase(test.url, { max: 10 })
})
// a lesson that has begun at nine, of a learner who agreed to be tracked
beforeEach(async () => {
  harbour = await openSchool(test)
  await consents(true, hoursLater(NINE, -100))
  booking = await at(hoursLater(NINE, -48), (work) => bookLesson(work, orderOf(harbour, NINE)))
  await at(NINE, (work) => startLesson(work, booking.id))
  lessonId = (await harbour.run('SELECT id FROM "Lesson" WHERE "bookingId" = $1', [booking.id]))[0]!.id
})
afterAll(async () => {
  await db.close()
  await test.drop()
})

const at = <T>(now: Date, fn: (work: UnitOfWork) => Promise<T>, one = harbour): Promise<T> => does(db, one, fn, { now })
const consents = (granted: boolean, effectiveAt: Date, values: Record<string, unknown> = {}) =>
  harbour.add('Consent', {
    studentId: harbour.studentId,
    kind: 'gps_tracking',
    granted,
    documentVer: '1',
    method: 'signature',
    effectiveAt,
    ...values,
  })
/** Due north at 60 km/h: a position every minute, a kilometre apart. */
const drive = (minutes: number, from = 0): Point[] =>
  Array.from({ length: minutes }, (_, n) => ({
    ts: minutesLater(NINE, from + n),
    lat: -33.8 + (from + n) / 111.195,
    lng: 151.1,
    speedKph: 60,
  }))
const token = () => at(minutesLater(NINE, 1), (work) => issueToken(work, lessonId))
const sends = (key: string, points: Point[], now = minutesLater(NINE, 30)) =>
  at(now, (work) => recordPoints(work, { lessonId, token: key, points }))
const pointsNow = () => harbour.run('SELECT * FROM "TripPoint" ORDER BY ts')
const lessonNow = async () => (await harbour.run('SELECT * FROM "Lesson" WHERE id = $1', [lessonId]))[0]!

describe('the positions of a lesson', () => {
  it('are one trip, however many batches they come in, and each is kept once', async () => {
    const key = await token()
    expect(await sends(key, drive(10))).toBe(10)
    expect(await sends(key, drive(10, 5))).toBe(5)
    expect(await sends(key, [...drive(1, 20), ...drive(1, 20)])).toBe(1)
    expect(await pointsNow()).toHaveLength(16)
    const trips = await harbour.run('SELECT * FROM "Trip"')
    expect(trips).toMatchObject([{ lessonId, startedAt: NINE, endedAt: null }])
  })

  it('sent by ten batches at the same moment are one trip', async () => {
    const key = await token()
    await Promise.all(Array.from({ length: 10 }, (_, n) => sends(key, drive(4, n * 2))))
    expect(await harbour.run('SELECT * FROM "Trip"')).toHaveLength(1)
    expect(await pointsNow()).toHaveLength(22)
  })

  it('give the lesson its distance and duration when it is completed', async () => {
    await sends(await token(), drive(31))
    await at(minutesLater(NINE, 60), (work) => completeLesson(work, booking.id))
    expect(await lessonNow()).toMatchObject({ distanceMeters: 30_000, durationSec: 3600 })
    expect(await harbour.run('SELECT * FROM "Trip"')).toMatchObject([{ endedAt: minutesLater(NINE, 60) }])
  })

  it('end with a lesson that is broken off', async () => {
    await sends(await token(), drive(11))
    const off = { cancelledAs: 'admin', reason: 'Flat tyre', refundPercentage: 50 } as const
    await at(minutesLater(NINE, 20), (work) => cancelBooking(work, booking.id, off))
    expect(await lessonNow()).toMatchObject({ distanceMeters: 10_000, durationSec: 1200 })
  })

  it('leave the distance open when there are none', async () => {
    await at(minutesLater(NINE, 60), (work) => completeLesson(work, booking.id))
    expect(await lessonNow()).toMatchObject({ distanceMeters: null, durationSec: 3600 })
  })
})

describe('nobody records', () => {
  const refused = async (key: string, now?: Date) => await refusal(sends(key, drive(3), now))

  it('with another token, an older one, or none', async () => {
    expect(await refused('guessed')).toContain('This token is not valid for this lesson.')
    const [old, key] = [await token(), await token()]
    expect(await refused(old)).toContain('not valid')
    expect(await sends(key, drive(3))).toBe(3)
  })

  it('before the lesson has begun or after it has ended', async () => {
    const key = await token()
    await at(minutesLater(NINE, 60), (work) => completeLesson(work, booking.id))
    expect(await refused(key, minutesLater(NINE, 61))).toContain('The lesson is not under way')
    expect(await refusal(token())).toContain('The lesson is not under way')
    // whoever guesses learns nothing of the lesson
    expect(await refused('guessed', minutesLater(NINE, 61))).toContain('not valid for this lesson')
  })

  it('more than a lesson of eight hours can have', async () => {
    const key = await token()
    await sends(key, drive(1))
    await harbour.run(
      `INSERT INTO "TripPoint" ("orgId", "tripId", ts, lat, lng)
         SELECT "orgId", id, $1::timestamptz + n * interval '1 ms', -33, 151 FROM "Trip", generate_series(1, $2) n`,
      [NINE, MOST_POINTS_OF_A_LESSON - 10],
    )
    expect(await sends(key, drive(9, 1))).toBe(9)
    expect(await refused(key)).toContain('as many positions as one can have')
  })

  it('for a school that is closed', async () => {
    const key = await token()
    await test.console('superuser', `UPDATE "Org" SET status = 'suspended' WHERE id = $1`, [harbour.orgId])
    expect(await refused(key)).toContain('not valid for this lesson')
  })

  it('without the consent of the learner, or once it is withdrawn or has run out', async () => {
    const key = await token()
    await consents(false, minutesLater(NINE, 20))
    expect(await sends(key, drive(3), minutesLater(NINE, 19))).toBe(3)
    expect(await refused(key, minutesLater(NINE, 20))).toContain('has not agreed to be tracked')
    expect(await refusal(at(minutesLater(NINE, 21), (work) => issueToken(work, lessonId)))).toContain(
      'Record the consent',
    )
    await consents(true, minutesLater(NINE, 22), { expiresAt: minutesLater(NINE, 25) })
    expect(await sends(key, drive(3, 3), minutesLater(NINE, 24))).toBe(3)
    expect(await refused(key, minutesLater(NINE, 25))).toContain('has not agreed')
  })

  it('in the name of another school', async () => {
    const key = await token()
    const river = await school(test, { name: 'River' })
    const batch = { lessonId, token: key, points: drive(3) }
    expect(await refusal(at(minutesLater(NINE, 30), (work) => recordPoints(work, batch), river))).toContain(
      'not valid for this lesson',
    )
  })

  it.each([
    ['nothing', () => [], 'Send 1 to 500 positions'],
    ['too much', () => Array.from({ length: MOST_POINTS + 1 }, () => drive(1)[0]!), 'Send 1 to 500 positions'],
    ['a place that is none', () => [{ ...drive(1)[0]!, lat: 91 }], 'Latitude is from -90'],
    ['no number', () => [{ ...drive(1)[0]!, lng: Number.NaN }], 'longitude from -180'],
    ['a speed below zero', () => [{ ...drive(1)[0]!, speedKph: -1 }], 'The speed is from 0'],
    ['yesterday', () => [{ ...drive(1)[0]!, ts: hoursLater(NINE, -24) }], 'from the time of the lesson'],
    ['tomorrow', () => [{ ...drive(1)[0]!, ts: hoursLater(NINE, 24) }], 'from the time of the lesson'],
    ['a time that is none', () => [{ ...drive(1)[0]!, ts: new Date(Number.NaN) }], 'from the time of the lesson'],
  ])('%s, and nothing of the batch is kept', async (_case, points, sentence) => {
    const key = await token()
    expect(await refusal(sends(key, points()))).toContain(sentence)
    const among = points().length === 1 ? [...drive(2), ...points()] : points()
    expect(await refusal(sends(key, among))).toContain(sentence)
    expect(await pointsNow()).toEqual([])
  })

  it('a token anywhere that can be read: only its hash is kept, and not in the audit', async () => {
    const key = await token()
    const [row] = await test.console(
      'superuser',
      `SELECT (l::text LIKE '%' || $1 || '%') AS kept, (SELECT count(*)::int FROM "AuditLog" a WHERE a::text LIKE '%' || $1 || '%'
         OR a::text LIKE '%' || l."tokenHash" || '%') AS audited FROM "Lesson" l WHERE l.id = $2`,
      [key, lessonId],
    )
    expect(row).toMatchObject({ kept: false, audited: 0 })
  })
})

describe('the distance', () => {
  it('is the great circle from position to position', () => {
    const aroundTheEarth = 2 * Math.PI * 6371
    expect(metersBetween({ lat: 0, lng: 30 }, { lat: -90, lng: 30 }) / 1000).toBeCloseTo(aroundTheEarth / 4, 6)
    expect(metersBetween({ lat: 0, lng: 179 }, { lat: 0, lng: -179 }) / 1000).toBeCloseTo(aroundTheEarth / 180, 6)
    expect(metersAlong(drive(11))).toBe(10_000)
    expect(metersAlong([])).toBe(0)
  })

  it('leaves out a position that nobody could have reached', () => {
    const wild = drive(11)
    wild[5] = { ...wild[5]!, lat: -30 }
    expect(metersAlong(wild)).toBe(10_000)
  })

  it('does not hold on to a first position that was wrong', () => {
    const lost = drive(11)
    lost[0] = { ...lost[0]!, lat: -30 }
    expect(metersAlong(lost)).toBe(9000)
  })

  it('stands still while the car does', () => {
    const parked = drive(30).map((point) => ({ ...point, lat: -33.8 }))
    expect(metersAlong(parked)).toBe(0)
  })
})
