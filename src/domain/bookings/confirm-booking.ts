import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { type Booking, changeStatus, lockBooking } from './change-status.ts'
import { requireStillPossible } from './still-possible.ts'

/**
 * The lesson is agreed: paid, or trusted to be.
 * @throws AppError Conflict when it cannot be from where it stands; Invalid without a minor's consent, or when a draft's time is gone
 */
export async function confirmBooking(work: UnitOfWork, id: string, reason?: string): Promise<Booking> {
  const booking = await lockBooking(work, id)
  if (work.actorKind === 'user') await requireStillPossible(work, booking)
  return await changeStatus(work, booking, {
    to: 'confirmed',
    data: { holdExpiresAt: null },
    ...(reason ? { reason } : {}),
  })
}
