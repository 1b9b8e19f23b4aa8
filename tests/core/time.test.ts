import { describe, expect, it } from 'vitest'
import { dayBounds, formatInstant, parseDate, parseInstant } from '../../src/core/time.ts'

describe('what a person types is the wall time of the school', () => {
  it.each([
    ['2026-11-24T15:30', 'Australia/Sydney', '2026-11-24T04:30:00.000Z'],
    ['2026-07-24T15:30', 'Australia/Sydney', '2026-07-24T05:30:00.000Z'],
    ['2026-11-24T15:30', 'Australia/Brisbane', '2026-11-24T05:30:00.000Z'],
    ['2026-11-24 15:30', 'Australia/Adelaide', '2026-11-24T05:00:00.000Z'],
    ['2026-11-24T04:30:00.000Z', 'Australia/Adelaide', '2026-11-24T04:30:00.000Z'],
  ])('%s in %s', (text, zone, instant) => expect(parseInstant(text, zone)?.toISOString()).toBe(instant))

  it('refuses a time that the clocks skip', () => {
    expect(parseInstant('2026-10-04T02:30', 'Australia/Sydney')).toBeNull()
    expect(parseInstant('2026-10-04T02:30', 'Australia/Brisbane')).not.toBeNull()
  })

  it.each(['tomorrow', '2026-13-01T10:00', '2026-02-30T10:00', '', '1', '2026-11-24'])('refuses "%s"', (text) =>
    expect(parseInstant(text, 'Australia/Sydney')).toBeNull(),
  )
})

it('counts a day from midnight to midnight of the school, also when it has 23 or 25 hours', () => {
  const hours = (day: string) =>
    dayBounds(day, 'Australia/Sydney').reduce(
      (start, end) => (end.getTime() - start.getTime()) as never,
    ) as unknown as number
  expect([hours('2026-10-04'), hours('2026-11-24'), hours('2027-04-04')].map((ms) => ms / 3_600_000)).toEqual([
    23, 24, 25,
  ])
})

it('takes only real days', () => {
  expect([parseDate('2026-02-28'), parseDate('2026-02-29'), parseDate('2028-02-29'), parseDate('28.2.2026')]).toEqual([
    '2026-02-28',
    null,
    '2028-02-29',
    null,
  ])
})

it("shows a time in the school's zone, and the year only when it is another", () => {
  const now = new Date('2026-11-22T00:00:00Z')
  expect(formatInstant(new Date('2026-11-24T04:30:00Z'), 'Australia/Sydney', now)).toBe('Tue 24 Nov, 15:30')
  expect(formatInstant(new Date('2027-01-05T04:30:00Z'), 'Australia/Adelaide', now)).toBe('Tue 5 Jan 2027, 15:00')
})
