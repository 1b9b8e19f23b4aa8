import { resource } from '../core/declaration.ts'

export default resource('ScheduledStateTransition', {
  label: 'Scheduled changes',
  singular: 'Scheduled change',
  title: ['booking.startAt', 'toStatus'],
  list: ['executeAt', 'booking', 'toStatus', 'reason', 'attempts', 'processedAt'],
})
