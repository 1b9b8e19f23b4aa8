import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cloneDatabase, school, type Row, type School, type TestDatabase } from '../support/database.ts'

// Each test tries a wrong write as the app's own login, inside its school: what the program forgets, the database refuses.
// Rules about money and approvals are in refusals-of-money.test.ts.

let db: TestDatabase
let harbour: School
let torrens: School

beforeAll(async () => {
  db = await cloneDatabase()
  harbour = await school(db, { name: 'Harbour City' })
  torrens = await school(db, { name: 'Torrens', timeZone: 'Australia/Adelaide' })
})
afterAll(() => db.drop())

/** The rule that refuses, and PostgreSQL's code for the kind of rule: 23514 check, 23505 unique, 23P01 exclusion. */
const refusal = (constraint: string, code = '23514') => ({ code, constraint })

const after = (time: Date, minutes: number) => new Date(time.getTime() + minutes * 60_000)

/** Student and car of their own, so that only the instructor clashes. */
async function another(): Promise<{ studentId: string; vehicleId: string; instructorId: string }> {
  const car = { rego: crypto.randomUUID(), regoState: 'NSW', make: 'Kia', model: 'Rio', transmission: 'manual' }
  return {
    studentId: (await harbour.add('Student', { fullName: 'Noor Haddad' })).id,
    vehicleId: (await harbour.add('Vehicle', car)).id,
    instructorId: (await harbour.add('Instructor', { displayName: 'Leo Brandt' })).id,
  }
}

describe('an instructor, a learner and a car are in one place at a time', () => {
  let first: Row
  beforeAll(async () => {
    first = await harbour.booking({ vehicleId: harbour.vehicleId })
  })

  test('an instructor has no second lesson while the way from the first takes', async () => {
    const { studentId } = await another()
    await expect(harbour.booking({ studentId, startAt: after(first.endAt, 14) })).rejects.toMatchObject(
      refusal('booking_instructor_free', '23P01'),
    )
    await harbour.booking({ studentId, startAt: first.blockedUntil })
  })

  test('a learner is not in two cars', async () => {
    const { instructorId } = await another()
    await expect(harbour.booking({ instructorId, startAt: after(first.startAt, 30) })).rejects.toMatchObject(
      refusal('booking_student_free', '23P01'),
    )
  })

  test('a car is not with two instructors', async () => {
    const { instructorId, studentId } = await another()
    const { vehicleId } = harbour
    const clash = { instructorId, studentId, vehicleId, startAt: after(first.startAt, -30) }
    await expect(harbour.booking(clash)).rejects.toMatchObject(refusal('booking_vehicle_free', '23P01'))
    await harbour.booking({ ...clash, vehicleId: null })
  })

  test('a draft and a cancelled booking hold no slot', async () => {
    const { startAt } = first
    const cancelled = { status: 'cancelled', cancelledAt: new Date(), cancellationReason: 'rain' }
    expect(await harbour.booking({ startAt, status: 'draft' })).toMatchObject({ startAt })
    expect(await harbour.booking({ startAt, ...cancelled })).toMatchObject({ startAt })
  })

  test('a no-show still holds its slot', async () => {
    const missed = await harbour.booking({ status: 'no_show' })
    await expect(harbour.booking({ startAt: missed.startAt })).rejects.toMatchObject(
      refusal('booking_instructor_free', '23P01'),
    )
  })

  test('a lesson does not end before it starts', async () => {
    const startAt = new Date('2032-01-05T00:00:00Z')
    await expect(harbour.booking({ startAt, endAt: startAt, blockedUntil: startAt })).rejects.toMatchObject(
      refusal('booking_time'),
    )
    await expect(harbour.booking({ startAt, blockedUntil: startAt })).rejects.toMatchObject(refusal('booking_time'))
  })
})

