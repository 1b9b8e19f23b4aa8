import type { BookingStatus, OrgRole } from '@prisma/client'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { UnitOfWork } from '../../src/core/unit-of-work.ts'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { AppError, fromDatabase } from '../../src/core/errors.ts'
import { enumValues } from '../../src/core/schema.ts'
import { cancelBooking } from '../../src/domain/bookings/cancel-booking.ts'
import { changeStatus, lockBooking } from '../../src/domain/bookings/change-status.ts'
import { completeLesson } from '../../src/domain/bookings/complete-lesson.ts'
import { confirmBooking } from '../../src/domain/bookings/confirm-booking.ts'
import { holdBooking } from '../../src/domain/bookings/hold-booking.ts'
import { markNoShow } from '../../src/domain/bookings/mark-no-show.ts'
import { startLesson } from '../../src/domain/bookings/start-lesson.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { does, hoursLater, minutesLater, refusal } from './scheduling.ts'

// domain.md, Booking states, written down once more: what is not here is missing on purpose.
const STAFF = 'owner admin manager'
const TABLE: Readonly<Record<string, string>> = {
  'draft → pending_payment': STAFF,
  'draft → requested': STAFF,
  'draft → confirmed': STAFF,
  'draft → cancelled': `${STAFF} clock`,
  'pending_payment → confirmed': `${STAFF} payment`,
  'pending_payment → cancelled': `${STAFF} clock`,
  'requested → pending_payment': STAFF,
  'requested → confirmed': STAFF,
  'requested → cancelled': STAFF,
  'confirmed → in_progress': STAFF,
  'confirmed → cancelled': STAFF,
  'confirmed → no_show': `${STAFF} clock`,
  'scheduled → in_progress': STAFF,
  'scheduled → cancelled': STAFF,
  'scheduled → no_show': `${STAFF} clock`,
  'in_progress → completed': STAFF,
  'in_progress → cancelled': STAFF,
  'no_show → completed': STAFF,
  'no_show → cancelled': STAFF,
}
const STATUSES = enumValues('BookingStatus') as BookingStatus[]
const ACTORS = [...enumValues('OrgRole'), 'clock', 'payment']

/** Every pair of two different statuses. */
const PAIRS = STATUSES.flatMap((from) => STATUSES.filter((to) => to !== from).map((to) => [from, to] as const))

let test: TestDatabase
let db: Database
let harbour: School
const bookings = new Map<BookingStatus, { id: string; startAt: Date }>()

beforeAll(async () => {
  test = await cloneDatabase()
  harbour = await school(test, { name: 'Harbour' })
  db = await openDatabase(test.url, { max: 5 })
  await harbour.change('Student', harbour.studentId, { dob: '2000-01-01' })
  for (const status of STATUSES) bookings.set(status, await stands(status))
})

afterAll(async () => {
  await db.close()
  await test.drop()
})

/** A lesson that began twenty minutes ago, each status on a day of its own; the no-show is of today, or it could not be taken back. */
async function stands(status: BookingStatus): Promise<{ id: string; startAt: Date }> {
  const days = status === 'no_show' ? 0 : 1 + STATUSES.indexOf(status)
  const startAt = minutesLater(hoursLater(new Date(), -24 * days), -20)
  const cancelled = { cancelledAt: new Date(), cancellationReason: 'Ill' }
  const { id } = await harbour.booking({
    startAt,
    status,
    statusChangedAt: minutesLater(startAt, 10),
    ...(status === 'cancelled' ? cancelled : {}),
    ...(status === 'pending_payment' ? { holdExpiresAt: hoursLater(startAt, 1) } : {}),
  })
  if (status === 'in_progress') await lesson(id, startAt)
  return { id, startAt }
}

const lesson = (bookingId: string, startedAt: Date) =>
  harbour.add('Lesson', { bookingId, startedAt, instructorId: harbour.instructorId, studentId: harbour.studentId })

class Undone extends Error {}

/** Whether the work would have been done; nothing of it stays. */
async function would(
  status: BookingStatus,
  fn: (work: UnitOfWork, id: string) => Promise<unknown>,
  { actor = 'manager', override }: { actor?: string; override?: string } = {},
): Promise<true | AppError> {
  const { id, startAt } = bookings.get(status)!
  const actorKind = actor === 'clock' ? 'system' : actor === 'payment' ? 'webhook' : 'user'
  const undone = does(
    db,
    harbour,
    async (work) => {
      await fn(work, id)
      throw new Undone()
    },
    { role: actor as OrgRole, actorKind, now: minutesLater(startAt, 20), ...(override ? { override } : {}) },
  )
  const error = await undone.catch((reason: unknown) => reason)
  if (error instanceof Undone) return true
  if (error instanceof AppError) return error
  throw error
}

