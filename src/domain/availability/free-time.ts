import type { UnitOfWork } from '../../core/unit-of-work.ts'
import type { Place } from '../places.ts'
import { FREE_TIME } from './free-time-statement.ts'

/** A stretch in which an instructor could give a lesson, and the lessons around it that day. */
export interface FreeTime {
  readonly instructorId: string
  /** Local day of the school, `yyyy-mm-dd`. */
  readonly day: string
  readonly from: Date
  readonly to: Date
  /** Minutes kept free after each lesson that day, whatever the way. */
  readonly bufferMin: number
  readonly before: { readonly endAt: Date; readonly place: Place | null } | null
  readonly after: { readonly startAt: Date; readonly place: Place | null } | null
}

interface Search {
  readonly instructorIds: readonly string[]
  /** Local days of the school, `yyyy-mm-dd`, both included. */
  readonly fromDay: string
  readonly toDay: string
  readonly timeZone: string
  /** Stretches shorter than this many minutes are of no use. */
  readonly minutes: number
  /** A booking that is about to be moved does not stand in its own way. */
  readonly without?: string | undefined
  /** What is left out, to find out whether it is the reason that there is no time. */
  readonly ignoring?: 'lessons' | 'maximum' | undefined
}

/**
 * Working hours, minus breaks, minus closed exceptions, plus opened ones, minus bookings; without the days that already have
 * the instructor's maximum of lessons. In the order of time.
 *
 * Wall times are the truth: an hour that the clocks skip does not exist, one that comes twice counts twice. The older
 * InstructorAvailability counts only for instructors who have no active InstructorWorkingHours at all.
 */
export async function freeTime(work: UnitOfWork, search: Search): Promise<FreeTime[]> {
  const { fromDay, toDay, timeZone, instructorIds, minutes, without = null, ignoring = '' } = search
  const rows = await work.tx.$queryRawUnsafe<Row[]>(
    FREE_TIME,
    work.orgId,
    fromDay,
    toDay,
    timeZone,
    [...instructorIds],
    minutes,
    without,
    ignoring,
  )
  const [found] = rows
  return (JSON.parse(found?.days ?? '[]') as Day[])
    .flatMap(gapsOf)
    .toSorted((a, b) => a.from.getTime() - b.from.getTime() || (a.instructorId < b.instructorId ? -1 : 1))
}

interface Row {
  days: string | null
}

/** As the statement packs it: a month of a large school is read in milliseconds. Instants in ms. */
type Day = [
  instructorId: string,
  day: string,
  bufferMin: number,
  gaps: [from: number, to: number][] | null,
  lessons: Lesson[] | null,
]
type Lesson = [
  startAt: number,
  endAt: number,
  lat: number | null,
  lng: number | null,
  endLat: number | null,
  endLng: number | null,
]

function gapsOf([instructorId, day, bufferMin, gaps, lessons]: Day): FreeTime[] {
  return (gaps ?? []).map(([from, to]) => {
    const before = lessons?.findLast(([startAt]) => startAt < from)
    const after = lessons?.find(([startAt]) => startAt >= to)
    return {
      instructorId,
      day,
      from: new Date(from),
      to: new Date(to),
      bufferMin,
      before: before ? { endAt: new Date(before[1]), place: at(before[4], before[5]) } : null,
      after: after ? { startAt: new Date(after[0]), place: at(after[2], after[3]) } : null,
    }
  })
}

const at = (lat: number | null, lng: number | null): Place | null =>
  lat === null || lng === null ? null : { lat, lng }

/** Minutes that an instructor keeps free after a lesson, by the day; the usual ones on a day without hours. */
export async function buffersOf(work: UnitOfWork, instructorId: string): Promise<(day: string) => number> {
  const hours = await work.tx.instructorWorkingHours.findMany({
    where: { orgId: work.orgId, instructorId, isActive: true },
    select: { dayOfWeek: true, effectiveFrom: true, effectiveTo: true, travelBufferMin: true },
    orderBy: { travelBufferMin: 'desc' },
  })
  return (day) => {
    const on = new Date(`${day}T00:00:00Z`)
    const counts = ({ dayOfWeek, effectiveFrom, effectiveTo }: (typeof hours)[number]) =>
      dayOfWeek === on.getUTCDay() && (!effectiveFrom || effectiveFrom <= on) && (!effectiveTo || effectiveTo > on)
    return hours.find(counts)?.travelBufferMin ?? USUAL_BUFFER
  }
}

const USUAL_BUFFER = 15
