import type { Context } from '../../core/context.ts'
import { invalid, notFound } from '../../core/errors.ts'
import { type View, told } from '../records/records.ts'
import type { School } from '../records/selection.ts'
import { type Exception, crewIn, crewQuery, exceptionsIn, exceptionsQuery, workingTimes } from './crew.ts'
import { type Stretch, dayAfter } from './days.ts'
import { type LessonJson, lessonQueries, lessonsIn } from './lessons.ts'
import type { Named } from './named.ts'
import { onDays } from './today.ts'

export const MOST_DAYS = 7
export const MOST_COLUMNS = 60
const MOST_LESSONS = 2_000
/** A gap that is worth a click. */
const SHORTEST_GAP = 30

export interface CalendarAsked {
  readonly from: string
  readonly days: number
  readonly instructorId?: string | undefined
  /** Also what was called off. */
  readonly cancelled?: boolean
}

export interface Calendar {
  readonly from: string
  readonly days: readonly string[]
  readonly instructors: readonly (Named & {
    readonly working: readonly Stretch[]
    readonly free: readonly Stretch[]
    readonly exceptions: readonly Exception[]
  })[]
  /** Every instructor who can be chosen. */
  readonly crew: readonly Named[]
  /** There are more instructors than columns. */
  readonly more: boolean
  readonly lessons: readonly LessonJson[]
}

type Views = ReadonlyMap<string, View>

/** @throws AppError Invalid when there is more than a calendar can show, NotFound for an instructor of another school */
export async function readCalendar(
  ctx: Context,
  views: Views,
  asked: CalendarAsked,
  school: School,
): Promise<Calendar> {
  const { from, days, instructorId, cancelled = false } = asked
  const range = { fromDay: from, toDay: dayAfter(from, days - 1) }
  const lessons = lessonQueries(
    ctx,
    views,
    onDays({ ...range, instructorId, cancelled }, school.timeZone, MOST_LESSONS),
  )
  const exceptions = exceptionsQuery(ctx, views, range)
  const one = instructorId ? [crewQuery(ctx, views, { limit: 1, id: instructorId })] : []
  const queries = [crewQuery(ctx, views, { limit: 200 }), ...lessons, ...exceptions, ...one]
  const [crewRows = [], ...others] = await told(ctx.db.select(ctx, queries))
  const answers = others.slice(0, lessons.length)
  const [exceptionRows] = others.slice(lessons.length, lessons.length + exceptions.length)
  const crew = crewIn(views, crewRows, school)
  const columns = instructorId ? crewIn(views, others.at(-1)!, school) : crew.slice(0, MOST_COLUMNS)
  if (instructorId && columns.length === 0) throw notFound('There is no such instructor in your school.')
  const ids = columns.map(({ id }) => id)
  const [found, times] = await Promise.all([
    lessonsIn(ctx, views, { answers, limit: MOST_LESSONS, school }),
    workingTimes(ctx, { ...range, instructorIds: ids, minutes: SHORTEST_GAP, timeZone: school.timeZone }),
  ])
  if (found.more)
    throw invalid('There are too many lessons to show at once. Choose one instructor, or a single day.', 'days')
  const closed = exceptionsIn(exceptionRows)
  return {
    from,
    days: Array.from({ length: days }, (_, index) => dayAfter(from, index)),
    instructors: columns.map((column) => ({
      ...column,
      working: times.get(column.id)!.working,
      free: times.get(column.id)!.free,
      exceptions: closed.filter((one) => one.instructorId === column.id),
    })),
    crew,
    more: !instructorId && crew.length > MOST_COLUMNS,
    lessons: found.lessons.filter(({ instructor }) => instructor && ids.includes(instructor.id)),
  }
}
