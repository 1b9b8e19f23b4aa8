import type { BookingStatus } from '@prisma/client'
import { resource } from '../core/declaration.ts'
import {
  type ImportedLesson,
  importBooking,
  importedStatuses,
  needs,
  takenBy,
} from '../domain/bookings/import-booking.ts'

const over: Partial<Record<BookingStatus, string>> = { completed: 'over', cancelled: 'cancelled', no_show: 'a no-show' }
const whenOver = ({ status }: { status: BookingStatus }): string | false =>
  status in over && `This lesson is ${over[status]}: only its notes can change.`

export default resource('Booking', {
  title: ['student.fullName', 'startAt'],
  list: ['startAt', 'student', 'instructor', 'service', 'status', 'priceCents', 'student.phone', 'vehicle', 'location'],
  sort: { by: 'startAt', direction: 'desc' },
  filters: {
    range: ['startAt', 'createdAt'],
    multi: ['status'],
    null: ['vehicleId'],
    relation: ['student', 'instructor', 'service', 'vehicle', 'location'],
    search: ['student.fullName'],
  },
  scopes: {
    'To confirm': { where: { status: ['requested', 'pending_payment'] }, count: true },
    Confirmed: { where: { status: 'confirmed' }, count: true },
    'In progress': { where: { status: 'in_progress' }, count: true },
    Completed: { where: { status: 'completed' }, count: true },
    Cancelled: { where: { status: 'cancelled' }, count: true },
    'No-shows': { where: { status: 'no_show' }, count: true },
  },
  findable: true,
  write: ['vehicleId', 'locationId', 'pickupAddress', 'dropoffAddress', 'notes'],
  fields: {
    vehicleId: { lockedWhen: whenOver },
    locationId: { lockedWhen: whenOver },
    pickupAddress: { read: ['owner', 'admin', 'manager', 'compliance'], lockedWhen: whenOver },
    dropoffAddress: { read: ['owner', 'admin', 'manager', 'compliance'], lockedWhen: whenOver },
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
  tabs: {
    Lesson: ['startAt', 'endAt', 'student', 'instructor', 'service', 'vehicle', 'location', 'status', 'notes'],
    'Pick-up': ['pickupAddress', 'pickupLat', 'pickupLng', 'dropoffAddress', 'dropoffLat', 'dropoffLng'],
    Price: ['priceCents', 'platformFeeBps', 'platformFeeCents', 'instructorShareCents', 'rateCard'],
    Changes: [
      'rescheduledFrom',
      'rescheduledAt',
      'rescheduleReason',
      'rescheduleCount',
      'previousStatus',
      'statusChangedAt',
      'cancelledAs',
      'cancelledAt',
      'cancellationReason',
      'policy',
    ],
  },
  related: {
    payments: { list: ['createdAt', 'amountCents', 'refundedCents', 'method', 'status'] },
    refunds: { list: ['createdAt', 'amountCents', 'reasonCode', 'status'] },
    payouts: { list: ['availableAt', 'instructor', 'amountCents', 'status', 'paidAt'] },
    messages: { list: ['createdAt', 'recipientName', 'channel', 'templateKey', 'subject', 'status', 'error'] },
  },
  links: {
    'Pick-up on the map': ({ pickupAddress }) =>
      pickupAddress && `https://www.openstreetmap.org/search?query=${encodeURIComponent(pickupAddress)}`,
  },
  import: {
    columns: [
      'studentId',
      'instructorId',
      'serviceId',
      'startAt',
      'endAt',
      'status',
      'priceCents',
      'vehicleId',
      'locationId',
      'pickupAddress',
      'notes',
      'cancelledAt',
      'cancellationReason',
    ],
    maker: {
      needs,
      choices: { status: importedStatuses },
      note: 'For lessons that another system kept. Nobody is told of them: no confirmations are sent, also for lessons that are still to come; their reminders go out as usual. Without an end a lesson lasts as its service does, without a price it costs what your rate card says, and without a status it is Confirmed if it is still to come.',
      // a row without one of `needs` does not come as far as this
      make: (work, row) => importBooking(work, row as ImportedLesson),
      takes: takenBy,
    },
  },
})
