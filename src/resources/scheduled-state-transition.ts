import { resource } from '../core/declaration.ts'

export default resource('ScheduledStateTransition', {
  label: 'Scheduled changes',
  singular: 'Scheduled change',
  title: ['booking.startAt', 'toStatus'],
  list: ['booking', 'toStatus', 'executeAt', 'reason', 'attempts', 'processedAt'],
})
