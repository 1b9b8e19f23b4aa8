import type { Context } from '../../../src/core/context.ts'
import { splitFee } from '../../../src/core/money.ts'
import type { UnitOfWork } from '../../../src/core/unit-of-work.ts'
import { type Order, bookLesson } from '../../../src/domain/bookings/book-lesson.ts'
import { cancelBooking } from '../../../src/domain/bookings/cancel-booking.ts'
import { completeLesson } from '../../../src/domain/bookings/complete-lesson.ts'
import { confirmBooking } from '../../../src/domain/bookings/confirm-booking.ts'
import { executeTransition } from '../../../src/domain/bookings/execute-transition.ts'
import { rescheduleBooking } from '../../../src/domain/bookings/reschedule-booking.ts'
import type { ClockReason } from '../../../src/domain/bookings/schedule-transitions.ts'
import { startLesson } from '../../../src/domain/bookings/start-lesson.ts'
import type { Booked } from '../bookings.ts'
import type { Catalogue } from '../catalogue.ts'
import { minutesAfter } from '../school.ts'
import { PLATFORM_FEE_BPS } from '../schools.ts'
import type { Step } from '../steps.ts'
import type { Staff } from '../team.ts'

/** Something that is done with a booking, by an operation of the domain. */
export interface Deed {
  readonly at: Date
  readonly by: Actor
  /** Why a rule was set aside. */
  readonly override?: string | undefined
  readonly do: (work: UnitOfWork) => Promise<unknown>
}

type Actor = Pick<Context, 'userId' | 'role' | 'actorKind'>

/** The learner's app and the clock. */
const system: Actor = { userId: null, role: null, actorKind: 'system' }
/** The payment that came in. */
const payment: Actor = { userId: null, role: null, actorKind: 'webhook' }

/** A booking's whole life, in the order in which it happened. */
export function deedsOf(booked: Booked, { staff, catalogue }: { staff: Staff; catalogue: Catalogue }): Deed[] {
  const [opening, ...steps] = booked.steps as [Step, ...Step[]]
  const actorOf = ({ by }: Step): Actor => ({
    userId: by,
    role: by === staff.admin ? 'admin' : 'manager',
    actorKind: 'user',
  })
  const begin: Deed = {
    at: opening.at,
    by: opening.by ? actorOf(opening) : system,
    ...(booked.slot.isNow ? extra(staff) : {}),
    do: (work) => bookLesson(work, orderOf(booked, catalogue)),
  }
  const later = steps.map((step): Deed => ({
    at: step.at,
    ...doneBy(booked, step, { actor: actorOf(step), catalogue }),
  }))
  return [begin, ...later, ...moves(booked, staff), ...flags(booked)].toSorted(
    (a, b) => a.at.getTime() - b.at.getTime(),
  )
}

/** Lessons right now may be at any hour: somebody has allowed it. */
const extra = ({ admin }: Staff): Pick<Deed, 'by' | 'override'> => ({
  by: { userId: admin, role: 'admin', actorKind: 'user' },
  override: 'Extra lesson outside the usual hours, agreed with learner and instructor',
})

function orderOf(booked: Booked, { services }: Catalogue): Order {
  const { slot, learner, instructor, steps, moved } = booked
  return {
    as: steps[0]!.to as Order['as'],
    studentId: learner.id,
    instructorId: instructor.id,
    serviceId: services[slot.minutes],
    startAt: moved?.from ?? booked.start,
    vehicleId: booked.vehicleId,
    locationId: booked.locationId,
    pickupAddress: learner.pickupAddress,
    pickup: learner.home,
    notes: booked.notes ?? undefined,
    key: `demo:${booked.id}`,
  }
}

interface Doing {
  readonly actor: Actor
  readonly catalogue: Catalogue
}

function doneBy(booked: Booked, step: Step, { actor, catalogue }: Doing): Omit<Deed, 'at'> {
  const { id, outcome } = booked
  const { to } = step
  const reason = step.reason ?? ''
  if (to === 'confirmed' && !step.by) return { by: payment, do: (work) => confirmBooking(work, id, reason) }
  if (to === 'confirmed') return { by: actor, do: (work) => confirm(work, booked, { reason, catalogue }) }
  if (to === 'in_progress') return { by: actor, do: (work) => startLesson(work, id) }
  if (to === 'completed') return { by: actor, do: (work) => completeLesson(work, id, booked.given) }
  if (to === 'no_show') return { by: system, do: (work) => byTheClock(work, id, 'no_show') }
  if (outcome.kind === 'expired') return { by: system, do: (work) => byTheClock(work, id, 'hold_expired') }
  if (outcome.kind !== 'cancelled') throw new Error(`the demo does not know how a booking becomes ${to}`)
  return { by: actor, do: (work) => cancelBooking(work, id, { cancelledAs: outcome.as, reason }) }
}

/** A lesson out of a package has the package's price; the office writes it on the request before it agrees. */
async function confirm(
  work: UnitOfWork,
  booked: Booked,
  { reason, catalogue }: { reason: string; catalogue: Catalogue },
) {
  if (booked.method === 'credit') {
    const { id, priceCents } = booked
    const price = { rateCardId: catalogue.packageCard, priceCents, ...splitFee(priceCents, PLATFORM_FEE_BPS) }
    await work.tx.booking.updateMany({ where: { id, orgId: work.orgId }, data: price })
  }
  await confirmBooking(work, booked.id, reason)
}

/** What was written down to be done now, done by the clock as its job does it. */
async function byTheClock(work: UnitOfWork, bookingId: string, reason: ClockReason): Promise<void> {
  const where = { orgId: work.orgId, bookingId, reason, processedAt: null }
  const due = await work.tx.scheduledStateTransition.findFirstOrThrow({ where, select: { id: true } })
  // its transaction is the one in which all of this is told
  const db = { transaction: (_: Context, fn: (tx: UnitOfWork['tx']) => Promise<unknown>) => fn(work.tx) }
  const outcome = await executeTransition({ ...work, db: db as unknown as Context['db'] }, due.id)
  if (outcome !== 'done') throw new Error(`the clock's ${reason} of booking ${bookingId} was ${outcome}`)
}

/** One lesson in twenty was moved once. */
function moves({ id, start, moved }: Booked, { manager }: Staff): Deed[] {
  if (!moved) return []
  const by: Actor = { userId: manager, role: 'manager', actorKind: 'user' }
  return [{ at: moved.at, by, do: (work) => rescheduleBooking(work, id, { startAt: start, reason: moved.reason }) }]
}

/** Before a lesson is marked as missed somebody was asked where the learner is. */
function flags({ id, start, outcome }: Booked): Deed[] {
  if (outcome.kind !== 'no_show') return []
  return [{ at: minutesAfter(start, 15), by: system, do: (work) => byTheClock(work, id, 'no_show_flag') }]
}
