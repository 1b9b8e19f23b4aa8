import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import type { Scalars } from '../../core/declaration.ts'
import { AppError, InvalidForm, forbidden, invalid } from '../../core/errors.ts'
import { dayOf, formatInstant } from '../../core/time.ts'
import { freeTime } from '../availability/free-time.ts'
import { type Obstacle, type Plan, obstaclesOf } from '../availability/eligibility.ts'
import { rulesOf, type SchoolRules } from '../school.ts'
import { mayOverride } from './transitions.ts'

/** Who, what and when of a lesson, before it is a booking. */
export interface Wish {
  readonly studentId: string
  readonly instructorId: string
  readonly serviceId: string
  readonly startAt: Date
  /** The booking that moves: it does not stand in its own way. */
  readonly moving?: string
}

export interface PlannedLesson extends Plan {
  readonly blockedUntil: Date
  readonly rules: SchoolRules
  /** Soft rules that it breaks, under the override that the work carries. */
  readonly overridden: readonly string[]
}

const MINUTE = 60_000
const USUAL_BUFFER = 15

/**
 * A lesson that may take place: people and service are the school's, every rule holds, the instructor is free.
 * @throws AppError with every rule that it breaks, each with its field and what to do
 */
export async function planLesson(work: UnitOfWork, wish: Wish): Promise<PlannedLesson> {
  const rules = await rulesOf(work)
  const [student, instructor, service] = await Promise.all([
    theirs('studentId', 'student', work.tx.student.findFirst({ where: { id: wish.studentId, orgId: work.orgId } })),
    theirs(
      'instructorId',
      'instructor',
      work.tx.instructor.findFirst({ where: { id: wish.instructorId, orgId: work.orgId } }),
    ),
    theirs('serviceId', 'service', work.tx.service.findFirst({ where: { id: wish.serviceId, orgId: work.orgId } })),
  ])
  const endAt = new Date(wish.startAt.getTime() + service.durationMin * MINUTE)
  const plan: Plan = { student, instructor, service, startAt: wish.startAt, endAt }
  const hours = await withinHours(work, plan, { rules, moving: wish.moving })
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

async function withinHours(
  work: UnitOfWork,
  { instructor, startAt, endAt }: Plan,
  { rules, moving }: { rules: SchoolRules; moving: string | undefined },
): Promise<{ obstacles: Obstacle[]; bufferMin: number }> {
  const day = dayOf(startAt, rules.timeZone)
  const minutes = Math.max(1, (endAt.getTime() - startAt.getTime()) / MINUTE)
  const free = await freeTime(work, {
    instructorIds: [instructor.id],
    fromDay: day,
    toDay: day,
    timeZone: rules.timeZone,
    minutes,
    without: moving,
  })
  const bufferMin = free[0]?.bufferMin ?? USUAL_BUFFER
  const buffered = (one: { endsAt: string; bufferMin: number }) =>
    one.endsAt === 'lesson' ? one.bufferMin * MINUTE : 0
  const fits = free.some((one) => one.from <= startAt && endAt.getTime() + buffered(one) <= one.to.getTime())
  if (fits) return { obstacles: [], bufferMin }
  const when = formatInstant(startAt, rules.timeZone, nowOf(work))
  const sentence = `${instructor.displayName} is not free on ${when}: outside working hours, on leave, fully booked or on the way from another lesson. Find a free slot, or choose another instructor.`
  return { obstacles: [{ rule: 'instructor.hours', field: 'startAt', sentence, soft: true }], bufferMin }
}

/** The car that goes with the instructor and the service, if the school has one. */
export async function usualVehicle(
  work: UnitOfWork,
  { instructor, service }: Plan,
): Promise<Scalars<'Vehicle'> | null> {
  return await work.tx.vehicle.findFirst({
    where: {
      orgId: work.orgId,
      active: true,
      defaultInstructorId: instructor.id,
      ...(service.transmission ? { transmission: service.transmission } : {}),
    },
    orderBy: { id: 'asc' },
  })
}
