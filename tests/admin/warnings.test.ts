import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Asked } from '../../src/admin/records/warnings.ts'
import { hoursLater, worksWeekdays } from '../domain/scheduling.ts'
import { bulkAction, preview } from '../support/actions.ts'
import type { Row } from '../support/database.ts'
import { type Office, openOffice } from '../support/records.ts'
import type { School } from '../support/school.ts'
import type { Browser } from '../support/server.ts'

interface Answer {
  status: number
  message?: string
  asked?: Asked | null
  record?: { id: string; errors: Record<string, { message: string }> }
  notice?: { message: string; type: string }
  days?: { dayOfWeek: number; works: boolean; startTime: string }[]
}

let office: Office
let harbour: School
let manager: Browser
let lesson: Row
/** A Wednesday, ten in the morning in Sydney, in three weeks or so. */
let wednesday: Date

beforeAll(async () => {
  office = await openOffice()
  ;({ harbour } = office)
  manager = await office.as('manager')
  await worksWeekdays(harbour)
  wednesday = nextWednesday()
  lesson = await harbour.booking({ startAt: wednesday, endAt: hoursLater(wednesday, 1) })
})
afterAll(() => office.close())

function nextWednesday(): Date {
  // 00:00 UTC is ten or eleven o'clock there: both inside the hours
  const day = new Date(Date.now() + 21 * 24 * 3_600_000)
  day.setUTCHours(0, 0, 0, 0)
  return hoursLater(day, 24 * ((10 - day.getUTCDay()) % 7))
}

const isoDay = (): string => wednesday.toISOString().slice(0, 10)
const hoursOn = async (dayOfWeek: number): Promise<Row> =>
  (await harbour.run('SELECT * FROM "InstructorWorkingHours" WHERE "dayOfWeek" = $1', [dayOfWeek]))[0]!
const change = (model: string, id: string, fields: Record<string, string>) =>
  office.edit<Answer>(manager, model, id, fields)
const add = (model: string, fields: Record<string, string>) =>
  office.post<Answer>(manager, `/admin/api/resources/${model}/actions/new`, fields)
const leave = () => ({ instructor: harbour.instructorId, date: isoDay(), isAvailable: 'false', note: 'Sick' })

describe('a manager who shortens the hours of a day on which a lesson is booked', () => {
  it('is shown the lesson before anything is saved, and saves only by agreeing', async () => {
    const { id } = await hoursOn(3)
    const { asked, notice } = await change('InstructorWorkingHours', id, { startTime: '11:30' })
    expect(notice?.type).toBe('error')
    expect(asked?.total).toBe(1)
    expect(asked?.sentence).toContain('One lesson that is booked no longer fits')
    expect(asked?.shown[0]).toMatchObject({
      why: 'outside the hours',
      href: `/admin/resources/Booking/records/${lesson.id}/show`,
    })
    expect(asked?.shown[0]!.title).toContain('Mia Kowalski')
    expect((await hoursOn(3)).startTime).toBe('09:00')

    const saved = await change('InstructorWorkingHours', id, { startTime: '11:30', 'warning.agreed': asked!.agreed })
    expect(saved.notice?.type).toBe('success')
    expect((await hoursOn(3)).startTime).toBe('11:30')
    expect((await harbour.run('SELECT status FROM "Booking" WHERE id = $1', [lesson.id]))[0]!.status).toBe('confirmed')
    await harbour.change('InstructorWorkingHours', id, { startTime: '09:00' })
  })

  it('is asked again when another lesson was booked meanwhile', async () => {
    const { id } = await hoursOn(4)
    const thursday = hoursLater(wednesday, 24)
    await harbour.booking({ startAt: thursday, endAt: hoursLater(thursday, 1) })
    const first = await change('InstructorWorkingHours', id, { isActive: 'false' })
    await harbour.booking({ startAt: hoursLater(thursday, 3), endAt: hoursLater(thursday, 4) })
    const again = await change('InstructorWorkingHours', id, {
      isActive: 'false',
      'warning.agreed': first.asked!.agreed,
    })
    expect(again.asked?.total).toBe(2)
    expect((await hoursOn(4)).isActive).toBe(true)
  })

  it('hears nothing about a change that concerns no lesson', async () => {
    const { id } = await hoursOn(3)
    const { asked, notice } = await change('InstructorWorkingHours', id, { endTime: '16:30' })
    expect([asked, notice?.type]).toEqual([undefined, 'success'])
  })

  it('is told what is wrong with the hours themselves, not what they would do', async () => {
    const { id } = await hoursOn(3)
    const { asked, record } = await change('InstructorWorkingHours', id, { breakStartTime: '13:30' })
    expect(asked).toBeUndefined()
    expect(Object.values(record!.errors)[0]!.message).toContain('A break needs a start and an end')
  })
})

describe('leave on a day with a lesson', () => {
  it('is saved after the lesson was seen, and taking it back asks nothing', async () => {
    const { asked } = await add('AvailabilityException', leave())
    expect(asked?.total).toBe(1)
    expect(await harbour.run('SELECT 1 FROM "AvailabilityException"')).toEqual([])
    const saved = await add('AvailabilityException', { ...leave(), 'warning.agreed': asked!.agreed })
    expect(saved.notice?.type).toBe('success')
    const [row] = await harbour.run('SELECT id FROM "AvailabilityException"')
    const removed = await office.post<Answer>(
      await office.as('admin'),
      `/admin/api/resources/AvailabilityException/records/${row!.id}/delete`,
    )
    expect([removed.asked, removed.notice?.type]).toEqual([undefined, 'success'])
  })
})

