import type { Transmission } from '@prisma/client'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import { invalid } from '../../core/errors.ts'
import type { Place } from '../places.ts'
import { type SlotRules, slotRules } from './slot-rules.ts'
import { type FreeTime, freeTime } from './free-time.ts'
import { windowIn } from './fit.ts'
import { whyNone } from './why-none.ts'

export interface SlotSearch {
  readonly serviceId: string
  /** Local days of the school, `yyyy-mm-dd`, both included. */
  readonly fromDay: string
  readonly toDay: string
  readonly instructorId?: string | undefined
  readonly transmission?: Transmission | undefined
  /** Whose licence, age, consent and other lessons count; without a learner they are looked at when it is booked. */
  readonly studentId?: string | undefined
  /** Where the lesson begins: then the ways to and from other lessons must fit, and the shorter ones come first. */
  readonly pickup?: Place | undefined
  /** A location of the school instead of a pickup. */
  readonly locationId?: string | undefined
  readonly limit?: number
}

export interface Slot {
  readonly instructorId: string
  readonly instructor: string
  readonly startAt: Date
  readonly endAt: Date
  /** Right at the beginning or the end of a free stretch: no hole is left. */
  readonly joins: boolean
  /** Minutes on the road to it and from it; 0 when the places are not known. */
  readonly roadMin: number
}

export interface Found {
  readonly slots: readonly Slot[]
  /** Why there is none, and what to do. */
  readonly reason?: string
}

const MINUTE = 60_000
const STEP = 15 * MINUTE
const DAY = 24 * 60 * MINUTE
const MOST_DAYS = 92
const USUAL_LIMIT = 60
/** Days that are looked at together; the soonest are wanted, and most searches end with the first of these. */
const STRIDE = 7

/**
 * Times at which a lesson could be given and booked: the soonest day first, of one day those that leave no hole, then those
 * with the shorter way.
 * @throws AppError Invalid for days that cannot be searched, and for people and things that are not the school's
 */
export async function findSlots(work: UnitOfWork, search: SlotSearch): Promise<Found> {
  checkDays(search)
  const rules = await slotRules(work, search)
  const limit = search.limit ?? USUAL_LIMIT
  const found: Start[] = []
  if (rules.crew.size > 0)
    for (const [fromDay, toDay] of strides(search)) {
      if (found.length >= limit) break
      found.push(...(await startsOn(work, rules, { fromDay, toDay })))
    }
  const slots = found.slice(0, limit).map(({ instructorId, start, joins, roadMin }) => ({
    instructorId,
    instructor: rules.crew.get(instructorId)!,
    startAt: new Date(start),
    endAt: new Date(start + rules.length),
    joins,
    roadMin,
  }))
  return slots.length > 0 ? { slots } : { slots, reason: await whyNone(work, rules, search) }
}

function checkDays({ fromDay, toDay }: SlotSearch): void {
  const days = (Date.parse(toDay) - Date.parse(fromDay)) / DAY
  if (Number.isNaN(days)) throw invalid('Choose the days to search, like 2026-11-24.', 'fromDay')
  if (days < 0) throw invalid('The last day is before the first. Choose a later one.', 'toDay')
  if (days >= MOST_DAYS) throw invalid(`Search at most ${MOST_DAYS} days at once.`, 'toDay')
}

function* strides({ fromDay, toDay }: SlotSearch): Generator<[string, string]> {
  const isoDay = (time: number) => new Date(time).toISOString().slice(0, 10)
  const last = Date.parse(toDay)
  for (let first = Date.parse(fromDay); first <= last; first += STRIDE * DAY)
    yield [isoDay(first), isoDay(Math.min(last, first + (STRIDE - 1) * DAY))]
}

interface Start {
  readonly instructorId: string
  readonly day: string
  readonly start: number
  readonly joins: boolean
  readonly roadMin: number
}

async function startsOn(
  work: UnitOfWork,
  rules: SlotRules,
  { fromDay, toDay }: Pick<SlotSearch, 'fromDay' | 'toDay'>,
): Promise<Start[]> {
  const free = await freeTime(work, {
    instructorIds: [...rules.crew.keys()],
    fromDay,
    toDay,
    timeZone: rules.timeZone,
    minutes: rules.length / MINUTE,
  })
  return free
    .filter((one) => rules.allowsDay(one))
    .flatMap((one) => startsIn(one, rules, nowOf(work)))
    .toSorted(byRank)
}

/** Every quarter of an hour in the free time that leaves room for the lesson and the ways around it. */
function startsIn(free: FreeTime, rules: SlotRules, now: Date): Start[] {
  const { first, last, roadMin } = windowIn(free, rules.length, rules.ways)
  const { earliest, latest } = rules.bounds(now)
  const { instructorId, day } = free
  const starts: Start[] = []
  for (let start = Math.ceil(Math.max(first, earliest) / STEP) * STEP; start <= Math.min(last, latest); start += STEP)
    if (rules.allowsStart(start))
      starts.push({ instructorId, day, start, joins: start - first < STEP || last - start < STEP, roadMin })
  return starts
}

const byRank = (a: Start, b: Start): number =>
  (a.day < b.day ? -1 : a.day > b.day ? 1 : 0) ||
  Number(b.joins) - Number(a.joins) ||
  a.roadMin - b.roadMin ||
  a.start - b.start
