import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import { conflict } from '../../core/errors.ts'
import { type Booking, changeStatus, lockBooking } from './change-status.ts'

/** The learner did not come. It can be taken back for a day. @throws AppError Conflict before the start, or when it cannot be */
export async function markNoShow(work: UnitOfWork, id: string, reason?: string): Promise<Booking> {
  const booking = await lockBooking(work, id)
  if (nowOf(work) < booking.startAt) throw conflict('The lesson has not begun yet: cancel it instead.')
  return await changeStatus(work, booking, { to: 'no_show', ...(reason ? { reason } : {}) })
}
