import { useEffect, useState } from 'react'
import { formatTime } from '../format.ts'
import { wallTime } from '../zone.ts'

/** Days as `2026-11-24` and minutes since their midnight, on the school's clocks. */

const DAY = 86_400_000

export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10)

/** Monday of the week that the day is in. */
export const mondayOf = (day: string): string => dayAfter(day, -((new Date(day).getUTCDay() + 6) % 7))

const short = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' })
const long = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' })

/** "Tue 24 Nov". */
export const shortDay = (day: string): string => short.format(new Date(day)).replace(',', '').replace('Sept', 'Sep')

/** "Tuesday, 24 November". */
export const longDay = (day: string): string => long.format(new Date(day)).replace(/^(\w+),? /, '$1, ')

/** "Today", "Tomorrow", "Yesterday", else the day itself. */
export function namedDay(day: string, today: string): string {
  const distance = (Date.parse(day) - Date.parse(today)) / DAY
  return { '-1': 'Yesterday', '0': 'Today', '1': 'Tomorrow' }[String(distance)] ?? longDay(day)
}

export const span = ({ from, to }: { from: number; to: number }): string => `${formatTime(from)}–${formatTime(to)}`

/** As the fields of forms hold it: the server knows the zone. */
export const wall = (day: string, minute: number): string => `${day}T${formatTime(minute)}`

/** "1 h 45 min". */
export function duration(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  return [hours > 0 ? `${hours} h` : '', rest > 0 || hours === 0 ? `${rest} min` : ''].filter(Boolean).join(' ')
}

export interface Now extends Readonly<{ at: Date; day: string; minute: number }> {}

/** The time at the school; moves on twice a minute. */
export function useNow(zone: string): Now {
  const [at, setAt] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => setAt(new Date()), 30_000)
    return () => clearInterval(timer)
  }, [])
  const local = wallTime(at.toISOString(), zone)
  return { at, day: local.slice(0, 10), minute: Number(local.slice(11, 13)) * 60 + Number(local.slice(14, 16)) }
}

/** Whole minutes until then; negative when it has passed. */
export const minutesUntil = (instant: string, now: Date): number =>
  Math.ceil((Date.parse(instant) - now.getTime()) / 60_000)
