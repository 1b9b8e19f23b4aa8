import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import { AppError, InvalidForm, forbidden, invalid } from '../../core/errors.ts'
import { dayOf, formatInstant } from '../../core/time.ts'
import { type Grounds, type Plan, groundsFor, obstaclesOf } from '../availability/eligibility.ts'
import { windowIn } from '../availability/fit.ts'
import { type FreeTime, buffersOf, freeTime } from '../availability/free-time.ts'
import { type Obstacle, soft } from '../availability/obstacle.ts'
import { NO_WAYS, type Ways, waysAround } from '../availability/travel.ts'
import type { Place } from '../places.ts'
import { rulesOf, type SchoolRules } from '../school.ts'
import { lockCalendars } from './lock-calendars.ts'
import { mayOverride } from './transitions.ts'

/** Who, what and where of a lesson, whenever it is. */
export interface Subject {
  readonly studentId: string
  readonly instructorId: string
  readonly serviceId: string
  /** Where the learner is picked up, when that is known: the ways to and from other lessons must fit. */
  readonly pickup?: Place | null | undefined
  /** How long it lasts; default as its service does. */
  readonly minutes?: number | undefined
  /** The booking that moves: it does not stand in its own way, and keeps its length. */
  readonly moving?: { readonly id: string; readonly startAt: Date; readonly endAt: Date }
}

/** The same with its time, before it is a booking. */
export interface Wish extends Subject {
  readonly startAt: Date
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
export const planLesson = async (work: UnitOfWork, wish: Wish): Promise<PlannedLesson> =>
  planAt(work, await prospectFor(work, wish, [wish.startAt]), wish.startAt)

/** Everything that decides about lessons of the same people at some times, read once. */
export interface Prospect extends Pick<Plan, 'student' | 'instructor' | 'service'>, Grounds {
  readonly moving: Subject['moving']
  readonly minutes: Subject['minutes']
  /** Of the days of those times. */
  readonly free: readonly FreeTime[]
  readonly ways: Ways
  /** Minutes kept free after a lesson, by local day. */
  readonly bufferOn: (day: string) => number
}

/**
 * Reads it with as many statements for one time as for many, once nobody else can book for the learner or the instructor.
 * @param starts in order
 * @throws AppError Invalid for people or a service that are not the school's
 */
export async function prospectFor(work: UnitOfWork, subject: Subject, starts: readonly Date[]): Promise<Prospect> {
  const { moving, minutes, pickup = null } = subject
  const { orgId, tx } = work
  const rules = await rulesOf(work)
  await lockCalendars(work, { studentIds: [subject.studentId], instructorIds: [subject.instructorId] })
  const find = { student: { id: subject.studentId, orgId }, instructor: { id: subject.instructorId, orgId } }
  const [student, instructor, service] = await Promise.all([
    theirs('studentId', 'student', tx.student.findFirst({ where: find.student })),
    theirs('instructorId', 'instructor', tx.instructor.findFirst({ where: find.instructor })),
    theirs('serviceId', 'service', tx.service.findFirst({ where: { id: subject.serviceId, orgId } })),
  ])
  const people = { student, instructor, service }
  const length = lengthOf({ service, moving, minutes })
  const free = await freeTime(work, {
    instructorIds: [instructor.id],
    fromDay: dayOf(starts[0]!, rules.timeZone),
    toDay: dayOf(starts.at(-1)!, rules.timeZone),
    timeZone: rules.timeZone,
    minutes: Math.floor(Math.max(MINUTE, length) / MINUTE),
    without: moving?.id,
  })
  const ways = pickup ? await waysAround(work, pickup, rules.timeZone) : NO_WAYS
  const bufferOn = await buffersOf(work, instructor.id)
  return { ...people, ...(await groundsFor(work, people, rules)), moving, minutes, free, ways, bufferOn }
}

async function theirs<T>(field: string, what: string, found: Promise<T | null>): Promise<T> {
  const one = await found
  if (!one) throw invalid(`This ${what} is not one of your school's. Choose one from the list.`, field)
  return one
}

/** In ms. */
const lengthOf = ({ service, moving, minutes }: Pick<Prospect, 'service' | 'moving' | 'minutes'>): number =>
  moving ? moving.endAt.getTime() - moving.startAt.getTime() : (minutes ?? service.durationMin) * MINUTE

/** The lesson at one of the times that were read. @throws AppError with every rule that it breaks */
export function planAt(work: UnitOfWork, prospect: Prospect, startAt: Date): PlannedLesson {
  const { student, instructor, service, moving, rules } = prospect
  const endAt = new Date(startAt.getTime() + lengthOf(prospect))
  const plan: Plan = { student, instructor, service, startAt, endAt, movesFrom: moving?.startAt }
  const now = nowOf(work)
  const overridden = overcome(work, [...obstaclesOf(plan, prospect, now), ...aboutCalendar(plan, prospect, now)])
  const buffer = prospect.bufferOn(dayOf(startAt, rules.timeZone)) * MINUTE
  return { ...plan, blockedUntil: new Date(endAt.getTime() + buffer), rules, overridden }
}

/** Hard rules hold always; soft ones give way to an override with a reason by somebody who may. */
function overcome(work: UnitOfWork, obstacles: readonly Obstacle[]): string[] {
  const standing = obstacles.filter((one) => !one.soft || !work.override)
  if (standing.length > 0)
    throw new InvalidForm(
      standing.map(
        ({ rule, field, sentence, wayOut }) => new AppError('Invalid', sentence, { code: rule, field, wayOut }),
      ),
    )
  if (obstacles.length > 0 && !mayOverride(work) && work.actorKind === 'user')
    throw forbidden('Only an owner or an admin may override a rule.')
  return obstacles.map(({ rule }) => rule)
}

function aboutCalendar({ instructor, startAt, endAt }: Plan, prospect: Prospect, now: Date): Obstacle[] {
  const { timeZone } = prospect.rules
  const day = dayOf(startAt, timeZone)
  const length = Math.max(MINUTE, endAt.getTime() - startAt.getTime())
  const free = prospect.free.filter((one) => one.day === day)
  const fits = (ways: Ways) =>
    free.some((one) => {
      const { first, last } = windowIn(one, length, ways)
      return first <= startAt.getTime() && startAt.getTime() <= last
    })
  const when = formatInstant(startAt, timeZone, now)
  const name = instructor.displayName
  if (!fits(NO_WAYS)) {
    const sentence = `${name} is not free on ${when}: outside working hours, on leave, fully booked or on the way from another lesson. Find a free slot, or choose another instructor.`
    return [soft('instructor.hours', 'startAt', sentence)]
  }
  if (!fits(prospect.ways)) {
    const sentence = `${name} cannot be there on ${when}: the way from the lesson before or to the lesson after takes longer. Find a free slot, or choose another instructor.`
    return [soft('instructor.travel', 'startAt', sentence)]
  }
  return []
}
