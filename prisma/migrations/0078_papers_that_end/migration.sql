-- Papers of instructors and cars that end are written about. The lists are those of src/domain/messages/kinds.ts.
CREATE OR REPLACE FUNCTION message_placeholders(key text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY['name', 'school', 'unsubscribe'] || CASE
  WHEN key IN ('booking_requested', 'booking_confirmed', 'booking_reminder', 'instructor_lesson_booked')
    THEN ARRAY['student', 'instructor', 'service', 'when', 'day', 'time', 'minutes', 'place', 'price']
  WHEN key IN ('booking_rescheduled', 'instructor_lesson_moved')
    THEN ARRAY['student', 'instructor', 'service', 'when', 'day', 'time', 'minutes', 'place', 'price', 'before']
  WHEN key IN ('booking_cancelled', 'instructor_lesson_cancelled')
    THEN ARRAY['student', 'instructor', 'service', 'when', 'day', 'time', 'minutes', 'place', 'price', 'reason']
  WHEN key = 'payment_receipt' THEN ARRAY['student', 'what', 'when', 'amount', 'gst', 'method', 'reference']
  WHEN key = 'refund_issued' THEN ARRAY['student', 'what', 'when', 'amount', 'reason', 'reference']
  WHEN key = 'payout_paid' THEN ARRAY['student', 'what', 'when', 'amount', 'reference']
  WHEN key = 'account_action_needed' THEN ARRAY['needed']
  WHEN key = 'paper_expiring' THEN ARRAY['paper', 'holder', 'until', 'left']
  ELSE ARRAY[]::text[] END;