describe('schools are apart', () => {
  test("a row cannot refer to another school's row", async () => {
    const { studentId } = torrens
    const write = harbour.booking({ studentId })
    await expect(write).rejects.toMatchObject(refusal('Booking_studentId_orgId_fkey', '23503'))
  })

  test('a row cannot be moved to another school, not even from a console', async () => {
    const { id } = await harbour.booking()
    const move = 'UPDATE "Booking" SET "orgId" = $1 WHERE id = $2'
    await expect(harbour.run(move, [torrens.orgId, id])).rejects.toMatchObject(refusal('org_immutable'))
    await expect(db.console('superuser', move, [torrens.orgId, id])).rejects.toMatchObject(refusal('org_immutable'))
  })

  test("another school's rows can be neither seen, changed, deleted nor made", async () => {
    const { id } = await torrens.booking()
    expect(await harbour.run('SELECT id FROM "Booking" WHERE id = $1', [id])).toEqual([])
    expect(await harbour.run('UPDATE "Booking" SET notes = $2 WHERE id = $1 RETURNING id', [id, 'mine'])).toEqual([])
    expect(await harbour.run('DELETE FROM "Booking" WHERE id = $1 RETURNING id', [id])).toEqual([])
    const plant = harbour.add('Service', { orgId: torrens.orgId, name: 'Planted', durationMin: 60 })
    await expect(plant).rejects.toMatchObject({ code: '42501' })
  })

  test('without a school nothing is there', async () => {
    for (const table of ['Org', 'User', 'Booking', 'AuditLog', 'Payment']) {
      expect(await db.transaction({}, (run) => run(`SELECT id FROM "${table}"`))).toEqual([])
    }
  })

  test('what others refer to is not deleted', async () => {
    await harbour.booking()
    const write = harbour.run('DELETE FROM "Student" WHERE id = $1', [harbour.studentId])
    await expect(write).rejects.toMatchObject({ code: expect.stringMatching(/^(23001|23503)$/) })
  })
})

describe('people', () => {
  test('the app can read nobody’s password hash', async () => {
    await expect(harbour.run('SELECT password FROM "User"')).rejects.toMatchObject({ code: '42501' })
    await expect(harbour.run('SELECT "tokenHash" FROM "RefreshToken"')).rejects.toMatchObject({ code: '42501' })
  })

  test('a school makes nobody an operator of the platform', async () => {
    const promote = harbour.run('UPDATE "User" SET "platformRole" = $1', ['operator'])
    await expect(promote).rejects.toMatchObject({ code: '42501' })
  })

  test('a school sees its members only', async () => {
    const seen = await harbour.run('SELECT id FROM "User"')
    expect(new Set(seen.map((row) => row.id))).toEqual(new Set(Object.values(harbour.people)))
  })

  test('two people do not share an e-mail address, however it is written', async () => {
    const twin = harbour.run('INSERT INTO "User" (email, "fullName") VALUES ($1, $2)', [
      `Owner@${harbour.slug}.example.test`,
      'Somebody else',
    ])
    await expect(twin).rejects.toMatchObject(refusal('user_email_any_case', '23505'))
  })

  test('a school renames its own people, but not one who also belongs to another', async () => {
    const rename = 'UPDATE "User" SET "fullName" = $2 WHERE id = $1'
    const { finance } = harbour.people
    await harbour.run(rename, [finance, 'Finn Ashby'])
    await torrens.add('UserOrg', { userId: finance, role: 'finance' })
    await expect(harbour.run(rename, [finance, 'Locked Out'])).rejects.toMatchObject(refusal('user_shared'))
  })
})

