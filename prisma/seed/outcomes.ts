import type { CancellationActor } from '@prisma/client'
import type { Random } from './random.ts'
import { type Match, MINUTES_TO_CLOSE, type Slot } from './schedule.ts'
import type { School } from './school.ts'

/** How a booking ended, or where it stands. */
export type Outcome =
  | {
      readonly kind:
        | 'completed'
        | 'no_show'
        | 'expired'
        | 'upcoming'
        | 'in_progress'
        | 'unclosed'
        | 'requested'
        | 'draft'
    }
  | {
      readonly kind: 'cancelled'
      readonly as: CancellationActor
      readonly noticeMinutes: number
      readonly reason: string
    }
  | { readonly kind: 'hold'; readonly minutesLeft: number }

/** What else is on a school's desk besides the usual. */
interface Desk {
  readonly unclosed: number
  readonly holds: readonly number[]
  readonly requests: number
  readonly drafts: number
}

const desks: Readonly<Record<string, Desk>> = {
  'harbour-city': { unclosed: 3, holds: [2, 9, 17, 26], requests: 5, drafts: 2 },
  'river-city': { unclosed: 2, holds: [6, 21], requests: 2, drafts: 1 },
  torrens: { unclosed: 1, holds: [14], requests: 1, drafts: 0 },
}

/** How each of the matches turned out; the same for the same slot in every run. */
export function decideOutcomes(school: School, matches: readonly Match[]): Map<Match, Outcome> {
  const outcomes = new Map(matches.map((match) => [match, usualOutcome(school, match.slot)] as const))
  leaveUnclosed(school, outcomes)
  fillDesk(school, outcomes)
  return outcomes
}

const isOver = (school: School, { start, minutes }: Slot): boolean =>
  start.toMillis() + (minutes + MINUTES_TO_CLOSE) * 60_000 <= school.now.toMillis()

function usualOutcome(school: School, slot: Slot): Outcome {
  const chance = school.random(`outcome/${slot.key}`)
  if (isOver(school, slot)) return pastOutcome(chance)
  if (slot.start <= school.now) return { kind: 'in_progress' }
  const aheadMinutes = (slot.start.toMillis() - school.now.toMillis()) / 60_000
  const cancelled = aheadMinutes > 2 * 24 * 60 && chance.percent(4)
  // already called off: on the way from booking to now
  return cancelled
    ? cancelledBy('student', Math.ceil(aheadMinutes) + chance.between(20, 400), chance)
    : { kind: 'upcoming' }
}

const HOUR = 60

/** 82 of 100 lessons are given; the others show every tier of the cancellation policy. */
function pastOutcome(chance: Random): Outcome {
  const fate = chance.next() * 100
  if (fate < 82) return { kind: 'completed' }
  if (fate < 86) return cancelledBy('student', chance.between(24 * HOUR, 96 * HOUR), chance)
  if (fate < 89.2) return cancelledBy('student', chance.between(2 * HOUR, 24 * HOUR - 1), chance)
  if (fate < 91) return cancelledBy('student', chance.between(10, 2 * HOUR - 1), chance)
  if (fate < 92) return cancelledBy('parent', chance.between(3 * HOUR, 60 * HOUR), chance)
  if (fate < 94.2) return cancelledBy('instructor', chance.between(2 * HOUR, 48 * HOUR), chance)
  if (fate < 95) return cancelledBy('admin', chance.between(1 * HOUR, 30 * HOUR), chance)
  return { kind: fate < 97.6 ? 'no_show' : 'expired' }
}

function cancelledBy(as: CancellationActor, noticeMinutes: number, chance: Random): Outcome {
  return { kind: 'cancelled', as, noticeMinutes, reason: chance.pick(reasons[as]) }
}

const reasons: Readonly<Record<CancellationActor, readonly string[]>> = {
  student: ['Ill today', 'Exam at school', 'Shift at work was moved', 'Away with the family', 'Car trouble on the way'],
  parent: ['Sports carnival', 'Family commitment', 'Could not bring the permit in time'],
  instructor: ['Instructor ill', 'Vehicle in for repair', 'Instructor held up in traffic'],
  admin: ['Storm warning, lessons called off', 'Booked twice by mistake', 'Test centre closed the route'],
}

/** The latest lessons that were started and that nobody closed, and a no-show that can still be taken back. */
function leaveUnclosed(school: School, outcomes: Map<Match, Outcome>): void {
  const given = [...outcomes.keys()].filter((match) => outcomes.get(match)!.kind === 'completed')
  const latest = given.toSorted((a, b) => b.slot.start.toMillis() - a.slot.start.toMillis())
  const ofDifferentInstructors = latest.filter(
    (match, index) => latest.findIndex(({ slot }) => slot.instructor === match.slot.instructor) === index,
  )
  const { unclosed } = desks[school.plan.slug]!
  for (const match of ofDifferentInstructors.slice(0, unclosed)) outcomes.set(match, { kind: 'unclosed' })
  const missed = latest.find((match) => outcomes.get(match)!.kind === 'completed')
  if (missed) outcomes.set(missed, { kind: 'no_show' })
}

/** Holds, requests and drafts, all for lessons from the day after tomorrow on. */
function fillDesk(school: School, outcomes: Map<Match, Outcome>): void {
  const from = school.now.plus({ hours: 40 })
  const until = school.now.plus({ days: 16 })
  const open = [...outcomes.keys()].filter(
    (match) =>
      outcomes.get(match)!.kind === 'upcoming' &&
      !match.learner.prepays &&
      match.slot.start > from &&
      match.slot.start < until,
  )
  const { holds, requests, drafts } = desks[school.plan.slug]!
  const waiting: Outcome[] = [
    ...holds.map((minutesLeft) => ({ kind: 'hold' as const, minutesLeft })),
    ...Array.from({ length: requests }, () => ({ kind: 'requested' as const })),
    ...Array.from({ length: drafts }, () => ({ kind: 'draft' as const })),
  ]
  const chosen = school.random('desk').shuffled(open)
  for (const [index, outcome] of waiting.entries()) outcomes.set(chosen[index]!, outcome)
}
