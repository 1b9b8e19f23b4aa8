import type { MessageChannel } from '@prisma/client'

interface Template {
  readonly key: string
  readonly channel: MessageChannel
  readonly subject?: string
  readonly body: string
}

const email = (key: string, subject: string, body: string): Template => ({
  key,
  channel: 'email',
  subject,
  body: `Hello {{name}},\n\n${body}`,
})

/** The wording each school begins with; a school may change its own. */
export const templates: readonly Template[] = [
  email(
    'booking_requested',
    'We have your request',
    'thank you for asking for a lesson on {{when}}. We will confirm it shortly.',
  ),
  email(
    'booking_confirmed',
    'Your lesson on {{when}}',
    'your {{minutes}}-minute lesson with {{instructor}} on {{when}} is confirmed.',
  ),
  email(
    'booking_cancelled',
    'Lesson on {{when}} cancelled',
    'the lesson on {{when}} with {{instructor}} was cancelled.',
  ),
  email(
    'booking_rescheduled',
    'Your lesson has moved to {{when}}',
    'your lesson with {{instructor}} is now on {{when}}.',
  ),
  email('booking_reminder', 'Tomorrow: your lesson at {{when}}', 'see you on {{when}}. Please bring your permit.'),
  email('payment_receipt', 'Receipt for {{amount}}', 'we received {{amount}} for the lesson on {{when}}. Thank you.'),
  email('refund_issued', 'Your refund', 'a refund for the lesson on {{when}} is on its way.'),
  email('payout_paid', 'Your payout', 'your share of the lesson on {{when}} was paid out.'),
  email(
    'account_action_needed',
    'Please complete your account',
    'Stripe needs more information before you can be paid.',
  ),
  { key: 'booking_confirmed', channel: 'sms', body: 'Confirmed: lesson with {{instructor}}, {{when}}.' },
  {
    key: 'booking_reminder',
    channel: 'sms',
    body: 'Reminder: lesson with {{instructor}}, {{when}}. Bring your permit.',
  },
]
