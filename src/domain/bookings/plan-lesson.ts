import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import { AppError, InvalidForm, forbidden, invalid } from '../../core/errors.ts'
import { dayOf, formatInstant } from '../../core/time.ts'
import { type Plan, obstaclesOf } from '../availability/eligibility.ts'
import { windowIn } from '../availability/fit.ts'
import { bufferOn, freeTime } from '../availability/free-time.ts'
import { type Obstacle, soft } from '../availability/obstacle.ts'
import { NO_WAYS, type Ways, waysAround } from '../availability/travel.ts'
import type { Place } from '../places.ts'
import { rulesOf, type SchoolRules } from '../school.ts'
import { lockCalendars } from './lock-calendars.ts'
import { mayOverride } from './transitions.ts'

/** Who, what and when of a lesson, before it is a booking. */
export interface Wish {
  readonly studentId: string
  readonly instructorId: string
  readonly serviceId: string
  readonly startAt: Date
  /** Where the learner is picked up, when that is known: the ways to and from other lessons must fit. */
  readonly pickup?: Place | null | undefined
  /** The booking that moves: it does not stand in its own way, and keeps its length. */
  readonly moving?: { readonly id: string; readonly startAt: Date; readonly endAt: Date }
}

export interface PlannedLesson extends Plan {
  readonly blockedUntil: Date
  readonly rules: SchoolRules
  /** Soft rules that it breaks, under the override that the work carries. */
  readonly overridden: readonly string[]
}

const MINUTE = 60_000

/**
 * A lesson that may take place: people and service are the school's, every rule holds, the instructor is free.
 * @throws AppError with every rule that it breaks, each with its field and what to do
 */
export async function planLesson(work: UnitOfWork, wish: Wish): Promise<PlannedLesson> {
  const rules = await rulesOf(work)
  await lockCalendars(work, { studentIds: [wish.studentId], instructorIds: [wish.instructorId] })
  const [student, instructor, service] = await Promise.all([
    theirs('studentId', 'student', work.tx.student.findFirst({ where: { id: wish.studentId, orgId: work.orgId } })),
    theirs(
      'instructorId',
      'instructor',
      work.tx.instructor.findFirst({ where: { id: wish.instructorId, orgId: work.orgId } }),
    ),
    theirs('serviceId', 'service', work.tx.service.findFirst({ where: { id: wish.serviceId, orgId: work.orgId } })),
  ])
  const { startAt, moving, pickup } = wish
  const length = moving ? moving.endAt.getTime() - moving.startAt.getTime() : service.durationMin * MINUTE
  const endAt = new Date(startAt.getTime() + length)
  const plan: Plan = { student, instructor, service, startAt, endAt, movesFrom: moving?.startAt }
  const hours = await aboutCalendar(work, plan, { rules, moving: moving?.id, pickup })
  const obstacles = [...(await obstaclesOf(work, plan, rules)), ...hours.obstacles]
  const overridden = overcome(work, obstacles)
  const blockedUntil = new Date(endAt.getTime() + hours.bufferMin * MINUTE)
  return { ...plan, blockedUntil, rules, overridden }
}

async function theirs<T>(field: string, what: string, found: Promise<T | null>): Promise<T> {
  const one = await found
  if (!one) throw invalid(`This ${what} is not one of your school's. Choose one from the list.`, field)
  return one
}

/** Hard rules hold always; soft ones give way to an override with a reason by somebody who may. */
function overcome(work: UnitOfWork, obstacles: readonly Obstacle[]): string[] {
  const standing = obstacles.filter((one) => !one.soft || !work.override)
  if (standing.length > 0)
    throw new InvalidForm(
      standing.map(({ rule, field, sentence }) => new AppError('Invalid', sentence, { code: rule, field })),
    )
  if (obstacles.length > 0 && !mayOverride(work) && work.actorKind === 'user')
    throw forbidden('Only an owner or an admin may override a rule.')
  return obstacles.map(({ rule }) => rule)
}

async function aboutCalendar(
  work: UnitOfWork,
  { instructor, startAt, endAt }: Plan,
  {
    rules,
    moving,
    pickup = null,
  }: { rules: SchoolRules; moving: string | undefined; pickup: Place | null | undefined },
): Promise<{ obstacles: Obstacle[]; bufferMin: number }> {
  const { timeZone } = rules
  const day = dayOf(startAt, timeZone)
  const length = Math.max(MINUTE, endAt.getTime() - startAt.getTime())
  const free = await freeTime(work, {
    instructorIds: [instructor.id],
    fromDay: day,
    toDay: day,
    timeZone,
    minutes: Math.floor(length / MINUTE),
    without: moving,
  })
  const bufferMin = await bufferOn(work, { instructorId: instructor.id, day })
  const fits = (ways: Ways) =>
    free.some((one) => {
      const { first, last } = windowIn(one, length, ways)
      return first <= startAt.getTime() && startAt.getTime() <= last
    })
  const when = formatInstant(startAt, timeZone, nowOf(work))
  const name = instructor.displayName
  if (!fits(NO_WAYS)) {
    const sentence = `${name} is not free on ${when}: outside working hours, on leave, fully booked or on the way from another lesson. Find a free slot, or choose another instructor.`
    return { obstacles: [soft('instructor.hours', 'startAt', sentence)], bufferMin }
  }
  if (pickup && !fits(await waysAround(work, pickup, timeZone))) {
    const sentence = `${name} cannot be there on ${when}: the way from the lesson before or to the lesson after takes longer. Find a free slot, or choose another instructor.`
    return { obstacles: [soft('instructor.travel', 'startAt', sentence)], bufferMin }
  }
  return { obstacles: [], bufferMin }
}
