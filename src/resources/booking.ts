import { resource } from '../core/declaration.ts'

export default resource('Booking', {
  title: ['student.fullName', 'startAt'],
  list: ['startAt', 'student', 'instructor', 'service', 'status', 'priceCents', 'location'],
  sort: { by: 'startAt', direction: 'desc' },
  write: ['vehicleId', 'locationId', 'pickupAddress', 'dropoffAddress', 'notes'],
  fields: {
    notes: { read: ['owner', 'admin', 'manager', 'compliance'] },
    pickupLat: { read: ['owner', 'admin', 'manager'] },
    pickupLng: { read: ['owner', 'admin', 'manager'] },
    dropoffLat: { read: ['owner', 'admin', 'manager'] },
    dropoffLng: { read: ['owner', 'admin', 'manager'] },
  },
  labels: {
    startAt: 'Starts',
    endAt: 'Ends',
    blockedUntil: 'Instructor free again',
    holdExpiresAt: 'Held until',
    platformFeeBps: 'Platform fee rate',
    rescheduledFrom: 'Moved from',
    rescheduleCount: 'Times moved',
    policy: 'Cancellation policy',
    cancelledAs: 'Cancelled as',
  },
})
