import { DateTime, IANAZone } from 'luxon'

const WALL_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?$/
const DATE = /^\d{4}-\d{2}-\d{2}$/

/**
 * An instant from what a person typed or a program sent: ISO with an offset, or wall time in the school's zone.
 * A wall time that comes twice (the hour that daylight saving gives back) is the first of the two.
 * @returns null when it is no time, or one that the school's clocks skip (the hour that daylight saving takes away)
 */
export function parseInstant(text: string, zone: string): Date | null {
  if (!WALL_TIME.test(text))
    return DateTime.fromISO(text, { setZone: true }).isValid && hasOffset(text) ? new Date(text) : null
  const wall = DateTime.fromISO(text.replace(' ', 'T'), { zone })
  // luxon moves a skipped time forward: read back, it is no longer what was typed
  if (!wall.isValid || wall.toFormat("yyyy-MM-dd'T'HH:mm") !== text.slice(0, 16).replace(' ', 'T')) return null
  // luxon takes the one of the season in which it is asked
  return wall.getPossibleOffsets()[0]!.toJSDate()
}

const hasOffset = (text: string): boolean => /T.*(Z|[+-]\d{2}:?\d{2})$/i.test(text)

/** Whether there is such an IANA zone. */
export const isZone = (name: string): boolean => IANAZone.isValidZone(name)

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
  const local = onTheWall(instant, zone)
  const year = local.getUTCFullYear()
  const date = `${WEEKDAYS[local.getUTCDay()]} ${local.getUTCDate()} ${MONTHS[local.getUTCMonth()]}`
  const time = timeOfDay(local.getUTCHours() * 60 + local.getUTCMinutes())
  return `${date}${year === onTheWall(now, zone).getUTCFullYear() ? '' : ` ${year}`}, ${time}`
}

/** The calendar day that it is in the school's zone, as `yyyy-mm-dd`. */
export const dayOf = (instant: Date, zone: string): string => onTheWall(instant, zone).toISOString().slice(0, 10)

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** What the school's clocks show, as if they showed UTC. */
function onTheWall(instant: Date, zone: string): Date {
  return new Date(instant.getTime() + offsetAt(instant.getTime(), zone) * 60_000)
}

const DAY = 24 * 60 * 60 * 1000
// a list names dozens of times on few days; asking the zone costs more than all the rest of its row
const offsets = new Map<string, Map<number, number | null>>()
const MANY_DAYS = 20_000

/** Minutes that the zone is ahead of UTC; remembered for days without a change of clocks. */
function offsetAt(time: number, zone: string): number {
  let days = offsets.get(zone)
  if (!days || days.size > MANY_DAYS) offsets.set(zone, (days = new Map()))
  const day = Math.floor(time / DAY)
  let offset = days.get(day)
  if (offset === undefined) {
    const at = (instant: number) => IANAZone.create(zone).offset(instant)
    offset = at(day * DAY) === at((day + 1) * DAY) ? at(day * DAY) : null
    days.set(day, offset)
  }
  return offset ?? IANAZone.create(zone).offset(time)
}

/** "Thu 10 Dec 2026" of a calendar day as `yyyy-mm-dd`. */
export const formatDay = (day: string): string => DateTime.fromISO(day).toFormat('ccc d LLL yyyy')

/** Minutes since midnight of a time of day, 1440 for "24:00"; null when it is none. */
export function minutesOfDay(text: string): number | null {
  const match = /^([01]?\d|2[0-4]):([0-5]\d)$/.exec(text)
  const minutes = match ? Number(match[1]) * 60 + Number(match[2]) : null
  return minutes !== null && minutes <= 1440 ? minutes : null
}

/** "08:30" of minutes since midnight. */
export const timeOfDay = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

/** "2026-11-24 15:30" in the school's zone, as `parseInstant` reads it. */
export const wallTime = (instant: Date, zone: string): string => {
  const local = onTheWall(instant, zone).toISOString()
  return `${local.slice(0, 10)} ${local.slice(11, 16)}`
}

/** The same time of the day so many calendar months earlier, in UTC. */
export const monthsBefore = (instant: Date, months: number): Date =>
  DateTime.fromJSDate(instant, { zone: 'utc' }).minus({ months }).toJSDate()
