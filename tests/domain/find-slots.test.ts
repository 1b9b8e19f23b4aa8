import { hash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { formatInstant } from '../../src/core/time.ts'
import type { SlotSearch } from '../../src/domain/availability/find-slots.ts'
import type { Place } from '../../src/domain/places.ts'
import { refusal, worksWeekdays } from './scheduling.ts'
import {
  FAR,
  HERE,
  NOW,
  THERE,
  TUESDAY,
  ZONE,
  at,
  books,
  harbour,
  learner,
  search,
  searchesSlots,
} from './slot-search.ts'

searchesSlots()

/** The times that are found, in the order of the clock. */
const times = async (more: Partial<SlotSearch> = {}): Promise<string[]> => {
  const { slots } = await search(more)
  return slots.map(({ startAt }) => formatInstant(startAt, ZONE).slice(-5)).toSorted()
}
const quarters = (from: string, to: string): string[] => {
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
  const list: string[] = []
  for (let one = minutes(from); one <= minutes(to); one += 15)
    list.push(`${String(Math.floor(one / 60)).padStart(2, '0')}:${String(one % 60).padStart(2, '0')}`)
  return list
}

describe('the times that are offered', () => {
  it('are the quarters of the working hours without the break', async () => {
    expect(await times()).toEqual([...quarters('09:00', '11:00'), ...quarters('13:00', '16:00')])
  })

  it('leave the buffer after a lesson and before the next', async () => {
    await books(at('14:00'), { studentId: await learner() })
    expect(await times()).toEqual([...quarters('09:00', '11:00'), ...quarters('15:15', '16:00')])
    await books(at('10:15'), { studentId: await learner() })
    expect(await times()).toEqual([...quarters('09:00', '09:00'), ...quarters('15:15', '16:00')])
  })

  it('leave the buffer also when a break shorter than it stands between', async () => {
    await harbour.run(
      `UPDATE "InstructorWorkingHours" SET "breakStartTime" = '12:00', "breakEndTime" = '12:05' WHERE "dayOfWeek" = 2`,
    )
    await books(at('12:05'), { studentId: await learner() })
    expect((await times()).findLast((time) => time < '12:00')).toBe('10:45')
    await books(at('10:45'), { studentId: await learner() })
  })

  it('respect leave for a part of the day, extra time, and hours that apply from a day on', async () => {
    const { instructorId } = harbour
    const exception = (values: Record<string, unknown>) =>
      harbour.add('AvailabilityException', { instructorId, date: TUESDAY, ...values })
    await exception({ isAvailable: false, startMinute: 13 * 60, endMinute: 1440 })
    expect(await times()).toEqual(quarters('09:00', '11:00'))
    await exception({ isAvailable: true, startMinute: 7 * 60, endMinute: 9 * 60 })
    expect(await times()).toEqual(quarters('07:00', '11:00'))
    await harbour.run(`UPDATE "InstructorWorkingHours" SET "effectiveFrom" = '2027-02-17' WHERE "dayOfWeek" = 2`)
    expect(await times()).toEqual(quarters('07:00', '08:00'))
  })

  it('can be booked one after the other, whichever is taken, until the day is full', async () => {
    const booked: string[] = []
    for (let n = 0; ; n++) {
      const { slots } = await search()
      if (slots.length === 0) break
      // now an early one, now a late one, now one in between
      const { startAt } = slots[(n * 7) % slots.length]!
      await books(startAt, { studentId: await learner() })
      booked.push(formatInstant(startAt, ZONE).slice(-5))
    }
    expect(booked.length).toBeGreaterThanOrEqual(3)
    expect(await refusal(books(at('13:00'), { studentId: await learner() }))).toContain('is not free')
  })

  it('begin after the notice and end with the horizon', async () => {
    const found = await search({}, at('09:30'))
    const starts = found.slots.map(({ startAt }) => startAt.getTime())
    expect(Math.min(...starts)).toBe(at('13:00').getTime())
    const ahead = await search({ fromDay: '2027-05-07', toDay: '2027-05-17' }, NOW)
    const last = Math.max(...ahead.slots.map(({ startAt }) => startAt.getTime()))
    expect(last).toBeLessThanOrEqual(NOW.getTime() + 90 * 24 * 3_600_000)
  })

  it('leave out the hours in which the learner has another lesson', async () => {
    const { id: other } = await harbour.add('Instructor', { displayName: 'Sam Second' })
    await worksWeekdays(harbour, other)
    await books(at('09:00'), { instructorId: other })
    const withHer = { instructorId: harbour.instructorId }
    expect(await times({ ...withHer, studentId: harbour.studentId })).not.toContain('09:45')
    expect(await times({ ...withHer, studentId: await learner() })).toContain('09:45')
  })

  it('stop on the day on which the papers of the instructor lapse', async () => {
    await harbour.add('InstructorCredential', {
      instructorId: harbour.instructorId,
      kind: 'working_with_children',
      number: 'W1',
      expiresOn: '2027-02-17',
      status: 'verified',
    })
    const { slots } = await search({ fromDay: '2027-02-15', toDay: '2027-02-26' })
    const days = [...new Set(slots.map(({ startAt }) => formatInstant(startAt, ZONE, NOW).slice(0, 10)))]
    expect(days).toEqual(['Mon 15 Feb', 'Tue 16 Feb', 'Wed 17 Feb'])
  })

  it('are of all who teach the gearbox, those that leave no hole first', async () => {
    await harbour.add('Instructor', { displayName: 'Max Manual', teachesAutomatic: false, teachesManual: true })
    const { id: both } = await harbour.add('Instructor', { displayName: 'Bo Both', teachesManual: true })
    await worksWeekdays(harbour, both)
    const found = await search({ transmission: 'manual' })
    expect(new Set(found.slots.map(({ instructor }) => instructor))).toEqual(new Set(['Bo Both']))
    const joins = found.slots.map((slot) => slot.joins)
    expect(joins).toEqual([...joins].toSorted((a, b) => Number(b) - Number(a)))
    expect(joins.filter(Boolean)).toHaveLength(4)
  })
})

const isAfterNoon = (time: string): boolean => time > '12:00'

describe('the way', () => {
  const cached = (from: Place, to: Place, values: Record<string, unknown> = {}) => {
    const name = ({ lat, lng }: Place) => hash('sha1', `${lat.toFixed(3)},${lng.toFixed(3)}`, 'hex').slice(0, 16)
    return harbour.add('TravelTimeCache', {
      fromLocationHash: name(from),
      toLocationHash: name(to),
      fromLat: from.lat,
      fromLng: from.lng,
      toLat: to.lat,
      toLng: to.lng,
      drivingTimeMin: 30,
      distanceMeters: 12_000,
      trafficMultiplier: 1.5,
      peakHourMultiplier: 2,
      lastUpdated: NOW,
      cacheValidUntil: at('23:00'),
      ...values,
    })
  }

  it('from the lesson before and to the lesson after must fit: usual traffic, and more at peak', async () => {
    await cached(THERE, HERE)
    await cached(HERE, THERE)
    // until 14:15, when traffic is usual: 45 minutes from there
    await books(at('13:15'), { studentId: await learner(), pickup: THERE })
    const usual = await times({ pickup: HERE })
    expect(usual).toEqual([...quarters('09:00', '11:00'), ...quarters('15:00', '16:00')])
    // at 16:00 the roads are full: an hour to there
    await harbour.run('UPDATE "Booking" SET "startAt" = $1, "endAt" = $2, "blockedUntil" = $3', [
      at('16:00'),
      at('17:00'),
      at('17:15'),
    ])
    expect(await times({ pickup: HERE })).toEqual([...quarters('09:00', '11:00'), ...quarters('13:00', '14:00')])
    expect(await times({ pickup: THERE })).toEqual([...quarters('09:00', '11:00'), ...quarters('13:00', '14:45')])
  })

  it('that nobody has measured, or long ago, is estimated', async () => {
    await books(at('13:00'), { studentId: await learner(), pickup: THERE })
    await cached(THERE, HERE, { cacheValidUntil: NOW, drivingTimeMin: 200 })
    const found = (await times({ pickup: HERE })).find(isAfterNoon)
    // 7.2 km as the crow flies, 22 minutes by road
    expect(found).toBe('14:30')
    // more than two hours to there
    expect((await times({ pickup: FAR })).filter(isAfterNoon)).toEqual([])
  })

  it('also counts when a place of the school is where they meet, and is not known without any place', async () => {
    await harbour.change('Location', harbour.locationId, HERE as unknown as Record<string, unknown>)
    await books(at('13:00'), { studentId: await learner(), pickup: FAR })
    expect((await times({ locationId: harbour.locationId })).find(isAfterNoon)).toBe('16:00')
    expect((await times()).find(isAfterNoon)).toBe('14:15')
  })

  it('is looked at again when the lesson is booked', async () => {
    await books(at('13:00'), { studentId: await learner(), pickup: FAR })
    const early = { studentId: await learner(), pickup: HERE }
    expect(await refusal(books(at('14:15'), early))).toContain('the way from the lesson before')
    await books(at('16:00'), early)
  })

  it('that is shorter comes first', async () => {
    const { id: near } = await harbour.add('Instructor', { displayName: 'Nea Near' })
    await worksWeekdays(harbour, near)
    await books(at('10:00'), { studentId: await learner(), pickup: THERE })
    await books(at('10:00'), { studentId: await learner(), pickup: HERE, instructorId: near })
    const found = await search({ pickup: HERE })
    const first = found.slots.find(({ startAt }) => startAt >= at('13:00'))
    expect(first).toMatchObject({ instructor: 'Nea Near', roadMin: 0 })
  })
})

describe('the older table of availability', () => {
  const offers = (instructorId: string) =>
    harbour.add('InstructorAvailability', { instructorId, dayOfWeek: 2, startMinute: 18 * 60, endMinute: 20 * 60 })

  it('counts for an instructor without working hours', async () => {
    const { id } = await harbour.add('Instructor', { displayName: 'Old Table' })
    await offers(id)
    expect(await times({ instructorId: id })).toEqual(quarters('18:00', '19:00'))
    await books(at('18:30'), { instructorId: id })
  })

  it('says nothing of one who has them, on whatever day', async () => {
    await offers(harbour.instructorId)
    await harbour.run('DELETE FROM "InstructorWorkingHours" WHERE "dayOfWeek" = 2')
    expect(await times()).toEqual([])
    await harbour.run('UPDATE "InstructorWorkingHours" SET "isActive" = false')
    expect(await times()).toEqual(quarters('18:00', '19:00'))
  })
})
