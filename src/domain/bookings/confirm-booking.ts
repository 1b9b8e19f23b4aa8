import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { rulesOf } from '../school.ts'
import { type Booking, changeStatus, lockBooking } from './change-status.ts'
import { scheduleTransitions } from './schedule-transitions.ts'

/** The lesson is agreed: paid, or trusted to be. @throws AppError Conflict when it cannot be from where it stands */
export async function confirmBooking(work: UnitOfWork, id: string, reason?: string): Promise<Booking> {
  const booking = await lockBooking(work, id)
  const confirmed = await changeStatus(work, booking, {
    to: 'confirmed',
    data: { holdExpiresAt: null },
    ...(reason ? { reason } : {}),
  })
  await scheduleTransitions(work, confirmed, await rulesOf(work))
  return confirmed
}
