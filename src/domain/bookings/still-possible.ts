import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { AppError } from '../../core/errors.ts'
import { learnerFacts, learnerObstacles } from '../availability/learner.ts'
import { placeOf } from '../places.ts'
import { rulesOf } from '../school.ts'
import type { Booking } from './change-status.ts'
import { pickupOf } from './pickup.ts'
import { planLesson } from './plan-lesson.ts'

/**
 * Looks again before a booking becomes binding: a draft has held no slot, and a consent may have been withdrawn since.
 * @throws AppError with what stands against it now
 */
export async function requireStillPossible(work: UnitOfWork, booking: Booking): Promise<void> {
  const { id, studentId, instructorId, serviceId, startAt, endAt, locationId, pickupLat, pickupLng } = booking
  if (booking.status === 'draft') {
    const pickup = await pickupOf(work, { locationId, pickup: placeOf({ lat: pickupLat, lng: pickupLng }) })
    await planLesson(work, { studentId, instructorId, serviceId, startAt, pickup, moving: { id, startAt, endAt } })
    return
  }
  const [student, service] = [
    await work.tx.student.findFirstOrThrow({ where: { id: studentId, orgId: work.orgId } }),
    await work.tx.service.findFirstOrThrow({ where: { id: serviceId, orgId: work.orgId } }),
  ]
  const { timeZone } = await rulesOf(work)
  const consent = learnerObstacles(await learnerFacts(work, student, service), startAt, timeZone).find(({ rule }) =>
    rule.startsWith('consent.'),
  )
  if (!consent) return
  const { rule: code, field, sentence, wayOut } = consent
  throw new AppError('Invalid', sentence, { code, field, wayOut })
}
