import { action, z } from '../core/action.ts'
import { repeatWeekly } from '../domain/bookings/repeat-weekly.ts'
import { isTerminal } from '../domain/bookings/transitions.ts'

/** The same lesson in the weeks that follow; weeks in which it cannot be are left out and named. */
export default action('booking.repeat-weekly', {
  model: 'Booking',
  on: 'record',
  may: ['owner', 'admin', 'manager'],
  label: 'Repeat weekly',
  icon: 'Repeat',
  form: z.object({ weeks: z.int().min(1).max(26).default(4).meta({ label: 'Weeks', help: '1 to 26' }) }),
  when: ({ status }) => !isTerminal(status) || 'A lesson that is over cannot be repeated. Book a new one.',
  confirm: ({ title, input }) => `Repeat ${title} for ${input.weeks === 1 ? 'one week' : `${input.weeks} weeks`}?`,
  run: async (work, { record, input, key }) => {
    const { booked, skipped } = await repeatWeekly(work, record.id, { weeks: input.weeks, key })
    const left = skipped.map(({ when, why }) => `${when}: ${why}`).join(' ')
    return `${booked.length === 1 ? 'One lesson is' : `${booked.length} lessons are`} booked.${left ? ` Left out: ${left}` : ''}`
  },
})
