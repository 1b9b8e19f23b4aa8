import { randomUUID } from 'node:crypto'
import type { OrgRole } from '@prisma/client'
import type { UnitOfWork } from '../../src/core/unit-of-work.ts'
import type { Context } from '../../src/core/context.ts'
import type { Database } from '../../src/core/db.ts'
import { AppError, InvalidForm, fromDatabase } from '../../src/core/errors.ts'
import type { Order } from '../../src/domain/bookings/book-lesson.ts'
import type { TestDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'

interface Who {
  readonly role?: OrgRole
  /** The clock's job instead of a person. */
  readonly actorKind?: Context['actorKind']
  readonly now?: Date
  readonly override?: string
}

/** One transaction of the school's manager, or of whom is named; a refusal of the database is the sentence people get. */
export async function does<T>(
  db: Database,
  school: School,
  fn: (work: UnitOfWork) => Promise<T>,
  { role = 'manager', actorKind = 'user', now, override }: Who = {},
): Promise<T> {
  const ctx: Context = {
    db,
    orgId: school.orgId,
    userId: actorKind === 'user' ? (school.people[role as keyof School['people']] ?? null) : null,
    role: actorKind === 'user' ? role : null,
    actorKind,
    ip: null,
    requestId: randomUUID(),
    ...(now ? { now } : {}),
    ...(override ? { override } : {}),
  }
  try {
    return await db.transaction(ctx, (tx) => fn({ ...ctx, tx }))
  } catch (error) {
    throw fromDatabase(error) ?? error
  }
}

/** Monday to Friday from nine to five, with a break at noon and a quarter of an hour between lessons. */
export async function worksWeekdays(school: School, instructorId = school.instructorId): Promise<void> {
  for (let dayOfWeek = 1; dayOfWeek <= 5; dayOfWeek++)
    await school.add('InstructorWorkingHours', {
      instructorId,
      dayOfWeek,
      startTime: '09:00',
      endTime: '17:00',
      breakStartTime: '12:00',
      breakEndTime: '13:00',
    })
}

/** A school whose instructor works on weekdays and whose learner is of age: a lesson can be booked. */
export async function openSchool(test: TestDatabase): Promise<School> {
  const harbour = await school(test, { name: 'Harbour' })
  await worksWeekdays(harbour)
  await harbour.change('Student', harbour.studentId, { dob: '2000-01-01' })
  return harbour
}

/** What the manager of a school orders when nothing else is said: its learner with its instructor, agreed. */
export const orderOf = (school: School, startAt: Date, more: Partial<Order> = {}): Order => ({
  studentId: school.studentId,
  instructorId: school.instructorId,
  serviceId: school.serviceId,
  startAt,
  as: 'confirmed',
  key: randomUUID(),
  ...more,
})

/** The sentences with which something was refused. @throws what it failed with when it was no refusal */
export async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error('it was not refused'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof AppError)) throw error
  return error instanceof InvalidForm ? error.errors.map(({ message }) => message).join(' ') : error.message
}

export const minutesLater = (instant: Date, minutes: number): Date => new Date(instant.getTime() + minutes * 60_000)
export const hoursLater = (instant: Date, hours: number): Date => minutesLater(instant, hours * 60)

/** The tiers of domain.md. */
export async function hasPolicies(school: School): Promise<void> {
  for (const actor of ['student', 'parent'])
    for (const [hoursBeforeStart, refundPercentage] of [
      [24, 100],
      [2, 50],
      [0, 0],
    ])
      await school.add('CancellationPolicy', { actor, hoursBeforeStart, refundPercentage })
  await school.add('CancellationPolicy', { actor: 'instructor', hoursBeforeStart: 0, refundPercentage: 100 })
}
