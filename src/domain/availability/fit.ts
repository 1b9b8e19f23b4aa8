import type { FreeTime } from './free-time.ts'
import type { Ways } from './travel.ts'

const MINUTE = 60_000

/** The first and the last moment at which a lesson may start, in ms; none when the last is before the first. */
export interface Window {
  readonly first: number
  readonly last: number
  /** Minutes on the road before and after it, as far as they are known. */
  readonly roadMin: number
}

/**
 * When a lesson of `length` ms fits into the free time: after the way from the lesson before, and so early that the way to
 * the lesson after is in time. The fixed buffer is the least, however near they are.
 */
export function windowIn(free: FreeTime, length: number, ways: Ways): Window {
  const { from, to, before, after, bufferMin } = free
  const toPickup = before ? ways.toPickup(before.place, before.endAt) : 0
  const fromPickup = after ? ways.fromPickup(after.place, after.startAt) : 0
  const first = before ? Math.max(from.getTime(), before.endAt.getTime() + toPickup * MINUTE) : from.getTime()
  const leave = after ? after.startAt.getTime() - Math.max(bufferMin, fromPickup) * MINUTE : Number.POSITIVE_INFINITY
  return { first, last: Math.min(to.getTime(), leave) - length, roadMin: toPickup + fromPickup }
}
