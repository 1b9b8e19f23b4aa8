import type { Scalars } from '../../core/declaration.ts'
import { AppError, fromDatabase, invalid } from '../../core/errors.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { days as dayNames } from '../../core/vocabulary.ts'

type Hours = Scalars<'InstructorWorkingHours'>

/** One weekday of an instructor; times are `HH:MM` on the school's clocks. */
export interface WorkDay {
  /** 0 = Sunday to 6 = Saturday. */
  readonly dayOfWeek: number
  readonly works: boolean
  readonly startTime: string
  readonly endTime: string
  readonly breakStartTime: string | null
  readonly breakEndTime: string | null
  readonly maxLessonsPerDay: number | null
  /** Minutes kept free after each lesson. */
  readonly travelBufferMin: number
}

const USUAL = { startTime: '09:00', endTime: '17:00', breakStartTime: null, breakEndTime: null }

/** An instructor's hours as they are on `day` (local, `yyyy-mm-dd`), all seven days, Sunday first. */
export async function readWeek(work: UnitOfWork, instructorId: string, day: string): Promise<WorkDay[]> {
  const all = await hoursOf(work, instructorId)
  return Object.keys(dayNames).map((key) => {
    const dayOfWeek = Number(key)
    const hours = inForce(all, dayOfWeek, day)
    if (!hours) return { dayOfWeek, works: false, ...USUAL, maxLessonsPerDay: null, travelBufferMin: 15 }
    const { startTime, endTime, breakStartTime, breakEndTime, maxLessonsPerDay, travelBufferMin } = hours
    return {
      dayOfWeek,
      works: true,
      startTime,
      endTime,
      breakStartTime,
      breakEndTime,
      maxLessonsPerDay,
      travelBufferMin,
    }
  })
}

interface Week {
  readonly instructorId: string
  readonly days: readonly WorkDay[]
  /** From when on it holds: local, `yyyy-mm-dd`. What was written down for later stays. */
  readonly day: string
}

/**
 * Writes a week at once: a day that is no longer worked is put out of use, one that is new or changed is written.
 * @throws AppError Invalid naming the day
 */
export async function saveWeek(work: UnitOfWork, { instructorId, days, day }: Week): Promise<void> {
  const instructor = await work.tx.instructor.findFirst({ where: { id: instructorId, orgId: work.orgId } })
  if (!instructor) throw invalid("This instructor is not one of your school's. Choose one from the list.", 'instructor')
  const all = await hoursOf(work, instructorId)
  for (const one of days) await saveDay(work, { all, day, instructorId }, one)
}

interface Known {
  readonly all: readonly Hours[]
  readonly day: string
  readonly instructorId: string
}

async function saveDay(work: UnitOfWork, { all, day, instructorId }: Known, workDay: WorkDay): Promise<void> {
  const { works, dayOfWeek, ...times } = workDay
  const { orgId } = work
  const own = all.filter((hours) => hours.dayOfWeek === dayOfWeek)
  const now = inForce(own, dayOfWeek, day)
  if (!works && !now) return
  try {
    if (!works) {
      await work.tx.instructorWorkingHours.updateMany({ where: { id: now!.id, orgId }, data: { isActive: false } })
      return
    }
    if (now && isSame(now, workDay)) return
    const given = { ...times, isActive: true }
    // hours without a first day are there once: those that are out of use come back
    const kept = now ?? own.find(({ effectiveFrom, isActive }) => effectiveFrom === null && !isActive)
    const until = { effectiveTo: laterOf(own, day) }
    if (kept)
      await work.tx.instructorWorkingHours.updateMany({
        where: { id: kept.id, orgId },
        data: { ...given, ...(now ? {} : until) },
      })
    else await work.tx.instructorWorkingHours.create({ data: { orgId, instructorId, dayOfWeek, ...given, ...until } })
  } catch (error) {
    const refusal = error instanceof AppError ? error : fromDatabase(error)
    if (!refusal) throw error
    throw invalid(`${dayNames[dayOfWeek as keyof typeof dayNames]}: ${refusal.message}`, String(dayOfWeek))
  }
}

const hoursOf = ({ tx, orgId }: UnitOfWork, instructorId: string): Promise<Hours[]> =>
  tx.instructorWorkingHours.findMany({
    where: { orgId, instructorId },
    orderBy: [{ effectiveFrom: 'asc' }, { id: 'asc' }],
  })

const isoDay = (day: Date): string => day.toISOString().slice(0, 10)

const inForce = (all: readonly Hours[], dayOfWeek: number, day: string): Hours | undefined =>
  all.find(
    (hours) =>
      hours.isActive &&
      hours.dayOfWeek === dayOfWeek &&
      (hours.effectiveFrom === null || isoDay(hours.effectiveFrom) <= day) &&
      (hours.effectiveTo === null || day < isoDay(hours.effectiveTo)),
  )

/** The first day of hours that were written down for later, so that the new ones end there. */
const laterOf = (own: readonly Hours[], day: string): Date | null =>
  own.find(({ isActive, effectiveFrom }) => isActive && effectiveFrom !== null && isoDay(effectiveFrom) > day)
    ?.effectiveFrom ?? null

const isSame = (hours: Hours, { works, ...workDay }: WorkDay): boolean =>
  works && Object.entries(workDay).every(([name, value]) => hours[name as keyof Hours] === value)