describe('the states of a booking', () => {
  const allowed: Record<string, string[]> = {
    draft: ['pending_payment', 'requested', 'confirmed', 'cancelled'],
    pending_payment: ['confirmed', 'cancelled'],
    requested: ['pending_payment', 'confirmed', 'cancelled'],
    confirmed: ['in_progress', 'cancelled', 'no_show'],
    scheduled: ['in_progress', 'cancelled', 'no_show'],
    in_progress: ['completed', 'cancelled'],
    completed: [],
    cancelled: [],
    no_show: ['completed', 'cancelled'],
  }

  /** What a booking in this status needs besides. */
  const facts = (status: string) => ({
    status,
    statusChangedAt: new Date(),
    holdExpiresAt: status === 'pending_payment' ? new Date() : null,
    cancelledAt: status === 'cancelled' ? new Date() : null,
    cancellationReason: status === 'cancelled' ? 'sick' : null,
  })

  const pairs = Object.keys(allowed).flatMap((from) => Object.keys(allowed).map((to) => [from, to] as const))
  const [legal, illegal] = [true, false].map((wanted) =>
    pairs.filter(([from, to]) => from !== to && allowed[from]!.includes(to) === wanted),
  ) as [typeof pairs, typeof pairs]

  test.for(legal)('%s can become %s', async ([from, to]) => {
    const { id } = await harbour.booking(facts(from))
    expect(await harbour.change('Booking', id, facts(to))).toMatchObject({ status: to })
  })

  test.for(illegal)('%s cannot become %s', async ([from, to]) => {
    const { id } = await harbour.booking(facts(from))
    await expect(harbour.change('Booking', id, facts(to))).rejects.toMatchObject(refusal('booking_transition'))
  })

  test('a no-show is taken back for a day, not longer, and not when nobody knows since when', async () => {
    const since = (statusChangedAt: Date | null) => harbour.booking({ status: 'no_show', statusChangedAt })
    const [yesterday, unknown] = [await since(after(new Date(), -24 * 60 - 1)), await since(null)]
    await expect(harbour.change('Booking', yesterday.id, { status: 'completed' })).rejects.toMatchObject(
      refusal('booking_transition'),
    )
    await expect(harbour.change('Booking', unknown.id, { status: 'completed' })).rejects.toMatchObject(
      refusal('booking_transition'),
    )
  })

  test('an override needs a reason, holds for one transaction and is recorded', async () => {
    const { id } = await harbour.booking({ status: 'completed' })
    const reopen = (override: string) => harbour.change('Booking', id, { status: 'in_progress' }, { override })
    await expect(reopen('  ')).rejects.toMatchObject(refusal('booking_transition'))
    await reopen('closed by mistake')
    const recorded = await harbour.run('SELECT reason FROM "AuditLog" WHERE "entityId" = $1 AND reason IS NOT NULL', [
      id,
    ])
    expect(recorded).toEqual([{ reason: 'closed by mistake' }])
    await expect(harbour.change('Booking', id, { status: 'confirmed' })).rejects.toMatchObject(
      refusal('booking_transition'),
    )
  })

  test('price, fee, currency and student are fixed once agreed', async () => {
    const { studentId } = await another()
    const agreed = await harbour.booking()
    const dearer = { priceCents: 9000, platformFeeCents: 1350, instructorShareCents: 7650 }
    for (const change of [dearer, { platformFeeBps: 1000 }, { currency: 'NZD' }, { studentId }]) {
      await expect(harbour.change('Booking', agreed.id, change)).rejects.toMatchObject(refusal('booking_price_frozen'))
    }
    const draft = await harbour.booking({ status: 'draft' })
    expect(await harbour.change('Booking', draft.id, dearer)).toMatchObject({ priceCents: 9000 })
  })

  test('a cancelled booking says when and why, an unpaid one until when it is held', async () => {
    const cancelledAt = new Date()
    await expect(harbour.booking({ status: 'cancelled', cancellationReason: 'rain' })).rejects.toMatchObject(
      refusal('booking_cancelled'),
    )
    await expect(harbour.booking({ cancelledAt })).rejects.toMatchObject(refusal('booking_cancelled'))
    await expect(harbour.booking({ status: 'cancelled', cancelledAt })).rejects.toMatchObject(
      refusal('booking_cancel_reason'),
    )
    await expect(harbour.booking({ status: 'cancelled', cancelledAt, cancellationReason: ' ' })).rejects.toMatchObject(
      refusal('booking_cancel_reason'),
    )
    await expect(harbour.booking({ status: 'pending_payment' })).rejects.toMatchObject(refusal('booking_hold'))
  })
})

