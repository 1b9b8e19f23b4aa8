import type { DateTime } from 'luxon'
import { roadMinutes } from '../../src/domain/availability/travel.ts'
import { hoursOf, isAway, SATURDAY, WEEKDAY } from './hours.ts'
import type { Learner } from './learners.ts'
import type { Random } from './random.ts'
import { type School, wallTime } from './school.ts'
import { TRAVEL_MINUTES, WEEKS } from './schools.ts'
import type { Instructor } from './team.ts'

export type Minutes = 60 | 90

/** A time at which an instructor gives a lesson; where it comes from in the plan is its name. */
export interface Slot {
  readonly key: string
  readonly instructor: Instructor
  readonly start: DateTime
  readonly minutes: Minutes
  /** It is on at this moment, whatever the usual hours say. */
  readonly isNow?: true
}

export const endOf = (slot: Slot): DateTime => slot.start.plus({ minutes: slot.minutes })

/** The lessons of all weeks of the story, in order of time; `taken` slots are kept free of others. */
export function planSlots(school: School, team: readonly Instructor[], taken: readonly Slot[]): Slot[] {
  const slots: Slot[] = []
  for (let week = -WEEKS.past; week <= WEEKS.ahead; week++) {
    for (const instructor of team) {
      for (let weekday = 1; weekday <= 6; weekday++) {
        slots.push(...slotsOfDay(school, instructor, { week, weekday }))
      }
    }
  }
  const free = slots.filter((slot) => !happensNow(school, slot) && !taken.some((other) => collides(slot, other)))
  return [...free, ...taken].toSorted((a, b) => a.start.toMillis() - b.start.toMillis())
}

/** Share of the usual lessons that is booked by now, so many weeks ahead. */
const bookedAhead = { weekday: [1, 1, 0.95, 0.88, 0.8, 0.7], saturday: [1, 1, 1, 0.95, 0.9, 0.8] } as const

function slotsOfDay(
  school: School,
  instructor: Instructor,
  { week, weekday }: { week: number; weekday: number },
): Slot[] {
  const day = school.monday.plus({ weeks: week, days: weekday - 1 })
  if (!hoursOf(instructor, day) || week < -(instructor.plan.joinedWeeksAgo ?? WEEKS.past)) return []
  const chance = school.random(`day/${instructor.index}/${week}/${weekday}`)
  const times = weekday === 6 ? saturday(chance) : weekdayTimes(chance, school.plan.demand)
  const booked = bookedAhead[weekday === 6 ? 'saturday' : 'weekday'][Math.max(week, 0)] ?? 1
  return times
    .filter(
      ([from, minutes]) => chance.next() < booked && !isAway(instructor, { week, weekday, from, to: from + minutes }),
    )
    .map(([from, minutes]) => ({
      key: `${instructor.index}/${week}/${weekday}/${from}`,
      instructor,
      start: wallTime(day, from),
      minutes,
    }))
}

type Time = readonly [from: number, minutes: Minutes]

/** Lessons one after the other, with the way between them. */
function inARow(from: number, lengths: readonly Minutes[]): Time[] {
  let next = from
  return lengths.map((minutes) => {
    const time = [next, minutes] as const
    next += minutes + TRAVEL_MINUTES
    return time
  })
}

/** Saturdays are full from morning to evening. */
function saturday(chance: Random): Time[] {
  const morning = chance.pick<Minutes[]>([
    [60, 60, 90],
    [60, 90, 60],
    [90, 60, 60],
  ])
  const afternoon = chance.pick<Minutes[]>([
    [60, 90, 90],
    [90, 60, 90],
    [90, 90, 60],
    [60, 60, 60],
  ])
  return [...inARow(SATURDAY.morning[0], morning), ...inARow(SATURDAY.afternoon[0], afternoon)]
}

const AFTER_SCHOOL = 15 * 60 + 30

