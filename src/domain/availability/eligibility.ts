import type { UnitOfWork } from '../../core/unit-of-work.ts'
import type { Scalars } from '../../core/declaration.ts'
import { fieldLabel } from '../../core/labels.ts'
import { dayOf, formatDay, formatInstant } from '../../core/time.ts'
import type { SchoolRules } from '../school.ts'
import { type LearnerFacts, learnerFacts, learnerObstacles } from './learner.ts'
import { type Obstacle, hard, soft } from './obstacle.ts'
import { type Papers, papersOf } from './papers.ts'

export interface Plan {
  readonly student: Scalars<'Student'>
  readonly instructor: Scalars<'Instructor'>
  readonly service: Scalars<'Service'>
  readonly startAt: Date
  readonly endAt: Date
  /** Of the lesson that moves: it was agreed under the rules of its day, and keeps its service. */
  readonly movesFrom?: Date | undefined
}

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const SHORTEST = 30
const LONGEST = 480

/** What decides apart from the calendar, read once for however many days. */
export interface Grounds {
  readonly rules: SchoolRules
  readonly learner: LearnerFacts
  /** Undefined when the instructor has none on file. */
  readonly papers: Papers | undefined
}

export async function groundsFor(
  work: UnitOfWork,
  { student, instructor, service }: Pick<Plan, 'student' | 'instructor' | 'service'>,
  rules: SchoolRules,
): Promise<Grounds> {
  const learner = await learnerFacts(work, student, service)
  return { rules, learner, papers: (await papersOf(work, [instructor.id])).get(instructor.id) }
}

/** What stands against the lesson apart from the calendar itself: dates, length, people, papers (domain.md, Booking rules). */
export const obstaclesOf = (plan: Plan, grounds: Grounds, now: Date): Obstacle[] => [
  ...aboutTime(plan, grounds.rules, now),
  ...aboutPeople(plan),
  ...learnerObstacles(grounds.learner, plan.startAt, grounds.rules.timeZone),
  ...aboutPapers(plan, grounds),
]

function aboutTime({ startAt, endAt, movesFrom }: Plan, rules: SchoolRules, now: Date): Obstacle[] {
  const minutes = (endAt.getTime() - startAt.getTime()) / MINUTE
  const found: Obstacle[] = []
  if (minutes <= 0) found.push(hard('time.order', 'endAt', 'The lesson ends before it starts. Choose a later end.'))
  else if (minutes < SHORTEST || minutes > LONGEST)
    found.push(hard('time.length', 'endAt', `A lesson lasts ${SHORTEST} to ${LONGEST} minutes. Choose another length.`))
  // another instructor at the same time asks nothing of the learner: a sick call comes in the morning
  const stays = movesFrom?.getTime() === startAt.getTime()
  return [...found, ...(stays && startAt > now ? [] : aboutNotice(startAt, rules, now))]
}

function aboutNotice(startAt: Date, rules: SchoolRules, now: Date): Obstacle[] {
  const notice = startAt.getTime() - now.getTime()
  if (notice < 0) {
    const when = formatInstant(startAt, rules.timeZone, now)
    return [hard('time.past', 'startAt', `${when} has passed. Choose a time that is still to come.`)]
  }
  if (notice < rules.minNoticeMin * MINUTE)
    return [soft('time.notice', 'startAt', `${tooSoon(rules)} Choose a later time.`)]
  if (notice > rules.maxAdvanceDays * DAY)
    return [soft('time.horizon', 'startAt', `${tooFar(rules)} Choose an earlier day.`)]
  return []
}

export const tooSoon = ({ minNoticeMin }: Pick<SchoolRules, 'minNoticeMin'>): string =>
  `Lessons are booked at least ${inHours(minNoticeMin)} ahead.`

export const tooFar = ({ maxAdvanceDays }: Pick<SchoolRules, 'maxAdvanceDays'>): string =>
  `Lessons are booked at most ${maxAdvanceDays} days ahead.`

/** "2 hours", "1 hour", "90 minutes". */
export const inHours = (minutes: number): string =>
  minutes % 60 === 0 ? `${minutes / 60} hour${minutes === 60 ? '' : 's'}` : `${minutes} minutes`

function aboutPeople({ instructor, service, movesFrom }: Plan): Obstacle[] {
  const found: Obstacle[] = []
  const { transmission } = service
  if (!instructor.active)
    found.push(
      hard(
        'instructor.retired',
        'instructorId',
        `${instructor.displayName} no longer teaches. Choose another instructor.`,
      ),
    )
  if (!service.active && !movesFrom)
    found.push(hard('service.retired', 'serviceId', `${service.name} is no longer offered. Choose another service.`))
  const teaches = { automatic: instructor.teachesAutomatic, manual: instructor.teachesManual }
  if (transmission && !teaches[transmission])
    found.push(
      hard(
        'instructor.transmission',
        'instructorId',
        `${instructor.displayName} does not teach ${transmission}. Choose another instructor.`,
      ),
    )
  return found
}

function aboutPapers({ instructor, startAt }: Plan, { papers, rules }: Grounds): Obstacle[] {
  const day = dayOf(startAt, rules.timeZone)
  if (!papers || papers.until >= day) return []
  const paper = fieldLabel(papers.kind).toLowerCase()
  return [
    soft(
      'instructor.credential',
      'instructorId',
      `${instructor.displayName}'s ${paper} is not valid on ${formatDay(day)}. Renew and verify it, or choose another instructor.`,
    ),
  ]
}
