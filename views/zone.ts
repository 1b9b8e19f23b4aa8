/** Instants and days in the school's time zone. The browser's own zone is never used. */

const LOCALE = 'en-GB'

/** "Tue 24 Nov, 15:30"; the year is named when it is not the current one. */
export function formatDateTime(instant: string, zone: string, now = new Date()): string {
  const at = new Date(instant)
  if (Number.isNaN(at.getTime())) return instant
  const local = parts(at, zone)
  const year = local.year === parts(now, zone).year ? '' : ` ${local.year}`
  return `${local.weekday} ${Number(local.day)} ${local.monthName}${year}, ${local.hour}:${local.minute}`
}

/** "Tue 24 Nov 2026" from a stored day (`2026-11-24`, or that day at midnight UTC). */
export function formatDay(day: string): string {
  const at = new Date(`${day.slice(0, 10)}T00:00:00Z`)
  if (Number.isNaN(at.getTime())) return day
  const local = parts(at, 'UTC')
  return `${local.weekday} ${Number(local.day)} ${local.monthName} ${local.year}`
}

/** `2026-11-24T15:30`, what a clock on the school's wall shows: the value of a date-and-time field. */
export function wallTime(instant: string, zone: string): string {
  const at = new Date(instant)
  if (Number.isNaN(at.getTime())) return ''
  const local = parts(at, zone)
  return `${local.year}-${local.month}-${local.day}T${local.hour}:${local.minute}`
}

/** The calendar day at the school now, `2026-11-24`. */
export const today = (zone: string, now = new Date()): string => wallTime(now.toISOString(), zone).slice(0, 10)

/** "Sydney" of "Australia/Sydney". */
export const zoneCity = (zone: string): string => (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ')

/** "Good morning", "Good afternoon" or "Good evening" at the school. */
export function greeting(zone: string, now = new Date()): string {
  const hour = Number(parts(now, zone).hour)
  if (hour < 12) return 'Good morning'
  return hour < 18 ? 'Good afternoon' : 'Good evening'
}

interface LocalTime {
  weekday: string
  day: string
  month: string
  monthName: string
  year: string
  hour: string
  minute: string
}

function parts(at: Date, zone: string): LocalTime {
  const read = (format: Intl.DateTimeFormat) =>
    Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const { numeric, names } = formats(zone)
  const { month: monthName = '', weekday = '' } = read(names)
  const { day = '', month = '', year = '', hour = '', minute = '' } = read(numeric)
  // "Sept" is the one month the locale writes with four letters
  return { weekday, day, month, monthName: monthName.slice(0, 3), year: year.padStart(4, '0'), hour, minute }
}

interface ZoneFormats {
  numeric: Intl.DateTimeFormat
  names: Intl.DateTimeFormat
}

// building a format costs far more than using it, and a list formats hundreds of values
const known = new Map<string, ZoneFormats>()

function formats(zone: string): ZoneFormats {
  const found = known.get(zone)
  if (found) return found
  const numeric = { day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit' } as const
  const built = {
    numeric: new Intl.DateTimeFormat(LOCALE, { ...numeric, hourCycle: 'h23', timeZone: zone }),
    names: new Intl.DateTimeFormat(LOCALE, { weekday: 'short', month: 'short', timeZone: zone }),
  }
  known.set(zone, built)
  return built
}
