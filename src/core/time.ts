import { DateTime } from 'luxon'

const WALL_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?$/
const DATE = /^\d{4}-\d{2}-\d{2}$/

/**
 * An instant from what a person typed or a program sent: ISO with an offset, or wall time in the school's zone.
 * @returns null when it is no time, or one that the school's clocks skip (the hour that daylight saving takes away)
 */
export function parseInstant(text: string, zone: string): Date | null {
  if (!WALL_TIME.test(text))
    return DateTime.fromISO(text, { setZone: true }).isValid && hasOffset(text) ? new Date(text) : null
  const wall = DateTime.fromISO(text.replace(' ', 'T'), { zone })
  // luxon moves a skipped time forward: read back, it is no longer what was typed
  return wall.isValid && wall.toFormat("yyyy-MM-dd'T'HH:mm") === text.slice(0, 16).replace(' ', 'T')
    ? wall.toJSDate()
    : null
}

const hasOffset = (text: string): boolean => /T.*(Z|[+-]\d{2}:?\d{2})$/i.test(text)

/** A calendar day as `yyyy-mm-dd`, or null when there is no such day. */
export function parseDate(text: string): string | null {
  const day = text.slice(0, 10)
  return DATE.test(day) && /^\d{4}-\d{2}-\d{2}(T.*)?$/.test(text) && DateTime.fromISO(day).isValid ? day : null
}

/** The first instant of a calendar day in the school's zone, and of the day after it: `[from, to)`. */
export function dayBounds(day: string, zone: string): [Date, Date] {
  const start = DateTime.fromISO(day, { zone }).startOf('day')
  return [start.toJSDate(), start.plus({ days: 1 }).toJSDate()]
}

/** "Tue 24 Nov, 15:30" in the school's zone; the year is named when it is not `now`'s. */
export function formatInstant(instant: Date, zone: string, now = new Date()): string {
  const local = DateTime.fromJSDate(instant, { zone })
  return local.toFormat(
    local.year === DateTime.fromJSDate(now, { zone }).year ? 'ccc d LLL, HH:mm' : 'ccc d LLL yyyy, HH:mm',
  )
}

export const isTimeZone = (zone: string): boolean => DateTime.now().setZone(zone).isValid
