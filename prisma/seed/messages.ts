import type { MessageChannel, MessageStatus } from '@prisma/client'
import type { Booked } from './bookings.ts'
import type { Learner } from './learners.ts'
import type { Paid } from './payments.ts'
import { hoursAfter, later, minutesAfter, type School } from './school.ts'
import { templates } from './templates.ts'

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
    if (booked.row.rescheduledAt)
      send('booking_rescheduled', booked, { at: minutesAfter(booked.row.rescheduledAt as Date, 1) })
    const stillOn = ['completed', 'upcoming', 'in_progress', 'unclosed', 'no_show'].includes(booked.outcome.kind)
    const remindAt = later(hoursAfter(booked.start, -24), minutesAfter(booked.steps.at(-1)!.at, 2))
    if (stillOn && remindAt < booked.start)
      send('booking_reminder', booked, { at: hoursAfter(booked.start, -24), channel: 'sms' })
  }
  for (const { booked, at } of payments) send('payment_receipt', booked, { at: minutesAfter(at, 1), toPayer: true })
}

function addTemplates(school: School): void {
  const at = school.now.minus({ weeks: 59 }).toJSDate()
  for (const { key, channel, subject, body } of templates) {
    const row = { orgId: school.id, key, channel, subject: subject ?? null, body, createdAt: at }
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
    const toAddress = channel === 'email' ? person.email : person.phone
    const template = templates.find((one) => one.key === key && one.channel === channel)!
    const id = school.newId(`message/${key}/${booked.id}`, at)
    const status = channel === 'sms' && silent.has(learner) ? 'suppressed' : statusOf(school, id)
    const failed = status === 'failed'
    school.rows.add('Message', {
      id,
      orgId: school.id,
      toAddress,
      channel,
      templateKey: key,
      subject: template.subject ? filled(template.subject, booked, person.name) : null,
      body: filled(template.body, booked, person.name),
      providerId: status === 'suppressed' || failed ? null : `demo-${id.slice(-12)}`,
      status,
      error: failed ? '550 5.1.1 mailbox unavailable' : null,
      attempts: status === 'suppressed' ? 0 : failed ? 3 : 1,
      dedupeKey: `${key}:${booked.id}:${toAddress}`,
      relatedType: 'Booking',
      relatedId: booked.id,
      createdAt: at,
      updatedAt: minutesAfter(at, 1),
    })
  }
}

function statusOf(school: School, id: string): MessageStatus {
  const chance = school.random(`delivery/${id}`).next()
  return chance < 0.01 ? 'failed' : chance < 0.85 ? 'delivered' : 'sent'
}

function filled(text: string, { slot, instructor, priceCents }: Booked, recipient: string): string {
  const values: Record<string, string> = {
    name: recipient,
    when: slot.start.toFormat('ccc d LLL, HH:mm'),
    instructor: instructor.name,
    amount: `$${(priceCents / 100).toFixed(2)}`,
    minutes: String(slot.minutes),
  }
  return text.replace(/\{\{(\w+)\}\}/g, (_, key: string) => values[key] ?? '')
}
