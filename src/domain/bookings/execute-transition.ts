import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { type Context, nowOf } from '../../core/context.ts'
import type { Scalars } from '../../core/declaration.ts'
import { fromDatabase } from '../../core/errors.ts'
import { rulesOf } from '../school.ts'
import { type Booking, changeStatus, lockBooking, recordStep, tell } from './change-status.ts'
import { isAwaited } from './transitions.ts'

type Row = Scalars<'ScheduledStateTransition'>

/**
 * What became of a due row: done · superseded, because the booking no longer stands as it stood · taken by another worker,
 * or not due · failed, which is written on the row.
 */
export type Execution = 'done' | 'superseded' | 'taken' | 'failed'

/** After so many failures somebody has to look at it. */
export const MOST_ATTEMPTS = 10

/**
 * Does what the clock has to do for one booking, once, however many workers try and however late it is.
 * @param ctx of the school; it acts as the clock
 */
export async function executeTransition(ctx: Context, id: string): Promise<Execution> {
  const clock: Context = { ...ctx, userId: null, role: null, actorKind: 'system', now: nowOf(ctx) }
  try {
    return await ctx.db.transaction(clock, (tx) => execute({ ...clock, tx }, id))
  } catch (error) {
    return await noteFailure(clock, id, error)
  }
}

async function execute(work: UnitOfWork, id: string): Promise<Execution> {
  const where = { id, orgId: work.orgId, processedAt: null, executeAt: { lte: nowOf(work) } }
  const due = await work.tx.scheduledStateTransition.findFirst({ where })
  if (!due) return 'taken'
  // first the booking, as everybody does who changes one; the row's own condition then says who was first
  const booking = await lockBooking(work, due.bookingId)
  const claimed = { processedAt: nowOf(work), attempts: { increment: 1 }, lastError: null }
  const { count } = await work.tx.scheduledStateTransition.updateMany({ where, data: claimed })
  if (count === 0) return 'taken'
  const step = stepOf(due)
  if (!step.stands(booking, nowOf(work))) {
    const metadata = { superseded: true, status: booking.status }
    await work.tx.scheduledStateTransition.updateMany({ where: { id, orgId: work.orgId }, data: { metadata } })
    return 'superseded'
  }
  await step.take(work, booking)
  return 'done'
}

interface Step {
  /** Whether the booking still is as it was when this was written down. */
  stands(booking: Booking, now: Date): boolean
  take(work: UnitOfWork, booking: Booking): Promise<unknown>
}

/** The row's target and where the booking stands say what is due; its reason is prose, except that a flag is no mark. */
function stepOf({ toStatus, reason }: Row): Step {
  if (toStatus === 'cancelled') return expiry
  if (toStatus === 'no_show') return reason === 'no_show_flag' ? flag : mark
  throw new Error(`the clock does not know how to make a booking ${toStatus}`)
}

const expiry: Step = {
  stands: ({ status, holdExpiresAt }, now) =>
    status === 'draft' || (status === 'pending_payment' && holdExpiresAt !== null && holdExpiresAt <= now),
  take: async (work, booking) => {
    const { draftTtlMin, paymentHoldMin } = await rulesOf(work)
    const reason =
      booking.status === 'draft'
        ? `Draft not finished within ${draftTtlMin} minutes`
        : `Not paid within ${paymentHoldMin} minutes`
    const data = { cancelledAt: nowOf(work), cancellationReason: reason, holdExpiresAt: null }
    return await changeStatus(work, booking, { to: 'cancelled', reason, data })
  },
}

/** Somebody is asked where the learner is; the booking stays as it is. Once the lesson is over there is nothing to ask. */
const flag: Step = {
  stands: (booking, now) => isAwaited(booking) && booking.startAt <= now && now < booking.endAt,
  take: async (work, booking) => {
    const version = booking.version + 1
    await work.tx.booking.updateMany({ where: { id: booking.id, orgId: work.orgId }, data: { version } })
    await recordStep(work, {
      bookingId: booking.id,
      from: booking.status,
      to: booking.status,
      reason: 'The lesson should have begun, and nobody has started it',
      metadata: { noShowFlagged: true },
    })
    await tell(work, 'booking.no_show_flagged', { ...booking, version })
  },
}

const mark: Step = {
  stands: (booking, now) => isAwaited(booking) && booking.endAt <= now,
  take: (work, booking) =>
    changeStatus(work, booking, { to: 'no_show', reason: 'The lesson is over, and nobody has started it' }),
}

async function noteFailure(clock: Context, id: string, error: unknown): Promise<Execution> {
  const lastError = fromDatabase(error)?.message ?? (error instanceof Error ? error.message : String(error))
  await clock.db.transaction(clock, (tx) =>
    tx.scheduledStateTransition.updateMany({
      where: { id, orgId: clock.orgId, processedAt: null },
      data: { lastError: lastError.slice(0, 1000), attempts: { increment: 1 } },
    }),
  )
  return 'failed'
}