it('deleting hours names the lessons that would stand alone, and happens only when that was seen', async () => {
  const { id } = await hoursOn(3)
  const admin = await office.as('admin')
  const path = `/admin/api/resources/InstructorWorkingHours/records/${id}/delete`
  const { asked } = await office.post<Answer>(admin, path)
  expect(asked?.total).toBe(1)
  expect((await hoursOn(3)).id).toBe(id)
  expect((await office.post<Answer>(admin, path, { 'warning.agreed': asked!.agreed })).notice?.type).toBe('success')
  await harbour.add('InstructorWorkingHours', {
    instructorId: harbour.instructorId,
    dayOfWeek: 3,
    startTime: '09:00',
    endTime: '17:00',
  })
})

it('deleting several at once shows the lessons in its preview', async () => {
  const ids = (await harbour.run('SELECT id FROM "InstructorWorkingHours"')).map(({ id }) => id)
  const shown = await preview(await office.as('admin'), bulkAction('InstructorWorkingHours', ids, 'bulkDelete'))
  const { concerns } = shown.preview as unknown as { concerns: Asked | null }
  expect(concerns?.shown[0]!.title).toContain('Mia Kowalski')
  expect(await harbour.run('SELECT id FROM "InstructorWorkingHours"')).toHaveLength(ids.length)
})

it('a new price list says which lessons keep the price they were booked at, and two at once are refused', async () => {
  const clash = await add('RateCard', { name: 'Clash', isDefault: 'true', currency: 'AUD' })
  expect(clash.asked).toBeUndefined()
  expect(Object.values(clash.record!.errors)[0]!.message).toMatch(/rate card|prices/i)

  const until = hoursLater(wednesday, -48).toISOString()
  const ended = await change('RateCard', harbour.rateCardId, { validTo: until })
  expect(ended.asked?.sentence).toContain('keep the prices they were booked at')
  expect(ended.asked?.shown[0]!.why).toBe('booked at A$85.00; then there is no price')
})

it('new cancellation terms say for which lessons they would hold', async () => {
  const { asked } = await add('CancellationPolicy', {
    actor: 'student',
    hoursBeforeStart: '24',
    refundPercentage: '100',
    feeCents: '0',
    isActive: 'true',
  })
  expect(asked?.total).toBeGreaterThan(0)
  expect(asked?.shown[0]!.why).toBe('Student: 100 % from 24 h, later: no terms')
})

it('a rule that narrows a step says for which bookings', async () => {
  const { asked } = await add('StateTransitionRule', {
    fromStatus: 'confirmed',
    toStatus: 'cancelled',
    requiredRole: 'owner',
    isActive: 'true',
  })
  expect(asked?.shown[0]!.why).toBe('Confirmed to cancelled: owner only')
})

describe('the week of an instructor', () => {
  const path = () => `/admin/api/panel/working-week/${harbour.instructorId}`
  const send = async (days: unknown, agreed?: string): Promise<Answer> => {
    const response = await manager(path(), {
      method: 'POST',
      body: JSON.stringify({ days, agreed }),
      headers: { 'Content-Type': 'application/json' },
    })
    return { ...((await response.json()) as Answer), status: response.status }
  }

  it('is read and saved as a whole, with the lessons it would leave outside shown first', async () => {
    const { days } = await office.get<Answer>(manager, path())
    expect(days).toHaveLength(7)
    expect(days!.filter(({ works }) => works).map(({ dayOfWeek }) => dayOfWeek)).toEqual([1, 2, 3, 4, 5])
    const next = days!.map((day) => ({ ...day, works: day.dayOfWeek !== 3 && day.dayOfWeek !== 0 }))
    const { asked } = await send(next)
    expect(asked?.total).toBe(1)
    expect((await hoursOn(3)).isActive).toBe(true)
    const saved = await send(next, asked!.agreed)
    expect(saved.notice).toEqual({ type: 'success', message: 'The working week of Ines Okafor is saved.' })
    const after = await office.get<Answer>(manager, path())
    expect(after.days!.filter(({ works }) => works).map(({ dayOfWeek }) => dayOfWeek)).toEqual([1, 2, 4, 5, 6])
    // a day that is worked again is the same one again
    expect((await send(days)).notice?.type).toBe('success')
    expect(await harbour.run('SELECT id FROM "InstructorWorkingHours" WHERE "dayOfWeek" = 3')).toHaveLength(1)
  })

  it('names the day that is wrong, and saves none of the others', async () => {
    const { days } = await office.get<Answer>(manager, path())
    const wrong = days!.map((day) =>
      day.dayOfWeek === 2 ? { ...day, startTime: '18:00' } : { ...day, startTime: '08:00' },
    )
    const { status, message } = await send(wrong)
    expect([status, message]).toEqual([400, expect.stringMatching(/^Tuesday: /)])
    expect((await hoursOn(1)).startTime).toBe('09:00')
  })

  it('is closed to who may not plan it, and to another school', async () => {
    const finance = await office.as('finance')
    expect((await finance(path())).status).toBe(403)
    const other = `/admin/api/panel/working-week/${office.river.instructorId}`
    expect((await manager(other)).status).toBe(404)
    expect((await manager('/admin/api/panel/working-week/nobody')).status).toBe(404)
  })
})
