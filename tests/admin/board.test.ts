import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Calendar } from '../../src/admin/board/calendar.ts'
import type { LessonJson } from '../../src/admin/board/lessons.ts'
import type { Slots } from '../../src/admin/board/slots.ts'
import type { Board } from '../../src/admin/board/today.ts'
import { confirmed, recordAction, resourceAction } from '../support/actions.ts'
import { type Office, openOffice } from '../support/records.ts'
import type { Browser } from '../support/server.ts'

let office: Office
let manager: Browser
let finance: Browser
let compliance: Browser

beforeAll(async () => {
  office = await openOffice()
  const { harbour } = office
  ;[manager, finance, compliance] = await Promise.all([
    office.as('manager'),
    office.as('finance'),
    office.as('compliance'),
  ])
  for (let dayOfWeek = 0; dayOfWeek <= 6; dayOfWeek++)
    await harbour.add('InstructorWorkingHours', {
      instructorId: harbour.instructorId,
      dayOfWeek,
      startTime: '09:00',
      endTime: '17:00',
      breakStartTime: '12:00',
      breakEndTime: '13:00',
    })
})

afterAll(() => office.close())

const today = (as: Browser, query = '') => office.get<Board>(as, `/admin/api/panel/today${query}`)
const calendar = (as: Browser, query = '') => office.get<Calendar>(as, `/admin/api/panel/calendar${query}`)
const slots = (as: Browser, query = '') => office.get<Slots>(as, `/admin/api/panel/slots${query}`)
const queue = (as: Browser, name: string) =>
  office.get<{ lessons: LessonJson[]; more: boolean }>(as, `/admin/api/panel/queues/${name}`)
const counts = (as: Browser) => office.get<{ counts: Record<string, number> }>(as, '/admin/api/panel/queues')
const instructorOn = async (day: string, as = manager) =>
  (await today(as, `?day=${day}`)).instructors.find(({ id }) => id === office.harbour.instructorId)!
const hours = (minutes: number) => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
const spans = (stretches: readonly { from: number; to: number }[]) =>
  stretches.map(({ from, to }) => `${hours(from)}–${hours(to)}`)

