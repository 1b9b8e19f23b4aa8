/** What a person is told when a named rule of the database refuses, and the column it is about. */
interface Sentence {
  readonly field: string
  readonly message: string
}

const rule = (field: string, message: string): Sentence => ({ field, message })

/** Rules that are triggers bring their own sentence; what is missing here is told by its kind (src/core/errors.ts). */
const sentences: Record<string, Sentence> = {
  booking_time: rule('endAt', 'The end must be after the start, and the travel time after the end.'),
  booking_instructor_free: rule(
    'instructorId',
    'The instructor already has a lesson at that time, travel included. Choose another time or instructor.',
  ),
  booking_student_free: rule('studentId', 'The student already has a lesson at that time. Choose another time.'),
  booking_vehicle_free: rule(
    'vehicleId',
    'The vehicle is already in use at that time. Choose another vehicle or time.',
  ),
  booking_money: rule('priceCents', 'Prices and fees cannot be negative.'),
  booking_split: rule('priceCents', 'Fee and share must add up to the price.'),
  booking_fee_rate: rule('platformFeeBps', 'The fee is a percentage from 0 to 100.'),
  booking_cancelled: rule('cancelledAt', 'A cancelled booking, and only that, has a time of cancellation.'),
  booking_cancel_reason: rule('cancellationReason', 'Say why the booking is cancelled.'),
  booking_hold: rule('holdExpiresAt', 'A booking that waits for payment needs a time at which its slot is freed.'),
  booking_reschedules: rule('rescheduleCount', 'The number of moves cannot be negative.'),
  delivery_in_hand: rule('status', 'Another event of the same record is being delivered. Try again in a moment.'),
  hours_day: rule('dayOfWeek', 'Choose a day of the week.'),
  hours_time: rule('endTime', 'The times look like 08:30, and the end must be after the start.'),
  hours_break: rule(
    'breakEndTime',
    'A break needs a start and an end, like 12:00 and 12:30, inside the working hours.',
  ),
  hours_buffer: rule('travelBufferMin', 'The travel time after a lesson is from 0 to 60 minutes.'),
  hours_lessons: rule('maxLessonsPerDay', 'The lessons a day are from 1 to 20.'),
  hours_period: rule('effectiveTo', 'The last day must be after the first.'),
  hours_once: rule(
    'dayOfWeek',
    'The instructor already has working hours for this day in this period. Change those, or end them first.',
  ),
  availability_day: rule('dayOfWeek', 'Choose a day of the week.'),
  availability_time: rule('endMinute', 'The end must be after the start, both within the day (0 to 1440 minutes).'),
  availability_period: rule('effectiveTo', 'The last day must be after the first.'),
  exception_time: rule('endMinute', 'Give a start and a later end within the day, or neither for the whole day.'),
  travel_time: rule('drivingTimeMin', 'Times, distances and factors cannot be negative.'),
  licence_ages: rule('maxStudentAge', 'The highest age must not be below the lowest.'),
  licence_duration: rule('maxLessonDuration', 'The longest lesson must not be shorter than the shortest.'),
  org_currency: rule('currency', 'The currency is a code of three letters, like AUD.'),
  settings_platform_fee: rule('platformFeeBps', 'The platform fee is from 0 to 50 %.'),
  settings_payment_hold: rule('paymentHoldMin', 'An unpaid slot is held from 5 minutes to 24 hours (1440).'),
  settings_draft_ttl: rule('draftTtlMin', 'A draft lives from 5 minutes to a week (10080).'),
  settings_no_show_grace: rule('noShowGraceMin', 'The wait before a no-show is from 0 to 1440 minutes.'),
  settings_reschedule_cutoff: rule(
    'rescheduleCutoffMin',
    'The last moment to move a lesson is from 0 to 43200 minutes before it.',
  ),
  settings_reschedule_fee: rule('rescheduleFeeCents', 'The fee for a move cannot be negative.'),
  settings_min_notice: rule('minNoticeMin', 'The notice for a booking is from 0 to 43200 minutes.'),
  settings_max_advance: rule('maxAdvanceDays', 'Bookings are possible from 1 to 730 days ahead.'),
  settings_payout_hold: rule('payoutHoldHours', 'Payouts wait from 0 to 720 hours.'),
  settings_refund_approval: rule(
    'refundApprovalOverCents',
    'The limit for refunds without approval cannot be negative.',
  ),
  settings_gps_retention: rule('gpsRetentionDays', 'Trip points are kept from 1 to 1825 days.'),
  settings_record_retention: rule('lessonRecordRetentionYrs', 'Lesson records are kept from 1 to 50 years.'),
  settings_quiet_hours: rule('quietStartTime', 'The quiet hours begin and end at times like 21:00 and 07:00.'),
  credential_period: rule('expiresOn', 'The day of expiry must not be before the day of issue.'),
  consent_period: rule('expiresAt', 'The consent must end after it begins.'),
  service_duration: rule('durationMin', 'A lesson lasts from 1 to 1440 minutes.'),
  rate_card_period: rule('validTo', 'The end of the period must be after its start.'),
  rate_card_one_default: rule(
    'isDefault',
    'There is already a default rate card for this currency in this period. End that one first.',
  ),
  rate_card_item_price: rule('priceCents', 'The price cannot be negative.'),
  package_minutes: rule('minutes', 'A package needs at least one minute.'),
  package_price: rule('priceCents', 'The price cannot be negative.'),
  package_validity: rule('validityDays', 'The package is valid for at least one day, or leave it empty.'),
  credit_grant_minutes: rule('minutesLeft', 'The minutes left are from 0 to the minutes granted.'),
  credit_grant_value: rule('valueLeft', 'The value left is from 0 to the value granted.'),
  policy_notice: rule('hoursBeforeStart', 'The hours of notice cannot be negative.'),
  policy_percentage: rule('refundPercentage', 'The refund is from 0 to 100 %.'),
  policy_fee: rule('feeCents', 'The fee cannot be negative.'),
  vehicle_year: rule('year', 'The year is from 1950 to 2100.'),
  location_place: rule('lat', 'Give latitude (-90 to 90) and longitude (-180 to 180), or neither.'),
  lesson_time: rule('endedAt', 'The lesson must end after it started.'),
  lesson_rating: rule('rating', 'The rating is from 1 to 5.'),
  lesson_measures: rule('distanceMeters', 'Distance and duration cannot be negative.'),
  logbook_minutes: rule('dayMinutes', 'Minutes cannot be negative.'),
  trip_time: rule('endedAt', 'The trip must end after it started.'),
  trip_point_place: rule('lat', 'Latitude is from -90 to 90 and longitude from -180 to 180.'),
  incident_closed: rule('closedAt', 'The incident cannot be closed before it happened.'),
  payment_money: rule('amountCents', 'The amount must be above zero, and no part of it negative.'),
  payment_split: rule('amountCents', 'Fee and share must add up to the amount.'),
  payment_refunded: rule('refundedCents', 'What is refunded and the status of the payment do not agree.'),
  payment_target: rule('bookingId', 'A payment is for a booking, and only a package has none.'),
  payment_card: rule('stripePaymentIntentId', 'A card payment needs its Stripe payment intent.'),
  payment_one_live_per_booking: rule('bookingId', 'This booking already has a payment.'),
  refund_money: rule('amountCents', 'The refund must be above zero, and no part of it negative.'),
  refund_split: rule('amountCents', 'Fee and share must add up to the refund.'),
  refund_reason: rule('reason', 'Say why this is refunded.'),
  refund_approved: rule('approvedById', 'An approved refund names who approved it.'),
  refund_rejected: rule('rejectedReason', 'Say why this refund is rejected.'),
  refund_rejected_by: rule('rejectedById', 'You cannot reject a refund that you requested. Ask a colleague.'),
  refund_two_people: rule('approvedById', 'You cannot approve a refund that you requested. Ask a colleague.'),
  dispute_money: rule('amountCents', 'The disputed amount must be above zero.'),
  payout_money: rule('amountCents', 'The payout must be above zero, and not less than what was reversed.'),
  payout_paid: rule('status', 'A paid payout has a Stripe transfer, a batch and a time.'),
  payout_booking: rule('bookingId', 'Every payout but an adjustment is for a booking.'),
  payout_once_per_booking: rule('bookingId', 'There is already a payout for this booking.'),
  reversal_money: rule('amountCents', 'The reversal must be above zero.'),
  payout_deducted: rule('status', 'Only an adjustment below zero is taken off other payouts.'),
  payout_adjusted: rule('reason', 'Say why this adjustment is made.'),
  reversal_cause: rule('refundId', 'A reversal is for a refund or for a dispute, one of them, or says why.'),
  reversal_two_people: rule('approvedById', 'You asked for this yourself. Somebody else must approve it.'),
  reversal_approved: rule('approvedById', 'This needs the approval of somebody else first.'),
  batch_period: rule('periodEnd', 'The period must not end before it begins.'),
  batch_money: rule('totalCents', 'The number and total of a batch cannot be negative.'),
  batch_two_people: rule('approvedById', 'You cannot approve a batch that you built. Ask a colleague.'),
  batch_approved: rule('approvedById', 'An approved batch names who approved it.'),
  batch_not_yet_approved: rule('approvedById', 'A batch that goes back to draft loses its approval.'),
  action_run_two_people: rule('approvedById', 'You asked for this yourself. Somebody else must approve it.'),
  action_run_approved: rule('approvedById', 'This needs the approval of somebody else first.'),
  action_run_rejected: rule('reason', 'Say why you reject this.'),
  action_run_progress: rule('progressDone', 'The progress cannot be beyond its end.'),
  stripe_call_attempt: rule('attempt', 'Attempts are counted from 1.'),
  stripe_call_finished: rule('finishedAt', 'What Stripe has answered has a time, and only that.'),
  bank_payout_money: rule('amountCents', 'A transfer to a bank cannot be zero.'),
  dispute_answered: rule('answeredAt', 'A dispute that was answered says how.'),
  reconciliation_run_period: rule('coversUntil', 'The period must not end before it begins.'),
  reconciliation_run_counts: rule('movements', 'Numbers of movements cannot be negative.'),
  reconciliation_run_sums: rule('stripeCents', 'A comparison has the sums of both sides.'),
  reconciliation_explained: rule('explanation', 'Say in at least 5 characters what explains the difference.'),
  reconciliation_figures: rule('differenceCents', 'The difference is what Stripe has less what the books have.'),
  operator_access_reason: rule('reason', 'Say in 10 to 500 characters why you have to look into the school.'),
  operator_access_length: rule('endsAt', 'Access lasts four hours at the most.'),
  operator_access_ended: rule('endedAt', 'Access that was ended names who ended it.'),
  webhook_decisions: rule('decisions', 'What was decided about an event is a list.'),
  ledger_entry_amount: rule('amountCents', 'A ledger entry cannot be zero.'),
}

/**
 * The sentence of a named rule, or at least its column: Prisma names keys after their columns (`Booking_studentId_orgId_fkey`,
 * `Service_orgId_name_key`). PostgreSQL itself does not say which columns, because a policy guards the table.
 */
export function constraintSentence(constraint: string): { field: string; message?: string } | undefined {
  if (Object.hasOwn(sentences, constraint)) return sentences[constraint]
  const [, ...columns] = constraint.split('_')
  const ending = columns.pop()
  const field = columns.find((column) => column !== 'orgId') ?? columns[0]
  return field && (ending === 'fkey' || ending === 'key') ? { field } : undefined
}

export const namedConstraints = (): string[] => Object.keys(sentences)
