import fc from 'fast-check'
import { randomUUID } from 'node:crypto'
import type { Database } from '../../src/core/db.ts'
import { bookLesson, type Order } from '../../src/domain/bookings/book-lesson.ts'
import { cancelBooking } from '../../src/domain/bookings/cancel-booking.ts'
import { completeLesson } from '../../src/domain/bookings/complete-lesson.ts'
import { confirmBooking } from '../../src/domain/bookings/confirm-booking.ts'
import { executeDue } from '../../src/domain/bookings/execute-due.ts'
import { reassignDay } from '../../src/domain/bookings/reassign-day.ts'
import { rescheduleBooking } from '../../src/domain/bookings/reschedule-booking.ts'
import { startLesson } from '../../src/domain/bookings/start-lesson.ts'
import type { School } from '../support/school.ts'
import { does, hoursLater, minutesLater } from './scheduling.ts'

/** Something that somebody does in the week; which booking it is about is drawn from those that are there. */
export interface Operation {
  readonly what: 'book' | 'move' | 'cancel' | 'confirm' | 'start' | 'complete' | 'reassign' | 'clock'
  readonly as: Order['as']
  readonly learner: number
  /** Quarters of an hour after Monday, eight o'clock; 4 days. */
  readonly quarter: number
  /** Which of the bookings, as a share of them. */
  readonly which: number
}

/** A Monday, eight in the morning in Sydney. */
const MONDAY_8 = new Date('2027-01-31T21:00:00Z')
const DAYS = ['2027-02-01', '2027-02-02', '2027-02-03', '2027-02-04']
const EARLIER = hoursLater(MONDAY_8, -72)

const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })
export const operations: fc.Arbitrary<Operation> = fc.record({
  what: fc.constantFrom(
    ...(['book', 'book', 'book', 'book', 'move', 'move', 'cancel', 'confirm', 'start', 'complete', 'clock'] as const),
    'reassign' as const,
  ),
  as: fc.constantFrom(...(['draft', 'requested', 'pending_payment', 'confirmed'] as const)),
  learner: fc.nat({ max: 11 }),
  quarter: fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 36 })).map(([day, quarter]) => day * 96 + quarter),
  which: share,
})

interface Week {
  readonly db: Database
  readonly school: School
  readonly learners: readonly string[]
}

export async function act({ db, school, learners }: Week, operation: Operation): Promise<void> {
  const { what, quarter, which, as } = operation
  const startAt = minutesLater(MONDAY_8, quarter * 15)
  const { instructorId, serviceId } = school
  const now = EARLIER
  if (what === 'book') {
    const order = { studentId: learners[operation.learner]!, instructorId, serviceId, startAt, as, key: randomUUID() }
    await does(db, school, (work) => bookLesson(work, order), { now })
    return
  }
  if (what === 'reassign') {
    const day = DAYS[Math.floor(which * DAYS.length)]!
    await does(db, school, (work) => reassignDay(work, { instructorId, day, reason: 'Flu' }), { now })
    return
  }
  if (what === 'clock') {
    const ctx = { db, orgId: school.orgId, userId: null, role: null, actorKind: 'system', ip: null } as const
    await executeDue({ ...ctx, requestId: randomUUID() }, hoursLater(EARLIER, which), 5)
    return
  }
  const booking = await someBooking(school, which)
  if (booking) await change({ db, school }, { what, booking, startAt })
}

async function someBooking(school: School, which: number): Promise<{ id: string; startAt: Date } | undefined> {
  const rows = await school.run('SELECT id, "startAt" FROM "Booking" ORDER BY id')
  return rows[Math.floor(which * rows.length)]
}

interface Change {
  readonly what: Exclude<Operation['what'], 'book' | 'reassign' | 'clock'>
  readonly booking: { readonly id: string; readonly startAt: Date }
  readonly startAt: Date
}

async function change({ db, school }: Pick<Week, 'db' | 'school'>, { what, booking, startAt }: Change): Promise<void> {
  const { id } = booking
  const cancelled = { cancelledAs: 'student', reason: 'Ill' } as const
  // the clock of the lesson itself for what happens in the car
  const now = what === 'start' ? booking.startAt : what === 'complete' ? hoursLater(booking.startAt, 1) : EARLIER
  await does(
    db,
    school,
    async (work) => {
      if (what === 'move') await rescheduleBooking(work, id, { startAt, reason: 'Exam' })
      if (what === 'cancel') await cancelBooking(work, id, cancelled)
      if (what === 'confirm') await confirmBooking(work, id)
      if (what === 'start') await startLesson(work, id)
      if (what === 'complete') await completeLesson(work, id)
    },
    { now },
  )
}