const change = (to: BookingStatus) => async (work: UnitOfWork, id: string) => {
  const now = work.now!
  const data = {
    ...(to === 'cancelled' ? { cancelledAt: now, cancellationReason: 'Ill' } : {}),
    ...(to === 'pending_payment' ? { holdExpiresAt: now } : {}),
  }
  await changeStatus(work, await lockBooking(work, id), { to, data })
}

describe.each(STATUSES)('a booking that is %s', (from) => {
  it.each(ACTORS)('becomes by %s what the table says, and nothing else', async (actor) => {
    const become: string[] = []
    for (const to of STATUSES) if ((await would(from, change(to), { actor })) === true) become.push(to)
    const said = STATUSES.filter((to) => TABLE[`${from} → ${to}`]?.split(' ').includes(actor))
    expect(become).toEqual(said)
  })
})

it('whoever may not hears whether it is the role or the booking', async () => {
  const byFinance = await would('confirmed', change('cancelled'), { actor: 'finance' })
  expect(byFinance).toMatchObject({ kind: 'Forbidden', message: 'Your role (finance) may not change bookings.' })
  const back = await would('completed', change('confirmed'))
  expect(back).toMatchObject({ kind: 'Conflict', message: 'A booking that is completed cannot become confirmed.' })
  const byClock = await would('confirmed', change('cancelled'), { actor: 'clock' })
  expect(byClock).toMatchObject({ message: 'A booking that is confirmed becomes cancelled by a person only.' })
  expect(await would('confirmed', change('confirmed'))).toMatchObject({ message: /confirmed already/ })
})

describe('each operation', () => {
  const school = { cancelledAs: 'admin', reason: 'Ill', refundPercentage: 100 } as const
  const operations: [string, BookingStatus, (work: UnitOfWork, id: string) => Promise<unknown>][] = [
    ['hold', 'pending_payment', holdBooking],
    ['confirm', 'confirmed', (work, id) => confirmBooking(work, id)],
    ['cancel', 'cancelled', (work, id) => cancelBooking(work, id, school)],
    ['start', 'in_progress', startLesson],
    ['complete', 'completed', (work, id) => completeLesson(work, id)],
    ['mark as no-show', 'no_show', (work, id) => markNoShow(work, id)],
  ]
  it.each(operations)('%s: leads to %s from where the table allows it', async (_name, to, operation) => {
    const from: string[] = []
    const refusals: string[] = []
    for (const status of STATUSES) {
      // a draft has held no slot, so it is planned anew: this one's time has passed
      if (status === 'draft' && (to === 'confirmed' || to === 'pending_payment')) continue
      const answer = await would(status, operation)
      if (answer === true) from.push(status)
      else refusals.push(answer.message)
    }
    expect(refusals.filter((sentence) => !/cannot become|already|not over yet/.test(sentence))).toEqual([])
    expect(from).toEqual(
      STATUSES.filter((status) => status !== 'draft' || to === 'cancelled').filter(
        (status) => TABLE[`${status} → ${to}`],
      ),
    )
  })
})

describe('the database itself', () => {
  const columns: Partial<Record<BookingStatus, string>> = {
    cancelled: `, "cancelledAt" = now(), "cancellationReason" = 'Ill'`,
    pending_payment: `, "cancelledAt" = NULL, "holdExpiresAt" = now()`,
  }
  const accepts = async (from: BookingStatus, to: BookingStatus, settings: Record<string, string> = {}) => {
    const more = columns[to] ?? ', "cancelledAt" = NULL'
    const text = `UPDATE "Booking" SET status = $2::"BookingStatus"${more} WHERE id = $1`
    return await harbour
      .transaction(async (run) => {
        await run(text, [bookings.get(from)!.id, to])
        throw new Undone()
      }, settings)
      .catch((error: Error) => (error instanceof Undone ? true : fromDatabase(error)!.message))
  }

  it.each(STATUSES)('lets a booking that is %s go where the table says, whoever asks', async (from) => {
    for (const to of STATUSES.filter((one) => one !== from)) {
      const refused = `A booking that is ${from.replaceAll('_', ' ')} cannot become ${to.replaceAll('_', ' ')}.`
      expect([to, await accepts(from, to)]).toEqual([to, TABLE[`${from} → ${to}`] ? true : refused])
    }
  })

  it('lets pass what says why it overrides', async () => {
    for (const [from, to] of PAIRS)
      expect([from, to, await accepts(from, to, { override: 'Mix-up' })]).toEqual([from, to, true])
  })
})

