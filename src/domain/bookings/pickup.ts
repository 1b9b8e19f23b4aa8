import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { invalid } from '../../core/errors.ts'
import { type Place, placeOf } from '../places.ts'

interface Meeting {
  readonly pickup?: Place | null | undefined
  readonly locationId?: string | null | undefined
}

/**
 * Where a lesson begins: the pickup, or the school's location where they meet.
 * @returns null when nobody knows it as a point on the map
 * @throws AppError Invalid for a location that is not the school's
 */
export async function pickupOf(work: UnitOfWork, { pickup, locationId }: Meeting): Promise<Place | null> {
  if (pickup && !isOnEarth(pickup))
    throw invalid('Latitude is from -90 to 90 and longitude from -180 to 180. Choose the place again.', 'pickupLat')
  if (pickup || !locationId) return pickup ?? null
  const location = await work.tx.location.findFirst({
    where: { id: locationId, orgId: work.orgId },
    select: { lat: true, lng: true },
  })
  if (!location) throw invalid("This location is not one of your school's. Choose one from the list.", 'locationId')
  return placeOf(location)
}

const isOnEarth = ({ lat, lng }: Place): boolean => Math.abs(lat) <= 90 && Math.abs(lng) <= 180
