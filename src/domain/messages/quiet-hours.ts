import { DateTime } from 'luxon'

export interface QuietHours {
  /** Times of the school's clocks, like 21:00; the same twice means that there are none. */
  readonly quietStartTime: string
  readonly quietEndTime: string
  readonly timeZone: string
}

/**
 * When a message of `now` may go: at once, or when the quiet hours that it falls into end, by the school's clocks. They may
 * cross midnight and a change of clocks: seven o'clock is seven o'clock; a time that the clocks skip comes an hour later.
 */
export function endOfQuiet(now: Date, { quietStartTime, quietEndTime, timeZone }: QuietHours): Date {
  const local = DateTime.fromJSDate(now, { zone: timeZone })
  const time = local.toFormat('HH:mm')
  const crossesMidnight = quietStartTime > quietEndTime
  const isQuiet = crossesMidnight
    ? time >= quietStartTime || time < quietEndTime
    : time >= quietStartTime && time < quietEndTime
  if (!isQuiet) return now
  const day = crossesMidnight && time >= quietStartTime ? local.plus({ days: 1 }) : local
  const [hour, minute] = quietEndTime.split(':').map(Number)
  const end = day.set({ hour: hour!, minute: minute!, second: 0, millisecond: 0 }).toJSDate()
  return end > now ? end : now
}
