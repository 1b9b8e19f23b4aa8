import { valueLabel } from '../../core/labels.ts'
import { decimalText } from '../../core/money.ts'
import { wallTime } from '../../core/time.ts'
import type { Case, RecordedTrip } from '../../domain/disputes/read-case.ts'

/** A table of the pack: its name, its head and its rows as text. */
export interface Table {
  readonly name: string
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** What is known of the case, table by table, in the order in which somebody reads it. Times are the school's. */
export function tablesOf(found: Case): Table[] {
  return [historyTable(found), moneyTable(found), messageTable(found), consentTable(found), termsTable(found)].filter(
    ({ rows }) => rows.length > 0,
  )
}

const historyTable = ({ history, org }: Case): Table => ({
  name: 'booking-history',
  title: 'History of the booking',
  head: ['When', 'From', 'To', 'Who', 'Reason'],
  rows: history.map(({ createdAt, fromStatus, toStatus, actorUser, reason }) => [
    wallTime(createdAt, org.timeZone),
    fromStatus ? valueLabel(fromStatus) : '',
    valueLabel(toStatus),
    actorUser?.fullName ?? 'System',
    reason ?? '',
  ]),
})

function moneyTable({ payment, refunds, dispute, org }: Case): Table {
  const { currency } = payment
  const line = (at: Date, what: string, cents: number, id: string | null) => [
    wallTime(at, org.timeZone),
    what,
    decimalText(cents, currency),
    currency,
    id ?? '',
  ]
  const paidAt = payment.succeededAt ?? payment.createdAt
  return {
    name: 'payment-and-refunds',
    title: 'Payment and refunds',
    head: ['When', 'What', 'Amount', 'Currency', 'Id at Stripe'],
    rows: [
      line(
        paidAt,
        `Payment by ${valueLabel(payment.method).toLowerCase()}`,
        payment.amountCents,
        payment.stripeChargeId,
      ),
      ...refunds.map(({ createdAt, status, amountCents, stripeRefundId, reason }) =>
        line(createdAt, `Refund, ${valueLabel(status).toLowerCase()}: ${reason}`, -amountCents, stripeRefundId),
      ),
      line(dispute.openedAt, `Dispute: ${valueLabel(dispute.reason)}`, -dispute.amountCents, dispute.stripeDisputeId),
    ],
  }
}

const messageTable = ({ messages, org }: Case): Table => ({
  name: 'messages',
  title: 'Messages about the lesson',
  head: ['When', 'Sent', 'By', 'To', 'Subject', 'Text', 'Status'],
  rows: messages.map(({ createdAt, sentAt, channel, recipientName, toAddress, subject, body, status }) => [
    wallTime(createdAt, org.timeZone),
    sentAt ? wallTime(sentAt, org.timeZone) : '',
    valueLabel(channel),
    recipientName ? `${recipientName} (${toAddress})` : toAddress,
    subject ?? '',
    withoutLinks(body ?? ''),
    valueLabel(status),
  ]),
})

/** Links in messages let their reader in: they are nothing for a bank. */
const withoutLinks = (text: string): string => text.replaceAll(/https?:\/\/\S+/g, '[link]')

const consentTable = ({ consents, org }: Case): Table => ({
  name: 'consents',
  title: 'Terms and consents that the learner agreed to',
  head: ['From', 'What', 'Agreed', 'Version', 'How', 'Until'],
  rows: consents.map(({ effectiveAt, kind, granted, documentVer, method, expiresAt }) => [
    wallTime(effectiveAt, org.timeZone),
    valueLabel(kind),
    granted ? 'yes' : 'withdrawn',
    documentVer,
    method,
    expiresAt ? wallTime(expiresAt, org.timeZone) : '',
  ]),
})

const termsTable = ({ terms }: Case): Table => ({
  name: 'cancellation-policy',
  title: 'Cancellation policy of the school, as it is now',
  head: ['Who cancels', 'At least so many hours before', 'Given back'],
  rows: terms.map(({ actor, hoursBeforeStart, refundPercentage }) => [
    valueLabel(actor),
    String(hoursBeforeStart),
    `${refundPercentage} %`,
  ]),
})

/** Every position that was kept; its times are UTC, as the device sent them. */
export const tripTable = ({ points }: RecordedTrip): Omit<Table, 'name' | 'title'> => ({
  head: ['Time (UTC)', 'Latitude', 'Longitude', 'km/h'],
  rows: points.map(({ ts, lat, lng, kph }) => [ts.toISOString(), lat, lng, kph ?? '']),
})
