import { randomUUID } from 'node:crypto'
import type { OrgRole } from '@prisma/client'
import type { UnitOfWork } from '../../src/core/unit-of-work.ts'
import type { Context } from '../../src/core/context.ts'
import type { Database } from '../../src/core/db.ts'
import { fromDatabase } from '../../src/core/errors.ts'
import type { School } from '../support/school.ts'

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
    userId: actorKind === 'user' ? school.people[role as keyof School['people']] : null,
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