/** Weekdays are busy after school, and here and there before. */
function weekdayTimes(chance: Random, demand: { peak: number; day: number }): Time[] {
  const morning = chance.pick<Minutes[]>([
    [60, 60, 60],
    [90, 90],
    [60, 90],
  ])
  const afternoon = chance.pick<Minutes[]>([[60, 60], [90]])
  const peak = chance.pick<Minutes[]>([
    [60, 60, 60],
    [60, 60, 60],
    [90, 60],
    [60, 90],
  ])
  const early = [...inARow(WEEKDAY.morning[0], morning), ...inARow(WEEKDAY.afternoon[0], afternoon)]
  return [
    ...early.filter(() => chance.percent(demand.day)),
    ...inARow(AFTER_SCHOOL, peak).filter(() => chance.percent(demand.peak)),
  ]
}

/** Which lessons are on at this moment is said apart, so the plan leaves the time around it open. */
function happensNow(school: School, slot: Slot): boolean {
  const sinceStart = (school.now.toMillis() - slot.start.toMillis()) / 60_000
  return sinceStart >= 0 && sinceStart < slot.minutes + MINUTES_TO_CLOSE
}

/** By then a lesson is closed, or marked as missed. */
export const MINUTES_TO_CLOSE = 40

function collides(a: Slot, b: Slot): boolean {
  const gap = { minutes: TRAVEL_MINUTES }
  return a.instructor === b.instructor && a.start < endOf(b).plus(gap) && b.start < endOf(a).plus(gap)
}

/** Two lessons that are on right now, begun a while ago on the quarter of an hour. */
export function slotsOfNow(school: School, team: readonly Instructor[]): Slot[] {
  return [team[0]!, team[2]!].map((instructor, index) => {
    const begun = school.now.minus({ minutes: 12 + index * 15 })
    const start = wallTime(begun, begun.hour * 60 + begun.minute - (begun.minute % 15))
    return { key: `now/${instructor.index}`, instructor, start, minutes: 60, isNow: true }
  })
}

/** Who comes to which lesson. */
export interface Match {
  readonly slot: Slot
  readonly learner: Learner
}

/** Everybody drives about once a week, mostly with the same instructor, and never twice on one day. */
export function matchLearners(school: School, slots: readonly Slot[], learners: readonly Learner[]): Match[] {
  const lastDay = new Map<Learner, number>()
  const before = new Map<Instructor, Match>()
  return slots.flatMap((slot) => {
    const day = Math.floor(slot.start.plus({ minutes: slot.start.offset }).toMillis() / DAY_MS)
    const date = slot.start.toISODate()!
    const able = learners.filter(
      (learner) =>
        lastDay.get(learner) !== day &&
        learner.permitUntil > date &&
        canCome(school, learner, slot) &&
        isReached(before.get(slot.instructor), { slot, learner }),
    )
    const regulars = able.filter((learner) => learner.usual === slot.instructor)
    const waited = (learner: Learner): number => Math.min(day - (lastDay.get(learner) ?? day - 20), 30)
    const chance = school.random(`match/${slot.key}`)
    const learner = (regulars.length > 0 ? regulars : able)
      .map((one) => ({ one, turn: waited(one) + chance.next() * 6 }))
      .toSorted((a, b) => b.turn - a.turn)[0]?.one
    if (!learner) return []
    lastDay.set(learner, day)
    before.set(slot.instructor, { slot, learner })
    return [{ slot, learner }]
  })
}

const DAY_MS = 24 * 3_600_000
/** Between joining and the first lesson. */
const DAYS_TO_FIRST_LESSON = 9

/** Whether the instructor is there in time from the lesson before. */
function isReached(before: Match | undefined, { slot, learner }: Match): boolean {
  if (!before || slot.isNow) return true
  const minutes = (slot.start.toMillis() - before.slot.start.toMillis()) / 60_000 - before.slot.minutes
  return roadMinutes(before.learner.home, learner.home) <= minutes
}

function canCome(school: School, learner: Learner, { instructor, start }: Slot): boolean {
  const at = start.toMillis()
  const first = Math.min(at - DAYS_TO_FIRST_LESSON * DAY_MS, school.now.toMillis())
  return (
    !learner.awaitsConsent &&
    learner.joinedAt.getTime() < first &&
    (learner.leftAt === null || at < learner.leftAt.getTime()) &&
    (instructor.plan.gearbox === 'both' || instructor.plan.gearbox === learner.gearbox)
  )
}
