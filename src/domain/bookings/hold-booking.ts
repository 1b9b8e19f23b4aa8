import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import { rulesOf } from '../school.ts'
import { type Booking, changeStatus, lockBooking } from './change-status.ts'
import { requireStillPossible } from './still-possible.ts'

/** Keeps the slot until it is paid, for as long as the school waits. @throws AppError Conflict */
export async function holdBooking(work: UnitOfWork, id: string): Promise<Booking> {
  const rules = await rulesOf(work)
  const booking = await lockBooking(work, id)
  const holdExpiresAt = new Date(nowOf(work).getTime() + rules.paymentHoldMin * 60_000)
  await requireStillPossible(work, booking)
  return await changeStatus(work, booking, { to: 'pending_payment', data: { holdExpiresAt } })
}
