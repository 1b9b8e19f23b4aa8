import { DateTime } from 'luxon'
import { invalid } from '../../core/errors.ts'
import { dayOf, parseDate, wallTime } from '../../core/time.ts'

/** The day that was asked for, or the one it is in the school's zone. @throws AppError Invalid when it is no day */
export function dayAsked(text: string | undefined, zone: string, field = 'day'): string {
  if (text === undefined || text === '') return dayOf(new Date(), zone)
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? parseDate(text) : null
  if (day === null || day < '1900-01-01' || day > '9000-01-01') throw invalid('Choose a day of the calendar.', field)
  return day
}

/** `yyyy-mm-dd` so many days later. */
export const dayAfter = (day: string, days: number): string => DateTime.fromISO(day).plus({ days }).toISODate()!

/** How many days from one to the other; 0 for the same. */
export const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000

/** The day and the time of the day in minutes, as the school's clocks show them. */
export function onTheClock(instant: Date, zone: string): { day: string; minute: number } {
  const wall = wallTime(instant, zone)
  return { day: wall.slice(0, 10), minute: Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16)) }
}

/** A stretch of a local day, in minutes from its midnight; what goes on past midnight ends there. */
export interface Stretch {
  readonly day: string
  readonly from: number
  readonly to: number
}

const MIDNIGHT = 1440

export function stretchOf({ from, to }: { from: Date; to: Date }, zone: string): Stretch {
  const begin = onTheClock(from, zone)
  const end = onTheClock(to, zone)
  return { day: begin.day, from: begin.minute, to: end.day === begin.day ? end.minute : MIDNIGHT }
}
