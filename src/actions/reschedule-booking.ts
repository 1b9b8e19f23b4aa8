import { action, z } from '../core/action.ts'
import { formatMoney } from '../core/money.ts'
import { onBehalfOf } from '../core/vocabulary.ts'
import { rescheduleBooking } from '../domain/bookings/reschedule-booking.ts'
import { isTerminal } from '../domain/bookings/transitions.ts'
import { exceptionReason, overriding } from '../domain/override.ts'

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
    movedAs: z
      .enum(['student', 'parent', 'instructor', 'admin'])
      .optional()
      .meta({ label: 'Who asks for it', values: onBehalfOf, help: 'A fee of the school is for the learner only' }),
    reason: z.string().trim().max(500).optional().meta({ label: 'Reason' }),
    override: exceptionReason,
  }),
  when: ({ status }) =>
    (!isTerminal(status) && status !== 'in_progress') || 'A lesson that has begun or is over cannot be moved.',
  confirm: ({ title }) => `Move ${title}?`,
  run: async (work, { record, input: { override, instructorId, ...move } }) => {
    const { feeCents, currency } = await rescheduleBooking(await overriding(work, override), record.id, {
      ...move,
      ...(instructorId ? { instructorId } : {}),
    })
    return feeCents > 0 ? `The lesson is moved. The learner owes ${formatMoney(feeCents, currency)} for it.` : undefined
  },
})
