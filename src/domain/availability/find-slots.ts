import type { Transmission } from '@prisma/client'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import { invalid } from '../../core/errors.ts'
import { dayBounds, dayOf, formatDay } from '../../core/time.ts'
import { rulesOf, type SchoolRules } from '../school.ts'
import { type FreeTime, freeTime } from './free-time.ts'

export interface SlotSearch {
  readonly serviceId: string
  /** Local days of the school, `yyyy-mm-dd`, both included. */
  readonly fromDay: string
  readonly toDay: string
  readonly instructorId?: string | undefined
  readonly transmission?: Transmission | undefined
  readonly limit?: number
}

export interface Slot {
  readonly instructorId: string
  readonly instructor: string
  readonly startAt: Date
  readonly endAt: Date
  /** Right after or before another lesson of that day: no hole is left. */
  readonly joins: boolean
}

export interface Found {
  readonly slots: readonly Slot[]
  /** Why there is none, and what to do. */
  readonly reason?: string
}

const MINUTE = 60_000
const STEP = 15 * MINUTE
const MOST_DAYS = 92
const USUAL_LIMIT = 60

/**
 * Times at which a lesson could be given, the soonest first; of two on the same day the one that leaves no hole.
 * @throws AppError Invalid for days that cannot be searched
 */
export async function findSlots(work: UnitOfWork, search: SlotSearch): Promise<Found> {
  const rules = await rulesOf(work)
  checkDays(search)
  const service = await work.tx.service.findFirst({ where: { id: search.serviceId, orgId: work.orgId } })
  if (!service) throw invalid("This service is not one of your school's. Choose one from the list.", 'serviceId')
  const transmission = search.transmission ?? service.transmission
  const crew = await work.tx.instructor.findMany({
    where: {
      orgId: work.orgId,
      active: true,
      ...(search.instructorId ? { id: search.instructorId } : {}),
      ...(transmission === 'manual' ? { teachesManual: true } : {}),
      ...(transmission === 'automatic' ? { teachesAutomatic: true } : {}),
    },
    select: { id: true, displayName: true },
  })
  if (crew.length === 0) return { slots: [], reason: nobody(transmission) }
  const free = await freeTime(work, {
    instructorIds: crew.map(({ id }) => id),
    fromDay: search.fromDay,
    toDay: search.toDay,
    timeZone: rules.timeZone,
    minutes: service.durationMin,
  })
  const names = new Map(crew.map(({ id, displayName }) => [id, displayName]))
  const bounds = boundsOf(rules, nowOf(work))
  const starts = free.flatMap((one) => startsIn(one, service.durationMin * MINUTE, bounds))
  const slots = ranked(starts, rules.timeZone)
    .slice(0, search.limit ?? USUAL_LIMIT)
    .map(({ instructorId, start, joins }) => ({
      instructorId,
      instructor: names.get(instructorId)!,
      startAt: new Date(start),
      endAt: new Date(start + service.durationMin * MINUTE),
      joins,
    }))
  return slots.length > 0 ? { slots } : { slots, reason: whyNone(search, { free, rules, bounds }) }
}

function checkDays({ fromDay, toDay }: SlotSearch): void {
  const days = (Date.parse(toDay) - Date.parse(fromDay)) / (24 * 60 * MINUTE)
  if (Number.isNaN(days)) throw invalid('Choose the days to search, like 2026-11-24.', 'fromDay')
  if (days < 0) throw invalid('The last day is before the first. Choose a later one.', 'toDay')
  if (days >= MOST_DAYS) throw invalid(`Search at most ${MOST_DAYS} days at once.`, 'toDay')
}

interface Bounds {
  readonly earliest: number
  readonly latest: number
}

const boundsOf = ({ minNoticeMin, maxAdvanceDays }: SchoolRules, now: Date): Bounds => ({
  earliest: now.getTime() + minNoticeMin * MINUTE,
  latest: now.getTime() + maxAdvanceDays * 24 * 60 * MINUTE,
})

interface Start {
  readonly instructorId: string
  readonly start: number
  readonly joins: boolean
}

/** Every quarter of an hour in the free time, and the moment the instructor gets free, that leave room for the lesson. */
function startsIn(free: FreeTime, length: number, { earliest, latest }: Bounds): Start[] {
  const from = free.from.getTime()
  const buffer = free.endsAt === 'lesson' ? free.bufferMin * MINUTE : 0
  const last = Math.min(free.to.getTime() - buffer - length, latest)
  const starts: Start[] = []
  for (let start = Math.ceil(Math.max(from, earliest) / STEP) * STEP; start <= last; start += STEP)
    starts.push({ instructorId: free.instructorId, start, joins: start - from < STEP || last - start < STEP })
  return starts
}

function ranked(starts: Start[], zone: string): Start[] {
  const days = new Map<number, string>()
  const day = ({ start }: Start): string => {
    const hour = Math.floor(start / 3_600_000)
    let found = days.get(hour)
    if (found === undefined) days.set(hour, (found = dayOf(new Date(start), zone)))
    return found
  }
  return starts
    .map((start) => ({ start, day: day(start) }))
    .toSorted(
      (a, b) =>
        (a.day < b.day ? -1 : a.day > b.day ? 1 : 0) ||
        Number(b.start.joins) - Number(a.start.joins) ||
        a.start.start - b.start.start,
    )
    .map(({ start }) => start)
}

const nobody = (transmission: string | null): string =>
  transmission
    ? `No active instructor teaches ${transmission}. Choose another transmission, or say under Instructors who teaches it.`
    : 'This instructor no longer teaches. Choose another one.'

function whyNone(
  { fromDay, toDay }: SlotSearch,
  { free, rules, bounds }: { free: readonly FreeTime[]; rules: SchoolRules; bounds: Bounds },
): string {
  const [, end] = dayBounds(toDay, rules.timeZone)
  const [begin] = dayBounds(fromDay, rules.timeZone)
  if (end.getTime() <= bounds.earliest)
    return `Lessons are booked at least ${rules.minNoticeMin / 60} hours ahead. Search later days.`
  if (begin.getTime() > bounds.latest)
    return `Lessons are booked at most ${rules.maxAdvanceDays} days ahead. Search earlier days.`
  return free.length === 0
    ? `Nobody works or everybody is booked from ${formatDay(fromDay)} to ${formatDay(toDay)}. Search more days, or another instructor.`
    : 'The free times are too short for this lesson and the way to the next. Search more days, or a shorter service.'
}
