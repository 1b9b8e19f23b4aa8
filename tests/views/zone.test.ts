import { describe, expect, it } from 'vitest'
import { formatDateTime, formatDay, greeting, today, wallTime, zoneCity } from '../../views/zone.ts'

const now = new Date('2026-06-01T00:00:00Z')

describe('times of a school', () => {
  it('are those of its own clocks, whatever the reader’s computer says', () => {
    expect(formatDateTime('2026-11-24T04:30:00.000Z', 'Australia/Sydney', now)).toBe('Tue 24 Nov, 15:30')
    expect(formatDateTime('2026-11-24T04:30:00.000Z', 'Australia/Perth', now)).toBe('Tue 24 Nov, 12:30')
  })

  it('follow daylight saving', () => {
    expect(formatDateTime('2026-10-03T15:59:00Z', 'Australia/Sydney', now)).toBe('Sun 4 Oct, 01:59')
    expect(formatDateTime('2026-10-03T16:00:00Z', 'Australia/Sydney', now)).toBe('Sun 4 Oct, 03:00')
  })

  it('name the year when it is another', () => {
    expect(formatDateTime('2027-01-01T00:00:00Z', 'UTC', now)).toBe('Fri 1 Jan 2027, 00:00')
    // still 2026 in London, already 2027 in Sydney
    expect(formatDateTime('2026-12-31T20:00:00Z', 'Australia/Sydney', now)).toBe('Fri 1 Jan 2027, 07:00')
  })

  it('write September with three letters like every month', () => {
    expect(formatDateTime('2026-09-15T00:00:00Z', 'UTC', now)).toBe('Tue 15 Sep, 00:00')
  })

  it('fill a field with the wall time and its day', () => {
    expect(wallTime('2026-11-24T04:30:00.000Z', 'Australia/Sydney')).toBe('2026-11-24T15:30')
    expect(wallTime('2026-11-24T13:00:00.000Z', 'Australia/Sydney')).toBe('2026-11-25T00:00')
    expect(wallTime('', 'Australia/Sydney')).toBe('')
    expect(today('Australia/Sydney', new Date('2026-11-24T13:00:00Z'))).toBe('2026-11-25')
  })

  it('greet by the time of day there', () => {
    const hours = ['2026-11-23T21:00:00Z', '2026-11-24T03:00:00Z', '2026-11-24T08:00:00Z']
    expect(hours.map((at) => greeting('Australia/Sydney', new Date(at)))).toEqual([
      'Good morning',
      'Good afternoon',
      'Good evening',
    ])
  })
})

it('a day is the same day in every zone', () => {
  expect(formatDay('2026-11-24')).toBe('Tue 24 Nov 2026')
  expect(formatDay('2008-05-04T00:00:00.000Z')).toBe('Sun 4 May 2008')
})

it('what is no time is shown as it is', () => {
  expect(formatDateTime('soon', 'UTC', now)).toBe('soon')
  expect(formatDay('someday')).toBe('someday')
})

it('a zone is named by its city', () => {
  expect(['Australia/Sydney', 'America/Argentina/Buenos_Aires', 'UTC'].map(zoneCity)).toEqual([
    'Sydney',
    'Buenos Aires',
    'UTC',
  ])
})
