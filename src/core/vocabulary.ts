/** Words for values that the schema keeps as numbers or text because other services of the platform write them too. */

/** Days of the week (0 is Sunday). */
export const days = {
  0: 'Sunday',
  1: 'Monday',
  2: 'Tuesday',
  3: 'Wednesday',
  4: 'Thursday',
  5: 'Friday',
  6: 'Saturday',
} as const

/** What a student may drive on. */
export const licenceTypes = {
  learner: 'Learner',
  provisional: 'Provisional',
  overseas: 'Overseas',
  full: 'Full',
} as const

/** What a lesson is for. */
export const lessonTypes = { standard: 'Standard', test_preparation: 'Test preparation' } as const

/** On whose behalf a lesson is cancelled or moved. */
export const onBehalfOf = {
  student: 'Student',
  parent: 'Parent',
  instructor: 'Instructor',
  admin: 'The school',
} as const

/** The messages that the platform sends. */
export const messageTemplates = {
  booking_requested: 'Booking requested',
  booking_confirmed: 'Booking confirmed',
  booking_cancelled: 'Booking cancelled',
  booking_rescheduled: 'Booking moved',
  booking_reminder: 'Reminder of a lesson',
  instructor_lesson_booked: 'Instructor: lesson booked',
  instructor_lesson_moved: 'Instructor: lesson moved',
  instructor_lesson_cancelled: 'Instructor: lesson cancelled',
  payment_receipt: 'Receipt',
  refund_issued: 'Refund issued',
  payout_paid: 'Payout paid',
  account_action_needed: 'Action needed',
  paper_expiring: 'A paper ends',
} as const
