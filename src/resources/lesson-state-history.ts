import { resource } from '../core/declaration.ts'

export default resource('LessonStateHistory', {
  label: 'Booking history',
  singular: 'Booking change',
  title: ['fromStatus', 'toStatus'],
  list: ['createdAt', 'booking', 'fromStatus', 'toStatus', 'actorUser', 'reason'],
  labels: { actorUser: 'Changed by' },
  // the booking itself says it
  says: () => null,
})
