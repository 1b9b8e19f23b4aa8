import { action, z } from '../core/action.ts'
import { rescheduleBooking } from '../domain/bookings/reschedule-booking.ts'
import { isTerminal } from '../domain/bookings/transitions.ts'
import { overriding } from '../domain/override.ts'

/** Moves a lesson to another time or instructor; its price stays. */
export default action('booking.reschedule', {
  model: 'Booking',
  on: 'record',
  may: ['owner', 'admin', 'manager'],
  label: 'Move',
  done: 'moved',
  icon: 'CornerUpRight',
  form: z.object({
    startAt: z.date().meta({ label: 'New start', kind: 'datetime' }),
    instructorId: z.uuid().optional().meta({ label: 'Instructor', references: 'Instructor', help: 'Empty: the same' }),
    reason: z.string().trim().max(500).optional().meta({ label: 'Reason' }),
    override: z.string().trim().min(3).max(500).optional().meta({
      label: 'Reason for an exception',
      help: 'Only an owner or an admin, and never on top of another lesson. Kept in the audit log.',
    }),
  }),
  when: ({ status }) =>
    (!isTerminal(status) && status !== 'in_progress') || 'A lesson that has begun or is over cannot be moved.',
  confirm: ({ title }) => `Move ${title}?`,
  run: async (work, { record, input: { override, instructorId, ...move } }) => {
    await rescheduleBooking(await overriding(work, override), record.id, {
      ...move,
      ...(instructorId ? { instructorId } : {}),
    })
  },
})