describe('out of the table', () => {
  it('an owner or admin gets with a reason, which stays in the history with the rule', async () => {
    for (const [from, to] of PAIRS) {
      expect([from, to, await would(from, change(to), { actor: 'owner', override: 'Mix-up' })]).toEqual([
        from,
        to,
        true,
      ])
      expect(await would(from, change(to), { actor: 'manager', override: 'Mix-up' })).toMatchObject({
        kind: 'Forbidden',
      })
    }
    let step: unknown
    await would(
      'completed',
      async (work, id) => {
        await change('cancelled')(work, id)
        step = await work.tx.lessonStateHistory.findFirst({ where: { bookingId: id } })
      },
      { actor: 'admin', override: 'Mix-up' },
    )
    expect(step).toMatchObject({ reason: 'Mix-up', metadata: { overridden: ['booking.transition'] } })
  })

  it('a booking that comes back from its cancellation no longer says that it is cancelled', async () => {
    let back: unknown
    const confirm = async (work: UnitOfWork, id: string) => (back = await confirmBooking(work, id))
    expect(await would('cancelled', confirm, { actor: 'owner', override: 'Paid late' })).toBe(true)
    expect(back).toMatchObject({ status: 'confirmed', cancelledAt: null, cancellationReason: null })
  })

  it('a no-show is taken back within a day, not a second later', async () => {
    const { id, startAt } = bookings.get('no_show')!
    const marked = minutesLater(startAt, 10)
    const complete = (now: Date) =>
      does(
        db,
        harbour,
        async (work) => {
          await completeLesson(work, id)
          throw new Undone()
        },
        { now },
      )
    await expect(complete(new Date(hoursLater(marked, 24).getTime() - 1))).rejects.toThrow(Undone)
    expect(await refusal(complete(hoursLater(marked, 24)))).toBe('A no-show can be taken back for 24 hours only.')
  })
})

describe("a school's own rules", () => {
  const may = async (actor: string, from: BookingStatus, to: BookingStatus) =>
    (await would(from, change(to), { actor })) === true
  const rule = (values: Record<string, unknown>) => harbour.add('StateTransitionRule', values)
  beforeEach(() => harbour.run('DELETE FROM "StateTransitionRule"'))

  it('narrow a change to a role', async () => {
    await rule({
      fromStatus: 'in_progress',
      toStatus: 'cancelled',
      requiredRole: 'admin',
      description: 'Only after a call.',
    })
    expect(await may('admin', 'in_progress', 'cancelled')).toBe(true)
    expect(await would('in_progress', change('cancelled'), { actor: 'manager' })).toMatchObject({
      kind: 'Forbidden',
      message: 'Your school lets only admin do this: Only after a call.',
    })
    expect(await may('manager', 'confirmed', 'cancelled')).toBe(true)
  })

  it('count from any status when they name none, and for the older name of confirmed too', async () => {
    await rule({ toStatus: 'no_show', requiredRole: 'manager' })
    expect(await may('owner', 'confirmed', 'no_show')).toBe(false)
    await rule({ fromStatus: 'confirmed', toStatus: 'cancelled', requiredRole: 'owner' })
    expect([await may('manager', 'scheduled', 'cancelled'), await may('owner', 'scheduled', 'cancelled')]).toEqual([
      false,
      true,
    ])
  })

  it('name several roles, or none, and do not count when they are switched off', async () => {
    await rule({ fromStatus: 'requested', toStatus: 'confirmed', requiredRole: 'owner' })
    await rule({ fromStatus: 'requested', toStatus: 'confirmed', requiredRole: 'manager' })
    expect([await may('manager', 'requested', 'confirmed'), await may('admin', 'requested', 'confirmed')]).toEqual([
      true,
      false,
    ])
    await rule({ fromStatus: 'requested', toStatus: 'confirmed' })
    expect(await may('admin', 'requested', 'confirmed')).toBe(true)
    await rule({ fromStatus: 'requested', toStatus: 'cancelled', requiredRole: 'owner', isActive: false })
    expect(await may('manager', 'requested', 'cancelled')).toBe(true)
  })

  it('never allow what the platform does not', async () => {
    await rule({ fromStatus: 'completed', toStatus: 'cancelled', requiredRole: 'manager' })
    await rule({ fromStatus: 'confirmed', toStatus: 'cancelled', requiredRole: 'finance' })
    expect(await may('manager', 'completed', 'cancelled')).toBe(false)
    expect(await may('finance', 'confirmed', 'cancelled')).toBe(false)
  })

  it('do not stop the clock', async () => {
    await rule({ toStatus: 'no_show', requiredRole: 'owner' })
    expect(await would('confirmed', change('no_show'), { actor: 'clock' })).toBe(true)
  })
})
