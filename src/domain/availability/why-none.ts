import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import { fieldLabel } from '../../core/labels.ts'
import { dayBounds, formatDay } from '../../core/time.ts'
import { tooFar, tooSoon } from './eligibility.ts'
import type { SlotSearch } from './find-slots.ts'
import { windowIn } from './fit.ts'
import { type FreeTime, freeTime } from './free-time.ts'
import { learnerObstacles } from './learner.ts'
import type { SlotRules } from './slot-rules.ts'
import { NO_WAYS } from './travel.ts'

/** The first thing that stands in the way of every slot, in the order in which somebody would put it right. */
export async function whyNone(work: UnitOfWork, rules: SlotRules, search: SlotSearch): Promise<string> {
  const now = nowOf(work)
  const [begin] = dayBounds(search.fromDay, rules.timeZone)
  const [, end] = dayBounds(search.toDay, rules.timeZone)
  const { earliest, latest } = rules.bounds(now)
  if (rules.crew.size === 0) return nobodyTeaches(search)
  if (end.getTime() <= earliest) return `${tooSoon(rules)} Search later days.`
  if (begin.getTime() > latest) return `${tooFar(rules)} Search earlier days.`
  if (!rules.priced.some(({ from, to }) => from < end.getTime() && begin.getTime() < to))
    return `${rules.serviceName} has no price on these days. Add it to the rate card that is valid then, or choose another service.`
  const learner = rules.learner ? learnerObstacles(rules.learner, begin, rules.timeZone)[0] : undefined
  return learner?.sentence ?? (await aboutInstructors(work, rules, search))
}

const nobodyTeaches = ({ instructorId }: SlotSearch): string =>
  instructorId
    ? 'This instructor does not teach this lesson, or no longer teaches. Choose another one.'
    : 'No active instructor teaches this transmission. Choose another one, or say under Instructors who teaches it.'

async function aboutInstructors(work: UnitOfWork, rules: SlotRules, search: SlotSearch): Promise<string> {
  const { fromDay, toDay } = search
  const days = fromDay === toDay ? `on ${formatDay(fromDay)}` : `from ${formatDay(fromDay)} to ${formatDay(toDay)}`
  const look = (ignoring?: 'lessons' | 'maximum') =>
    freeTime(work, {
      instructorIds: [...rules.crew.keys()],
      fromDay,
      toDay,
      timeZone: rules.timeZone,
      minutes: rules.length / 60_000,
      ignoring,
    })
  const hours = await look('lessons')
  if (hours.length === 0) return `Nobody works ${days}. Search more days, or open extra time under Exceptions.`
  if (!hours.some((one) => rules.allowsDay(one))) return papersLapsed(rules, hours[0]!)
  const free = (await look()).filter((one) => rules.allowsDay(one))
  if (free.length === 0) return await aboutLessons(look, days)
  return aboutGaps(rules, free, rules.bounds(nowOf(work)))
}

async function aboutLessons(look: (ignoring: 'maximum') => Promise<FreeTime[]>, days: string): Promise<string> {
  return (await look('maximum')).length > 0
    ? `Everybody has the most lessons of a day ${days}. Search more days, or raise the maximum under Working hours.`
    : `Everybody is booked ${days}. Search more days, or another instructor.`
}

function papersLapsed({ papers, crew, learner }: SlotRules, { instructorId, day }: FreeTime): string {
  const lapsed = papers.get(instructorId)
  if (!lapsed) return `${learner?.student.fullName ?? 'The learner'} cannot take this lesson then. Search other days.`
  const paper = fieldLabel(lapsed.kind).toLowerCase()
  return `${crew.get(instructorId)}'s ${paper} is not valid on ${formatDay(day)}. Renew and verify it, or choose another instructor.`
}

function aboutGaps(
  rules: SlotRules,
  free: readonly FreeTime[],
  { earliest, latest }: ReturnType<SlotRules['bounds']>,
): string {
  const fits = (ways: SlotRules['ways']) =>
    free.filter((one) => {
      const { first, last } = windowIn(one, rules.length, ways)
      return first <= last
    })
  if (fits(NO_WAYS).length === 0)
    return 'The free times are too short for this lesson and the way to the next. Search more days, or a shorter service.'
  const reachable = fits(rules.ways)
  if (reachable.length === 0)
    return 'Nobody gets there in time between the other lessons. Search more days, or a nearer place.'
  if (!reachable.some(({ to }) => to.getTime() > earliest)) return `${tooSoon(rules)} Search later days.`
  if (!reachable.some(({ from }) => from.getTime() <= latest)) return `${tooFar(rules)} Search earlier days.`
  return rules.taken.length > 0
    ? `${rules.learner!.student.fullName} has other lessons at the times that are free. Search more days.`
    : 'The times that are free do not fit on a quarter of an hour. Search more days, or a shorter service.'
}
