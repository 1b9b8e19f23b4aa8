import type { MessageChannel } from '@prisma/client'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import type { Kind } from './kinds.ts'

export interface Wording {
  readonly key: Kind
  readonly channel: MessageChannel
  readonly subject: string | null
  readonly body: string
}

const email = (key: Kind, subject: string, body: string): Wording => ({
  key,
  channel: 'email',
  subject,
  body: `Hello {{name}},\n\n${body}\n\n{{school}}`,
})

const sms = (key: Kind, body: string): Wording => ({ key, channel: 'sms', subject: null, body })

/** The wording that each school begins with, and comes back to when it deletes a template of its own. */
export const defaultTemplates: readonly Wording[] = [
  email(
    'booking_requested',
    'We have your request',
    'thank you for asking for a lesson on {{when}}. We will confirm it shortly.',
  ),
  email(
    'booking_confirmed',
    'Your lesson on {{when}}',
    'your {{minutes}}-minute lesson with {{instructor}} on {{when}} is confirmed.\n\nWhere: {{place}}\nPrice: {{price}}',
  ),
  email(
    'booking_cancelled',
    'Lesson on {{when}} cancelled',
    'the lesson on {{when}} with {{instructor}} was cancelled.',
  ),
  email(
    'booking_rescheduled',
    'Your lesson is now on {{when}}',
    'your lesson of {{before}} is now on {{when}} with {{instructor}}.\n\nWhere: {{place}}',
  ),
  email(
    'booking_reminder',
    'Reminder: your lesson on {{when}}',
    'see you on {{when}}. Please bring your permit.\n\nWhere: {{place}}',
  ),
  email(
    'instructor_lesson_booked',
    'New lesson: {{student}}, {{when}}',
    '{{student}} has a {{minutes}}-minute lesson ({{service}}) with you on {{when}}.\n\nWhere: {{place}}',
  ),
  email(
    'instructor_lesson_moved',
    'Moved: {{student}}, now {{when}}',
    'the lesson with {{student}} of {{before}} is now on {{when}}.\n\nWhere: {{place}}',
  ),
  email(
    'instructor_lesson_cancelled',
    'Cancelled: {{student}}, {{when}}',
    'you no longer have the lesson with {{student}} on {{when}}.',
  ),
  email(
    'payment_receipt',
    'Receipt for {{amount}}',
    'we received {{amount}} for {{what}}, paid by {{method}}. GST included: {{gst}}. Thank you.\n\nReference: {{reference}}',
  ),
  email(
    'refund_issued',
    'Your refund of {{amount}}',
    'a refund of {{amount}} for {{what}} is on its way.\n\nReference: {{reference}}',
  ),
  email('payout_paid', 'Your payout of {{amount}}', 'your share of {{what}}, {{amount}}, was paid out.'),
  email(
    'account_action_needed',
    'Please complete your account',
    'Stripe needs more information before you can be paid: {{needed}}.',
  ),
  email(
    'paper_expiring',
    '{{paper}} of {{holder}}: valid until {{until}}',
    'the {{paper}} of {{holder}} is valid until {{until}} ({{left}}). After that day nothing is booked on it. Please see that the office gets the new one in time.',
  ),
  sms('booking_confirmed', 'Confirmed: lesson with {{instructor}}, {{when}}.'),
  sms('booking_reminder', 'Reminder: lesson with {{instructor}}, {{when}}. Bring your permit.'),
]

/** Gives the school the templates that it does not have. Those it has stay as they are. */
export async function provideTemplates({ tx, orgId }: UnitOfWork): Promise<void> {
  const known = await tx.messageTemplate.findMany({ where: { orgId }, select: { key: true, channel: true } })
  const missing = defaultTemplates.filter(
    ({ key, channel }) => !known.some((one) => one.key === key && one.channel === channel),
  )
  if (missing.length === 0) return
  await tx.messageTemplate.createMany({
    data: missing.map((one) => ({ orgId, ...one })),
    skipDuplicates: true,
  })
}
