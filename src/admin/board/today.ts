import type { Context } from '../../core/context.ts'
import { dayBounds } from '../../core/time.ts'
import { type View, told } from '../records/records.ts'
import type { School } from '../records/selection.ts'
import {
  type Exception,
  type Paper,
  crewIn,
  crewQuery,
  exceptionsIn,
  exceptionsQuery,
  papersIn,
  papersQuery,
  workingTimes,
} from './crew.ts'
import type { Stretch } from './days.ts'
import { type LessonJson, type Wanted, lessonQueries, lessonsIn } from './lessons.ts'
import type { Named } from './named.ts'

/** One instructor's day. */
export interface InstructorDay extends Named {
  readonly lessons: readonly LessonJson[]
  readonly working: readonly Stretch[]
  /** Long enough for the shortest service. */
  readonly free: readonly Stretch[]
  readonly exceptions: readonly Exception[]
  readonly papers: readonly Paper[]
}

export interface Board {
  readonly day: string
  readonly instructors: readonly InstructorDay[]
  /** Who does not work that day. */
  readonly off: readonly Named[]
  /** There are lessons or instructors beyond what a board can show. */
  readonly more: boolean
}

const MOST_LESSONS = 500
const MOST_INSTRUCTORS = 200

type Views = ReadonlyMap<string, View>

/** A day of the school, by instructor: two round trips, whatever the number of lessons. */
export async function readBoard(ctx: Context, views: Views, day: string, school: School): Promise<Board> {
  const lessons = lessonQueries(ctx, views, onDays({ fromDay: day, toDay: day }, school.timeZone, MOST_LESSONS))
  const exceptions = exceptionsQuery(ctx, views, { fromDay: day, toDay: day })
  const papers = papersQuery(ctx, views, day)
  const queries = [
    crewQuery(ctx, views, { limit: MOST_INSTRUCTORS }),
    shortestService(ctx),
    ...lessons,
    ...exceptions,
    ...papers,
  ]
  const [crewRows = [], shortest, ...others] = await told(ctx.db.select(ctx, queries))
  const answers = others.slice(0, lessons.length)
  const [exceptionRows] = others.slice(lessons.length, lessons.length + exceptions.length)
  const [paperRows] = others.slice(lessons.length + exceptions.length)
  const crew = crewIn(views, crewRows.slice(0, MOST_INSTRUCTORS), school)
  const [found, times] = await Promise.all([
    lessonsIn(ctx, views, { answers, limit: MOST_LESSONS, school }),
    workingTimes(ctx, {
      instructorIds: crew.map(({ id }) => id),
      fromDay: day,
      toDay: day,
      minutes: (shortest?.[0]?.[0] as number | undefined) ?? SHORTEST_LESSON,
      timeZone: school.timeZone,
    }),
  ])
  const known = new Set(crew.map(({ id }) => id))
  const retired = found.lessons.flatMap(({ instructor }) =>
    instructor && !known.has(instructor.id) ? [instructor] : [],
  )
  const everybody = [...crew, ...new Map(retired.map((one) => [one.id, one])).values()]
  const closed = exceptionsIn(exceptionRows)
  const lapsing = papersIn(views, paperRows, day)
  const days = everybody.map((one) => ({
    ...one,
    lessons: found.lessons.filter(({ instructor }) => instructor?.id === one.id),
    working: times.get(one.id)?.working ?? [],
    free: times.get(one.id)?.free ?? [],
    exceptions: closed.filter(({ instructorId }) => instructorId === one.id),
    papers: lapsing.filter(({ instructorId }) => instructorId === one.id),
  }))
  const isOff = ({ lessons, working, exceptions }: InstructorDay) =>
    lessons.length === 0 && working.length === 0 && exceptions.length === 0
  return {
    day,
    instructors: days.filter((one) => !isOff(one)),
    off: days.filter(isOff).map(({ id, title }) => ({ id, title })),
    more: found.more || crewRows.length > MOST_INSTRUCTORS,
  }
}

const SHORTEST_LESSON = 60

const shortestService = (ctx: Context) => ({
  text: 'SELECT min(s."durationMin")::int FROM "Service" s WHERE s."orgId" = $1::uuid AND s.active',
  values: [ctx.orgId],
})

interface DaysAsked {
  readonly fromDay: string
  readonly toDay: string
  readonly instructorId?: string | undefined
  /** Those that were called off as well. */
  readonly cancelled?: boolean
}

/** Lessons that take place, or should have, on those local days; both included. */
export function onDays(
  { fromDay, toDay, instructorId, cancelled = false }: DaysAsked,
  zone: string,
  limit: number,
): Wanted {
  const [from] = dayBounds(fromDay, zone)
  const [, to] = dayBounds(toDay, zone)
  return {
    where: (parameters) =>
      [
        `b."startAt" >= ${parameters.add(from)} AND b."startAt" < ${parameters.add(to)}`,
        cancelled ? `b.status <> 'draft'` : `b.status NOT IN ('draft', 'cancelled')`,
        ...(instructorId ? [`b."instructorId" = ${parameters.add(instructorId)}::uuid`] : []),
      ].join(' AND '),
    order: 'b."startAt", b.id',
    limit,
  }
}
