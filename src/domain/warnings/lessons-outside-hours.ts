import { nowOf } from '../../core/context.ts'
import type { Concern, Warning } from '../../core/declaration.ts'
import { dayOf } from '../../core/time.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { type FreeTime, freeTime } from '../availability/free-time.ts'
import { rulesOf } from '../school.ts'
import { concernOf, type Upcoming, upcomingLessons } from './upcoming.ts'

/** Said of a change of working hours, leave or extra time: lessons that are agreed and no longer fit. */
export const lessonsOutsideHours: Warning<
  'InstructorWorkingHours' | 'InstructorAvailability' | 'AvailabilityException'
> = {
  concerns: (work, records) => outsideHours(work, [...new Set(records.map(({ instructorId }) => instructorId))]),
  sentence: (count) =>
    count === 1
      ? 'One lesson that is booked no longer fits these hours. It stays booked until somebody moves or cancels it.'
      : `${count} lessons that are booked no longer fit these hours. They stay booked until somebody moves or cancels them.`,
}

export async function outsideHours(work: UnitOfWork, instructorIds: readonly string[]): Promise<Concern[]> {
  const lessons = await upcomingLessons(work, { instructorId: { in: [...instructorIds] } })
  const last = lessons.at(-1)
  if (!last) return []
  const { timeZone } = await rulesOf(work)
  const open = await freeTime(work, {
    instructorIds,
    fromDay: dayOf(nowOf(work), timeZone),
    toDay: dayOf(last.startAt, timeZone),
    timeZone,
    minutes: 1,
    ignoring: 'lessons',
  })
  const outside = lessons
    .filter((lesson) => !open.some((one) => holds(one, lesson)))
    .map((lesson) => concernOf(lesson, timeZone, 'outside the hours'))
  return [...outside, ...(await beyondMaximum(work, { lessons, timeZone }))]
}

const holds = ({ instructorId, from, to }: FreeTime, lesson: Upcoming): boolean =>
  instructorId === lesson.instructorId && from <= lesson.startAt && lesson.endAt <= to

/** The last lessons of days that have more of them than the instructor gives. */
async function beyondMaximum(
  work: UnitOfWork,
  { lessons, timeZone }: { lessons: readonly Upcoming[]; timeZone: string },
): Promise<Concern[]> {
  const hours = await work.tx.instructorWorkingHours.findMany({
    where: { orgId: work.orgId, isActive: true, maxLessonsPerDay: { not: null } },
    select: { instructorId: true, dayOfWeek: true, maxLessonsPerDay: true, effectiveFrom: true, effectiveTo: true },
  })
  const maximumOn = (instructorId: string, day: string): number =>
    Math.max(
      0,
      ...hours
        .filter((one) => one.instructorId === instructorId && one.dayOfWeek === new Date(day).getUTCDay())
        .filter(
          ({ effectiveFrom, effectiveTo }) => isoDay(effectiveFrom, day) <= day && day < isoDay(effectiveTo, '9999'),
        )
        .map(({ maxLessonsPerDay }) => maxLessonsPerDay!),
    ) || Number.POSITIVE_INFINITY
  const days = Map.groupBy(lessons, ({ instructorId, startAt }) => `${instructorId} ${dayOf(startAt, timeZone)}`)
  return [...days].flatMap(([key, onThatDay]) => {
    const [instructorId, day] = key.split(' ') as [string, string]
    const maximum = maximumOn(instructorId, day)
    return onThatDay
      .slice(maximum)
      .map((lesson) => concernOf(lesson, timeZone, `more than ${maximum} lessons on that day`))
  })
}

const isoDay = (day: Date | null, otherwise: string): string => day?.toISOString().slice(0, 10) ?? otherwise