describe('the day of an instructor', () => {
  it('has the lessons, the working hours and the gaps that are long enough', async () => {
    const startAt = new Date('2027-02-01T23:00:00Z')
    const { id } = await office.harbour.booking({ startAt })
    const day = await instructorOn('2027-02-02')
    expect(day.lessons).toMatchObject([
      {
        id,
        day: '2027-02-02',
        from: 600,
        to: 660,
        statusLabel: 'Confirmed',
        student: { title: 'Mia Kowalski' },
        service: { title: 'One hour' },
        unpaid: true,
      },
    ])
    expect(spans(day.working)).toEqual(['9:00–12:00', '13:00–17:00'])
    expect(spans(day.free)).toEqual(['9:00–10:00', '13:00–17:00'])
    await office.harbour.payment({ bookingId: id })
    expect((await instructorOn('2027-02-02')).lessons[0]!.unpaid).toBe(false)
  })

  it('offers what can be done to each lesson as it is now, and nothing to who may only look', async () => {
    const startAt = new Date('2027-02-02T23:00:00Z')
    await office.harbour.booking({ startAt, status: 'requested' })
    const [lesson] = (await instructorOn('2027-02-03')).lessons
    expect(lesson!.actions).toEqual(expect.arrayContaining(['confirm', 'hold', 'cancel', 'reschedule']))
    expect(lesson!.actions).not.toContain('start')
    expect((await instructorOn('2027-02-03', finance)).lessons[0]!.actions).toEqual([])
  })

  it('leaves out what does not take place', async () => {
    const startAt = new Date('2027-02-03T23:00:00Z')
    const cancelled = {
      status: 'cancelled',
      cancelledAs: 'student',
      cancelledAt: new Date(),
      cancellationReason: 'Ill',
    }
    await office.harbour.booking({ startAt, ...cancelled })
    await office.harbour.booking({ startAt, status: 'draft' })
    expect((await instructorOn('2027-02-04')).lessons).toEqual([])
  })

  it('says which papers have lapsed, and why nobody works', async () => {
    const { harbour } = office
    const { id } = await harbour.add('Instructor', { displayName: 'Ravi Sharma' })
    await harbour.add('InstructorCredential', {
      instructorId: id,
      kind: 'medical',
      number: 'M-1',
      expiresOn: '2027-01-31',
      status: 'verified',
      verifiedById: harbour.people.owner,
      verifiedAt: new Date(),
    })
    await harbour.add('AvailabilityException', {
      instructorId: id,
      date: '2027-02-05',
      isAvailable: false,
      note: 'Dentist',
    })
    const board = await today(manager, '?day=2027-02-05')
    const ravi = board.instructors.find((one) => one.id === id)!
    expect(ravi.papers).toMatchObject([{ label: 'Medical expired Sun 31 Jan 2027', lapsed: true }])
    expect(ravi.exceptions).toMatchObject([{ label: 'Dentist', closed: true, from: 0, to: 1440 }])
    expect((await today(manager, '?day=2027-02-06')).off.map(({ title }) => title)).toContain('Ravi Sharma')
  })

  it('is the day of the school across a change of its clocks', async () => {
    const { harbour } = office
    // clocks go from 02:00 to 03:00 on Sunday 4 October 2026, and from 03:00 to 02:00 on Sunday 4 April 2027
    await harbour.booking({ startAt: new Date('2026-10-03T13:00:00Z') })
    await harbour.booking({ startAt: new Date('2026-10-03T22:00:00Z') })
    await harbour.booking({ startAt: new Date('2027-04-04T12:45:00Z') })
    const starts = async (day: string) => (await instructorOn(day)).lessons.map(({ from }) => hours(from))
    expect(await starts('2026-10-03')).toEqual(['23:00'])
    expect(await starts('2026-10-04')).toEqual(['9:00'])
    expect(await starts('2027-04-04')).toEqual(['22:45'])
    expect(spans((await instructorOn('2026-10-04')).working)).toEqual(['9:00–12:00', '13:00–17:00'])
    expect(spans((await instructorOn('2027-04-04')).working)).toEqual(['9:00–12:00', '13:00–17:00'])
  })

  it.each(['2027-02-30', 'tomorrow', '2027-2-1', '0000-01-01'])('%s is no day', async (day) => {
    const { status, message } = await today(manager, `?day=${day}`)
    expect([status, message]).toEqual([400, 'Choose a day of the calendar.'])
  })
})

describe('what a role does not see', () => {
  it('is not on the board: telephone numbers that are masked stay so, and money does without payments', async () => {
    const { harbour } = office
    await harbour.change('Student', harbour.studentId, { phone: '0491 570 006' })
    const startAt = new Date('2027-02-08T23:00:00Z')
    await harbour.booking({ startAt, notes: 'Nervous', pickupAddress: '1 Quiet Street' })
    const seen = async (as: Browser) => (await instructorOn('2027-02-09', as)).lessons[0]!
    expect((await seen(manager)).phone).toBe('0491 570 006')
    const masked = (await seen(finance)).phone
    expect(masked === null || masked.startsWith('•')).toBe(true)
    expect((await seen(compliance)).unpaid).not.toBeUndefined()
    expect(JSON.stringify(await seen(manager))).not.toContain('Quiet')
  })

  it("is another school's", async () => {
    const { harbour, river } = office
    const startAt = new Date('2027-02-09T23:00:00Z')
    const { id } = await river.booking({ startAt })
    expect(JSON.stringify(await today(manager, '?day=2027-02-10'))).not.toContain(id)
    expect(JSON.stringify(await calendar(manager, '?from=2027-02-10&days=7'))).not.toContain(id)
    const foreign = await calendar(manager, `?from=2027-02-10&instructor=${river.instructorId}`)
    expect([foreign.status, foreign.message]).toEqual([404, 'There is no such instructor in your school.'])
    const searched = await slots(manager, `?service=${river.serviceId}&from=2026-12-01`)
    expect(searched.status).toBe(400)
    const withForeign = await slots(manager, `?service=${harbour.serviceId}&instructor=${river.instructorId}`)
    expect(withForeign.days ?? []).toEqual([])
  })

  it('has no address: finance and compliance search no slots and have no queues', async () => {
    for (const as of [finance, compliance])
      for (const path of ['slots', 'queues', 'queues/holds'])
        expect((await office.get(as, `/admin/api/panel/${path}`)).status).toBe(403)
    expect((await finance('/admin/pages/find-slot')).status).toBe(404)
    expect((await finance('/admin/pages/calendar')).status).toBe(200)
    expect((await manager('/admin/pages/find-slot')).status).toBe(200)
    expect((await manager('/admin/pages/nothing')).status).toBe(404)
    expect((await manager('/admin/pages/constructor')).status).toBe(404)
    expect((await manager.post('/admin/pages/calendar')).status).toBe(404)
  })
})

