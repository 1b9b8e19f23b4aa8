import { action, z } from '../core/action.ts'
import { formatMoney } from '../core/money.ts'
import { bookLesson } from '../domain/bookings/book-lesson.ts'
import { exceptionReason, overriding } from '../domain/override.ts'

const begins = {
  confirmed: 'Confirmed: agreed, or paid otherwise',
  pending_payment: 'Held until it is paid',
  requested: 'Requested: somebody approves it',
  draft: 'Draft',
} as const

/** Gives a learner a lesson at a free time, at the price of the rate card. */
export default action('booking.book', {
  model: 'Booking',
  on: 'resource',
  may: ['owner', 'admin', 'manager'],
  label: 'Book a lesson',
  icon: 'Calendar',
  form: z.object({
    studentId: z.uuid().meta({ label: 'Student', references: 'Student' }),
    serviceId: z.uuid().meta({ label: 'Service', references: 'Service' }),
    instructorId: z.uuid().meta({ label: 'Instructor', references: 'Instructor' }),
    startAt: z.date().meta({ label: 'Starts', kind: 'datetime' }),
    as: z.enum(['confirmed', 'pending_payment', 'requested', 'draft']).default('confirmed').meta({
      label: 'Begins as',
      values: begins,
    }),
    vehicleId: z
      .uuid()
      .optional()
      .meta({ label: 'Vehicle', references: 'Vehicle', help: "Empty: the instructor's own" }),
    locationId: z.uuid().optional().meta({ label: 'Meeting point', references: 'Location' }),
    pickupAddress: z.string().trim().max(200).optional().meta({ label: 'Pick up at' }),
    notes: z.string().trim().max(2000).optional().meta({ label: 'Notes', kind: 'longText' }),
    override: exceptionReason,
  }),
  confirm: () => 'Book this lesson?',
  run: async (work, { input: { override, ...order }, key }) => {
    const booking = await bookLesson(await overriding(work, override), { ...order, key })
    const price = formatMoney(booking.priceCents, booking.currency)
    return { message: `The lesson is booked for ${price}.`, open: { model: 'Booking', id: booking.id } }
  },
})
