import { resource } from '../core/declaration.ts'
import type { ClockReason } from '../domain/bookings/schedule-transitions.ts'

const reasons: Readonly<Record<ClockReason, string>> = {
  draft_expired: 'Draft is not finished in time',
  hold_expired: 'Hold is not paid in time',
  no_show_flag: 'Ask where the learner is',
  no_show: 'Nobody has started the lesson',
}

export default resource('ScheduledStateTransition', {
  label: 'Scheduled changes',
  singular: 'Scheduled change',
  title: ['booking.startAt', 'toStatus'],
  list: ['executeAt', 'booking', 'toStatus', 'reason', 'attempts', 'processedAt'],
  labels: { executeAt: 'Due', toStatus: 'Becomes', processedAt: 'Done', lastError: 'What went wrong' },
  values: { reason: reasons },
  says: ({ reason, executeAt }, when) => {
    const at = when(executeAt)
    if (reason === 'draft_expired') return `The draft is cancelled on ${at}, unless it goes on`
    if (reason === 'hold_expired') return `The slot is free again on ${at}, unless it is paid`
    if (reason === 'no_show_flag') return `Somebody is asked on ${at} where the learner is, unless the lesson has begun`
    return `No-show is marked on ${at}, unless the lesson has begun`
  },
})