describe('the calendar', () => {
  it('has the days asked for, with the lessons of one instructor or of all', async () => {
    const { harbour } = office
    const { id } = await harbour.add('Instructor', { displayName: 'Ana Silva' })
    for (const [instructorId, day] of [
      [harbour.instructorId, 1],
      [id, 1],
      [id, 3],
    ] as const)
      await harbour.booking({
        instructorId,
        startAt: new Date(Date.UTC(2027, 2, day, 1)),
        studentId: (await harbour.add('Student', { fullName: 'Nora Lind' })).id,
      })
    const all = await calendar(manager, '?from=2027-03-01&days=1')
    expect(all.lessons).toHaveLength(2)
    const week = await calendar(manager, `?from=2027-03-01&days=7&instructor=${id}`)
    expect(week.days).toHaveLength(7)
    expect(week.lessons.map(({ day, from }) => `${day} ${hours(from)}`)).toEqual([
      '2027-03-01 12:00',
      '2027-03-03 12:00',
    ])
    expect(week.instructors.map(({ title }) => title)).toEqual(['Ana Silva'])
    expect(week.crew.map(({ title }) => title)).toEqual(expect.arrayContaining(['Ana Silva', 'Ines Okafor']))
  })

  it.each(['days=8', 'days=0', 'days=1.5', 'days=week', 'instructor=nobody', 'from=never'])(
    'refuses %s in a sentence',
    async (query) => {
      const { status, message } = await calendar(manager, `?${query}`)
      expect(status).toBe(400)
      expect(message).toMatch(/^[A-Z].*\.$/)
    },
  )

  it('asks for less when there are more lessons than it can show, and shows 60 instructors at the most', async () => {
    const { harbour } = office
    await harbour.run(
      `INSERT INTO "Instructor" ("orgId", "displayName") SELECT $1, 'Crew ' || lpad(n::text, 3, '0') FROM generate_series(1, 70) n`,
      [harbour.orgId],
    )
    const wide = await calendar(manager, '?from=2027-05-03&days=1')
    expect([wide.instructors.length, wide.more]).toEqual([60, true])
    await harbour.run(
      `INSERT INTO "Student" ("orgId", "fullName") SELECT $1, 'Learner ' || n FROM generate_series(1, 70) n`,
      [harbour.orgId],
    )
    await harbour.run(
      `INSERT INTO "Booking" ("orgId", "studentId", "instructorId", "serviceId", "startAt", "endAt", "blockedUntil", status, "priceCents", "platformFeeBps", "platformFeeCents", "instructorShareCents")
       SELECT $1, s.id, i.id, $2, t, t + interval '30 minutes', t + interval '30 minutes', 'confirmed', 8500, 1500, 1275, 7225
         FROM (SELECT id, row_number() OVER (ORDER BY id) n FROM "Instructor" WHERE "displayName" LIKE 'Crew %') i
         JOIN (SELECT id, row_number() OVER (ORDER BY id) n FROM "Student" WHERE "fullName" LIKE 'Learner %') s USING (n),
              generate_series('2027-05-02T20:00Z'::timestamptz, '2027-05-03T10:30Z', '30 minutes') t`,
      [harbour.orgId, harbour.serviceId],
    )
    const { status, message } = await calendar(manager, '?from=2027-05-03&days=1')
    expect([status, message]).toEqual([
      400,
      'There are too many lessons to show at once. Choose one instructor, or a single day.',
    ])
    const board = await today(manager, '?day=2027-05-03')
    expect([board.status, board.more]).toEqual([200, true])
    await harbour.run(`UPDATE "Instructor" SET active = false WHERE "displayName" LIKE 'Crew %'`)
  })
})