describe('schedules and price lists', () => {
  const days = { startTime: '09:00', endTime: '17:00' }

  test('an instructor has one set of working hours a weekday', async () => {
    const { instructorId } = harbour
    const monday = { instructorId, dayOfWeek: 1, ...days }
    await harbour.add('InstructorWorkingHours', { ...monday, effectiveTo: '2031-07-01' })
    await expect(
      harbour.add('InstructorWorkingHours', { ...monday, effectiveFrom: '2031-06-30' }),
    ).rejects.toMatchObject(refusal('hours_once', '23P01'))
    await harbour.add('InstructorWorkingHours', { ...monday, effectiveFrom: '2031-07-01' })
    await harbour.add('InstructorWorkingHours', { ...monday, isActive: false })
  })

  test.for([
    ['hours_day', { dayOfWeek: 7 }],
    ['hours_time', { startTime: '9:00' }],
    ['hours_time', { startTime: '17:00', endTime: '09:00' }],
    ['hours_break', { breakStartTime: '12:00' }],
    ['hours_break', { breakStartTime: '12:00', breakEndTime: '18:00' }],
    ['hours_buffer', { travelBufferMin: 61 }],
    ['hours_lessons', { maxLessonsPerDay: 0 }],
    ['hours_period', { effectiveFrom: '2031-07-01', effectiveTo: '2031-06-01' }],
  ] as const)('%s keeps working hours sensible', async ([constraint, wrong]) => {
    const { instructorId } = harbour
    await expect(
      harbour.add('InstructorWorkingHours', { instructorId, dayOfWeek: 2, ...days, ...wrong }),
    ).rejects.toMatchObject(refusal(constraint))
  })

  test('a whole day off is entered once', async () => {
    const dayOff = { instructorId: harbour.instructorId, date: '2031-04-25', isAvailable: false }
    await harbour.add('AvailabilityException', dayOff)
    const twice = harbour.add('AvailabilityException', dayOff)
    await expect(twice).rejects.toMatchObject(
      refusal('AvailabilityException_instructorId_date_startMinute_key', '23505'),
    )
    await expect(harbour.add('AvailabilityException', { ...dayOff, startMinute: 60 })).rejects.toMatchObject(
      refusal('exception_time'),
    )
  })

  test('a rule for any status and any role is entered once', async () => {
    await harbour.add('StateTransitionRule', { toStatus: 'cancelled' })
    const twice = harbour.add('StateTransitionRule', { toStatus: 'cancelled' })
    await expect(twice).rejects.toMatchObject(
      refusal('StateTransitionRule_orgId_fromStatus_toStatus_requiredRole_key', '23505'),
    )
  })

  test('one rate card is the default at a time, per currency', async () => {
    const winter = { name: 'Winter', isDefault: true, validFrom: '2031-06-01T00:00:00Z' }
    await expect(harbour.add('RateCard', winter)).rejects.toMatchObject(refusal('rate_card_one_default', '23P01'))
    await harbour.add('RateCard', { ...winter, name: 'Winter in New Zealand', currency: 'NZD' })
    await harbour.change('RateCard', harbour.rateCardId, { validTo: winter.validFrom })
    await harbour.add('RateCard', winter)
  })

  test.for([
    ['RateCardItem', 'rate_card_item_price', { priceCents: -1 }],
    ['Package', 'package_price', { name: 'Ten', minutes: 600, priceCents: -1 }],
    ['Package', 'package_minutes', { name: 'None', minutes: 0, priceCents: 0 }],
    ['Service', 'service_duration', { name: 'Blink', durationMin: 0 }],
    ['CancellationPolicy', 'policy_percentage', { actor: 'student', hoursBeforeStart: 24, refundPercentage: 101 }],
    ['CancellationPolicy', 'policy_notice', { actor: 'student', hoursBeforeStart: -1 }],
    ['CancellationPolicy', 'policy_fee', { actor: 'student', hoursBeforeStart: 2, feeCents: -1 }],
    ['Location', 'location_place', { name: 'Nowhere', kind: 'office', lat: 91, lng: 0 }],
  ] as const)('%s: %s', async ([table, constraint, wrong]) => {
    const needs = table === 'RateCardItem' ? { rateCardId: harbour.rateCardId, serviceId: harbour.serviceId } : {}
    await expect(harbour.add(table, { ...needs, ...wrong })).rejects.toMatchObject(refusal(constraint))
  })

  test('the figures of a school stay within bounds', async () => {
    const [settings] = await harbour.run('SELECT id FROM "OrgSettings"')
    const wrong = { platformFeeBps: 5001, paymentHoldMin: 4, gpsRetentionDays: 0, refundApprovalOverCents: -1 }
    for (const [column, value] of Object.entries(wrong)) {
      const change = harbour.change('OrgSettings', settings!.id, { [column]: value })
      await expect(change).rejects.toMatchObject({ code: '23514', constraint: expect.stringMatching(/^settings_/) })
    }
  })
})
