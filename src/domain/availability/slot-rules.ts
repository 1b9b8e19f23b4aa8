import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { invalid } from '../../core/errors.ts'
import { dayBounds } from '../../core/time.ts'
import { pickupOf } from '../bookings/pickup.ts'
import { rulesOf, type SchoolRules } from '../school.ts'
import type { FreeTime } from './free-time.ts'
import type { SlotSearch } from './find-slots.ts'
import { type LearnerFacts, learnerFacts, learnerObstacles } from './learner.ts'
import { type Papers, papersOf } from './papers.ts'
import { type Ways, waysAround } from './travel.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

interface Span {
  readonly from: number
  readonly to: number
}

/** Everything that a search asks of a slot, read once. */
export interface SlotRules extends SchoolRules {
  /** Names of the instructors who could teach it, by id. */
  readonly crew: ReadonlyMap<string, string>
  /** Of the lesson, in ms. */
  readonly length: number
  readonly serviceName: string
  readonly ways: Ways
  readonly papers: ReadonlyMap<string, Papers>
  readonly learner: LearnerFacts | null
  /** Of the price lists that have the service. */
  readonly priced: readonly Span[]
  /** The learner's own lessons. */
  readonly taken: readonly Span[]
  bounds(now: Date): { earliest: number; latest: number }
  /** Whether papers, licence and consent hold that day. */
  allowsDay(free: Pick<FreeTime, 'instructorId' | 'day' | 'from'>): boolean
  /** Whether it has a price and the learner is free. */
  allowsStart(start: number): boolean
}

export async function slotRules(work: UnitOfWork, search: SlotSearch): Promise<SlotRules> {
  const rules = await rulesOf(work)
  const service = await work.tx.service.findFirst({ where: { id: search.serviceId, orgId: work.orgId } })
  if (!service) throw invalid("This service is not one of your school's. Choose one from the list.", 'serviceId')
  if (!service.active) throw invalid(`${service.name} is no longer offered. Choose another service.`, 'serviceId')
  const crew = await crewOf(work, search, search.transmission ?? service.transmission)
  const papers = await papersOf(work, [...crew.keys()])
  const learner = search.studentId ? await learnerOf(work, search.studentId, service) : null
  const taken = await lessonsOf(work, search, rules.timeZone)
  const priced = await pricedIn(work, service.id, rules.currency)
  const ways = await waysAround(work, await pickupOf(work, search), rules.timeZone)
  const length = service.durationMin * MINUTE
  const allowed = new Map<string, boolean>()
  const allowsLearner = (day: string, from: Date): boolean => {
    if (!learner) return true
    if (!allowed.has(day)) allowed.set(day, learnerObstacles(learner, from, rules.timeZone).length === 0)
    return allowed.get(day)!
  }
  return {
    ...rules,
    crew,
    length,
    serviceName: service.name,
    ways,
    papers,
    learner,
    priced,
    taken,
    bounds: (now) => ({
      earliest: now.getTime() + rules.minNoticeMin * MINUTE,
      latest: now.getTime() + rules.maxAdvanceDays * DAY,
    }),
    allowsDay: ({ instructorId, day, from }) =>
      (papers.get(instructorId)?.until ?? day) >= day && allowsLearner(day, from),
    allowsStart: (start) =>
      priced.some(({ from, to }) => from <= start && start < to) &&
      !taken.some(({ from, to }) => from < start + length && start < to),
  }
}

async function crewOf(
  work: UnitOfWork,
  { instructorId }: SlotSearch,
  transmission: string | null,
): Promise<Map<string, string>> {
  const crew = await work.tx.instructor.findMany({
    where: {
      orgId: work.orgId,
      active: true,
      ...(instructorId ? { id: instructorId } : {}),
      ...(transmission === 'manual' ? { teachesManual: true } : {}),
      ...(transmission === 'automatic' ? { teachesAutomatic: true } : {}),
    },
    select: { id: true, displayName: true },
  })
  return new Map(crew.map(({ id, displayName }) => [id, displayName]))
}

async function learnerOf(
  work: UnitOfWork,
  id: string,
  service: Parameters<typeof learnerFacts>[2],
): Promise<LearnerFacts> {
  const student = await work.tx.student.findFirst({ where: { id, orgId: work.orgId } })
  if (!student) throw invalid("This student is not one of your school's. Choose one from the list.", 'studentId')
  return await learnerFacts(work, student, service)
}

async function lessonsOf(
  work: UnitOfWork,
  { studentId, fromDay, toDay }: SlotSearch,
  timeZone: string,
): Promise<Span[]> {
  if (!studentId) return []
  const lessons = await work.tx.booking.findMany({
    where: {
      orgId: work.orgId,
      studentId,
      status: { notIn: ['draft', 'cancelled'] },
      endAt: { gt: dayBounds(fromDay, timeZone)[0] },
      startAt: { lt: dayBounds(toDay, timeZone)[1] },
    },
    select: { startAt: true, endAt: true },
  })
  return lessons.map(({ startAt, endAt }) => ({ from: startAt.getTime(), to: endAt.getTime() }))
}

async function pricedIn(work: UnitOfWork, serviceId: string, currency: string): Promise<Span[]> {
  const items = await work.tx.rateCardItem.findMany({
    where: { orgId: work.orgId, serviceId, rateCard: { isDefault: true, currency } },
    select: { rateCard: { select: { validFrom: true, validTo: true } } },
  })
  return items.map(({ rateCard: { validFrom, validTo } }) => ({
    from: validFrom?.getTime() ?? Number.NEGATIVE_INFINITY,
    to: validTo?.getTime() ?? Number.POSITIVE_INFINITY,
  }))
}