describe('free times', () => {
  it('come by day for the service that is booked most, each with its instructor', async () => {
    const found = await slots(manager)
    expect(found.asked.service).toBe(office.harbour.serviceId)
    expect(found.days.length).toBeGreaterThan(0)
    const [first] = found.days[0]!.instructors
    expect(first).toMatchObject({ id: office.harbour.instructorId, title: 'Ines Okafor' })
    expect(first!.slots.every(({ from, to }) => to - from === 60)).toBe(true)
    expect(found.choices.services.map(({ title }) => title)).toEqual(['One hour'])
  })

  it('are none with the reason and what to do', async () => {
    const { reason, days } = await slots(manager, '?from=2020-01-01&to=2020-01-02')
    expect(days).toEqual([])
    expect(reason).toMatch(/^Lessons are booked at least 2 hours ahead/)
  })

  it.each([
    ['days turned round', 'from=2026-12-02&to=2026-12-01', 'The last day is before the first. Choose a later one.'],
    ['a quarter of a year', 'from=2026-12-01&to=2027-05-01', 'Search at most 92 days at once.'],
    ['no transmission there is', 'transmission=steam', 'Choose automatic or manual.'],
    ['no id', 'service=one', 'Choose one from the list.'],
  ])('%s: refused in a sentence', async (_, query, sentence) => {
    const { status, message } = await slots(manager, `?${query}`)
    expect([status, message]).toEqual([400, sentence])
  })

  it('of a school without a service say what to do', async () => {
    const { harbour } = office
    await harbour.run('UPDATE "Service" SET active = false')
    const { reason } = await slots(manager)
    await harbour.run('UPDATE "Service" SET active = true')
    expect(reason).toBe('The school offers no service yet. Add one under Services.')
  })
})

describe('what is done from the board', () => {
  it('happens as it was shown, also what counts from the moment or from the press of the button', async () => {
    const { harbour } = office
    const { instructorId, studentId, serviceId } = harbour
    const input = { instructorId, studentId, serviceId, startAt: '2026-12-15T10:00' }
    const booked = await confirmed(manager, resourceAction('Booking', 'book'), input)
    expect([booked.state, booked.message]).toEqual(['done', 'The lesson is booked for A$85.00.'])
    const { id } = await harbour.booking({ startAt: new Date('2026-12-16T00:00:00Z'), status: 'requested' })
    expect((await confirmed(manager, recordAction('Booking', id, 'hold'))).state).toBe('done')
  })
})

describe('what waits for somebody', () => {
  it('is counted, and listed with the most urgent first', async () => {
    const { harbour } = office
    const now = Date.now()
    const at = (hoursFromNow: number) => new Date(now + hoursFromNow * 3_600_000)
    const before = (await counts(manager)).counts
    const held = (startAt: Date, minutes: number) =>
      harbour.booking({ startAt, status: 'pending_payment', holdExpiresAt: new Date(now + minutes * 60_000) })
    await held(at(300), 20)
    const urgent = await held(at(310), 2)
    await harbour.booking({ startAt: at(320), status: 'requested' })
    const missed = await harbour.booking({ startAt: at(-5), status: 'no_show', statusChangedAt: at(-3) })
    await harbour.booking({ startAt: at(-40), status: 'no_show', statusChangedAt: at(-30) })
    const open = await harbour.booking({ startAt: at(-9) })
    const after = (await counts(manager)).counts
    const more = Object.fromEntries(Object.entries(after).map(([name, count]) => [name, count - before[name]!]))
    expect(more).toMatchObject({ holds: 2, 'no-shows': 1, unclosed: 1 })
    expect((await queue(manager, 'holds')).lessons[0]!.id).toBe(urgent.id)
    expect((await queue(manager, 'unclosed')).lessons.map(({ id }) => id)).toContain(open.id)
    const [noShow] = (await queue(manager, 'no-shows')).lessons
    expect(noShow!.id).toBe(missed.id)
    expect(noShow!.actions).toContain('complete')
    expect((await queue(manager, randomUUID())).status).toBe(404)
  })
})
