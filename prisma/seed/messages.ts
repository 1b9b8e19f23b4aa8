import type { MessageChannel, MessageStatus } from '@prisma/client'
import { includedGst, formatMoney } from '../../src/core/money.ts'
import { formatInstant } from '../../src/core/time.ts'
import { canonicalAddress } from '../../src/domain/messages/address.ts'
import { defaultTemplates } from '../../src/domain/messages/default-templates.ts'
import { filled, oneLine, type Values } from '../../src/domain/messages/wording.ts'
import type { Booked } from './bookings.ts'
import type { Learner } from './learners.ts'
import type { Paid } from './payments.ts'
import { hoursAfter, later, minutesAfter, type School } from './school.ts'

/** Who does not want text messages: every so many learners one. */
const OPTED_OUT_EVERY = 29
/** Older messages are not told. */
const DAYS_OF_MESSAGES = 16

/** The wording of each message, who opted out, and what was sent in the last weeks. */
export function addMessages(school: School, bookings: readonly Booked[], payments: readonly Paid[]): void {
  addTemplates(school)
  const silent = addOptOuts(
    school,
    bookings.map(({ learner }) => learner),
  )
  const send = sender(school, silent)
  for (const booked of bookings) {
    for (const step of booked.steps) {
      if (step.to === 'confirmed') send('booking_confirmed', booked, { at: minutesAfter(step.at, 1) })
      if (step.to === 'requested') send('booking_requested', booked, { at: minutesAfter(step.at, 1) })
      if (step.to === 'cancelled') send('booking_cancelled', booked, { at: minutesAfter(step.at, 1) })
    }
    if (booked.moved) send('booking_rescheduled', booked, { at: minutesAfter(booked.moved.at, 1) })
    const stillOn = ['completed', 'upcoming', 'in_progress', 'unclosed', 'no_show'].includes(booked.outcome.kind)
    const remindAt = later(hoursAfter(booked.start, -24), minutesAfter(booked.steps.at(-1)!.at, 2))
    if (stillOn && remindAt < booked.start)
      send('booking_reminder', booked, { at: hoursAfter(booked.start, -24), channel: 'sms' })
  }
  for (const { booked, at } of payments) send('payment_receipt', booked, { at: minutesAfter(at, 1), toPayer: true })
}

function addTemplates(school: School): void {
  const at = school.now.minus({ weeks: 59 }).toJSDate()
  for (const { key, channel, subject, body } of defaultTemplates) {
    const row = { orgId: school.id, key, channel, subject, body, createdAt: at }
    school.rows.add('MessageTemplate', { id: school.newId(`template/${key}/${channel}`, at), ...row })
  }
}

function addOptOuts(school: School, learners: readonly Learner[]): Set<Learner> {
  const silent = [...new Set(learners)].filter((_, index) => index % OPTED_OUT_EVERY === 3)
  for (const learner of silent) {
    const at = hoursAfter(learner.joinedAt, 30)
    const row = { orgId: school.id, address: learner.phone, channel: 'sms' as const, createdAt: at }
    school.rows.add('ContactOptOut', { id: school.newId(`opt-out/${learner.id}`, at), ...row })
  }
  return new Set(silent)
}

interface About {
  at: Date
  channel?: MessageChannel
  toPayer?: boolean
}

function sender(school: School, silent: ReadonlySet<Learner>) {
  const since = school.now.minus({ days: DAYS_OF_MESSAGES }).toJSDate()
  return (key: string, booked: Booked, { at, channel = 'email', toPayer = false }: About): void => {
    if (at < since || !school.isPast(at)) return
    const { learner } = booked
    const person = (toPayer && learner.guardian) || learner
    const toAddress = canonicalAddress(channel, channel === 'email' ? person.email : person.phone)!
    const template = defaultTemplates.find((one) => one.key === key && one.channel === channel)!
    const values = { ...valuesOf(school, booked, at), name: person.name }
    const id = school.newId(`message/${key}/${booked.id}`, at)
    const status = channel === 'sms' && silent.has(learner) ? 'suppressed' : statusOf(school, id)
    const failed = status === 'failed'
    school.rows.add('Message', {
      id,
      orgId: school.id,
      toAddress,
      channel,
      templateKey: key,
      recipientName: person.name,
      subject: template.subject && oneLine(filled(template.subject, values)),
      body: filled(template.body, values),
      providerId: status === 'suppressed' || failed ? null : `demo-${id.slice(-12)}`,
      status,
      error: failed ? '550 5.1.1 mailbox unavailable' : status === 'suppressed' ? OPTED_OUT : null,
      attempts: status === 'suppressed' ? 0 : failed ? 3 : 1,
      dedupeKey: `${causeOf(key, booked)}:${key}:${channel}:${toAddress}`,
      relatedType: 'Booking',
      relatedId: booked.id,
      bookingId: booked.id,
      studentId: learner.id,
      sendAt: at,
      sentAt: status === 'suppressed' || failed ? null : minutesAfter(at, 0.1),
      createdAt: at,
      updatedAt: minutesAfter(at, 1),
    })
  }
}

function statusOf(school: School, id: string): MessageStatus {
  const chance = school.random(`delivery/${id}`).next()
  return chance < 0.01 ? 'failed' : chance < 0.85 ? 'delivered' : 'sent'
}

const OPTED_OUT = 'The person opted out. Remove the opt-out to write there again.'

/** A reminder under the cause that the worker would give it, so that it does not remind again. */
const causeOf = (key: string, { id, start }: Booked): string =>
  key === 'booking_reminder' ? `reminder:${id}:${start.toISOString()}` : `demo:${id}`

function valuesOf(
  school: School,
  { slot, learner, instructor, priceCents, moved, start, method }: Booked,
  at: Date,
): Values {
  const zone = school.plan.zone
  const when = formatInstant(start, zone, at)
  const amount = formatMoney(priceCents, 'AUD')
  return {
    school: school.plan.name,
    student: learner.name,
    instructor: instructor.name,
    when,
    minutes: String(slot.minutes),
    place: 'as agreed with your instructor',
    price: amount,
    before: moved ? formatInstant(moved.from, zone, at) : '',
    what: `the lesson on ${when}`,
    amount,
    gst: formatMoney(includedGst(priceCents), 'AUD'),
    method: method.replaceAll('_', ' '),
    reference: learner.id.slice(-6),
  }
}
