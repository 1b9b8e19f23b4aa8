import { randomUUID } from 'node:crypto'
import { DateTime } from 'luxon'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { type Happened, readEvent } from '../../src/core/events.ts'
import { bookLesson } from '../../src/domain/bookings/book-lesson.ts'
import { cancelBooking } from '../../src/domain/bookings/cancel-booking.ts'
import { rescheduleBooking } from '../../src/domain/bookings/reschedule-booking.ts'
import { canonicalAddress } from '../../src/domain/messages/address.ts'
import { defaultTemplates, provideTemplates } from '../../src/domain/messages/default-templates.ts'
import { kinds, placeholdersOf } from '../../src/domain/messages/kinds.ts'
import { remindOfLessons } from '../../src/domain/messages/remind.ts'
import { sampleValues } from '../../src/domain/messages/sample.ts'
import { type BookingEvent, tellOfBooking } from '../../src/domain/messages/tell-of-booking.ts'
import { tellOfPayment } from '../../src/domain/messages/tell-of-payment.ts'
import { type Row, type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { does, orderOf, worksWeekdays } from './scheduling.ts'

let test: TestDatabase
let db: Database

beforeAll(async () => {
  test = await cloneDatabase()
  db = await openDatabase(test.url)
})

afterAll(async () => {
  await db.close()
  await test.drop()
})

/** A Tuesday, nine in the morning in Sydney (daylight saving, UTC+11). */
const TUESDAY_9 = new Date('2027-02-01T22:00:00Z')
/** A Wednesday noon, two weeks before. */
const EARLIER = new Date('2027-01-20T01:00:00Z')
const hours = (instant: Date, count: number): Date => new Date(instant.getTime() + count * 3_600_000)

/** A school of its own, whose learner and instructor can be written to. */
async function opened(timeZone = 'Australia/Sydney'): Promise<School> {
  const ours = await school(test, { timeZone })
  await worksWeekdays(ours)
  await ours.change('Student', ours.studentId, { dob: '2000-01-01' })
  await ours.add('CancellationPolicy', { actor: 'student', hoursBeforeStart: 0, refundPercentage: 100 })
  const userId = randomUUID()
  await ours.transaction(async (run) => {
    await run(`INSERT INTO "User" (id, email, "fullName") VALUES ($1, $2, 'Ines Okafor')`, [
      userId,
      `ines-${userId}@example.test`,
    ])
    await run(`INSERT INTO "UserOrg" ("orgId", "userId", role) VALUES ($1, $2, 'instructor')`, [ours.orgId, userId])
    await run('UPDATE "Instructor" SET "userId" = $1 WHERE id = $2', [userId, ours.instructorId])
  })
  return ours
}

const book = (ours: School, startAt = TUESDAY_9, now = EARLIER) =>
  does(db, ours, (work) => bookLesson(work, orderOf(ours, startAt)), { now })

/** Does what the handler does with every event that was not told yet, at `now`. */
async function tellAll(ours: School, now = EARLIER): Promise<void> {
  const events = await ours.run(`SELECT * FROM "Outbox" ORDER BY seq`)
  for (const row of events) {
    const event = readEvent(row as never) as BookingEvent
    await does(db, ours, (work) => tellOfBooking(work, event), { actorKind: 'system', now })
  }
}

const messages = (ours: School): Promise<Row[]> =>
  ours.run('SELECT * FROM "Message" ORDER BY "createdAt", "templateKey", channel')

const asText = ({ templateKey, channel, toAddress }: Row): string =>
  `${String(templateKey)} by ${String(channel)} to ${String(toAddress)}`

const told = async (ours: School): Promise<string[]> => (await messages(ours)).map(asText)

describe('of a booking', () => {
  it('learner and instructor are told, each once, however often the event comes', async () => {
    const ours = await opened()
    await book(ours)
    await tellAll(ours)
    await tellAll(ours)
    const rows = await messages(ours)
    expect(rows.map(({ templateKey, channel, recipientName }) => [templateKey, channel, recipientName])).toEqual([
      ['booking_confirmed', 'email', 'Mia Kowalski'],
      // Mia has no telephone: whoever pays for her is told there
      ['booking_confirmed', 'sms', 'Tom Kowalski'],
      ['instructor_lesson_booked', 'email', 'Ines Okafor'],
    ])
    const [mail, text] = rows
    expect(mail).toMatchObject({
      toAddress: 'mia@example.test',
      subject: 'Your lesson on Tue 2 Feb, 09:00',
      studentId: ours.studentId,
    })
    expect(mail!.body).toContain('your 60-minute lesson with Ines Okafor on Tue 2 Feb, 09:00 is confirmed.')
    expect(mail!.body).toContain('Price: A$85.00')
    expect(mail!.invite).toMatchObject({ method: 'REQUEST', sequence: 1, timeZone: 'Australia/Sydney' })
    expect(text).toMatchObject({ toAddress: '+61491570157', invite: null, subject: null })
  })

  it('a move and a cancellation change the same calendar entry, with a rising sequence', async () => {
    const ours = await opened()
    const { id } = await book(ours)
    await does(db, ours, (work) => rescheduleBooking(work, id, { startAt: hours(TUESDAY_9, 1) }), { now: EARLIER })
    await does(db, ours, (work) => cancelBooking(work, id, { cancelledAs: 'student', reason: 'Exam' }), {
      now: EARLIER,
    })
    await tellAll(ours)
    const mails = (await messages(ours)).filter(({ toAddress }) => toAddress === 'mia@example.test')
    const invites = mails.map(({ templateKey, invite }) => {
      const { method, sequence, uid } = invite as { method: string; sequence: number; uid: string }
      return [templateKey, method, sequence, uid]
    })
    expect(invites.toSorted((a, b) => Number(a[2]) - Number(b[2]))).toEqual([
      ['booking_confirmed', 'REQUEST', 1, `${id}@driveflow`],
      ['booking_rescheduled', 'REQUEST', 2, `${id}@driveflow`],
      ['booking_cancelled', 'CANCEL', 3, `${id}@driveflow`],
    ])
    const moved = mails.find(({ templateKey }) => templateKey === 'booking_rescheduled')
    expect(moved!.body).toContain('your lesson of Tue 2 Feb, 09:00 is now on Tue 2 Feb, 10:00')
  })

  it('that goes to a colleague, both instructors hear, and the learner once', async () => {
    const ours = await opened()
    const { id } = await book(ours)
    await tellAll(ours)
    const before = new Set((await messages(ours)).map(({ id }) => id))
    const colleague = await ours.add('Instructor', { displayName: 'Noor Haddad' })
    await worksWeekdays(ours, colleague.id)
    await does(
      db,
      ours,
      (work) => rescheduleBooking(work, id, { startAt: TUESDAY_9, instructorId: colleague.id, reason: 'Flu' }),
      { now: EARLIER },
    )
    await tellAll(ours)
    const after = (await messages(ours)).filter(({ id }) => !before.has(id)).map(asText)
    expect(after.filter((one) => one.startsWith('booking_rescheduled by email'))).toHaveLength(1)
    // the colleague has no sign-in, so no address yet
    expect(after.filter((one) => one.startsWith('instructor_'))).toEqual([
      expect.stringContaining('instructor_lesson_cancelled by email to ines-'),
    ])
  })

  it('nobody is told of what is over, or was only a draft', async () => {
    const ours = await opened()
    await book(ours)
    await tellAll(ours, hours(TUESDAY_9, 2))
    const draft = { ...orderOf(ours, hours(TUESDAY_9, 24)), as: 'draft' as const }
    const { id } = await does(db, ours, (work) => bookLesson(work, draft), { now: EARLIER })
    await does(
      db,
      ours,
      (work) => cancelBooking(work, id, { cancelledAs: 'admin', reason: 'x', refundPercentage: 0 }),
      {
        now: EARLIER,
      },
    )
    const row = (
      await ours.run(`SELECT * FROM "Outbox" WHERE "aggregateId" = $1 AND topic = 'booking.cancelled'`, [id])
    )[0]
    const event = readEvent(row as never) as BookingEvent
    await does(db, ours, (work) => tellOfBooking(work, event), { actorKind: 'system', now: EARLIER })
    expect(await told(ours)).toEqual([])
  })
})

describe('of a payment', () => {
  const receipts = async (ours: School): Promise<Row[]> => {
    const { id, bookingId } = await ours.payment({ gstCents: 773 })
    const payload = {
      paymentId: id,
      bookingId,
      studentId: ours.studentId,
      method: 'bank_transfer',
      amountCents: 8500,
      currency: 'AUD',
    }
    const about = { topic: 'payment.succeeded', aggregateType: 'Payment', aggregateId: id, aggregateVersion: 1 }
    const event = readEvent({ id: randomUUID(), ...about, schemaVersion: 1, payload, createdAt: EARLIER })
    // at night too: they have just paid
    const now = new Date('2027-01-20T12:00:00Z')
    await does(db, ours, (work) => tellOfPayment(work, event as Happened<'payment.succeeded'>), {
      actorKind: 'webhook',
      now,
    })
    const rows = await messages(ours)
    expect(rows.map(({ sendAt }) => sendAt)).toEqual(rows.map(() => now))
    return rows
  }

  it('the learner gets a receipt with the GST, in the school’s money', async () => {
    const [row] = await receipts(await opened())
    expect(row).toMatchObject({ toAddress: 'mia@example.test', subject: 'Receipt for A$85.00' })
    expect(row!.body).toMatch(
      /^Hello Mia Kowalski,\n\nwe received A\$85\.00 for the lesson on .* 2031, .*, paid by bank transfer\. GST included: A\$7\.73\./,
    )
  })

  it('whoever pays for the learner gets it instead, where they can be reached', async () => {
    const ours = await opened()
    await ours.change('Guardian', ours.guardianId, { email: 'Tom@example.test' })
    const rows = await receipts(ours)
    expect(rows.map(asText)).toEqual(['payment_receipt by email to tom@example.test'])
    expect(rows[0]!.body).toContain('Hello Tom Kowalski,')
  })
})

describe('quiet hours', () => {
  const EVENING = new Date('2027-01-20T11:00:00Z') // 22:00
  const sendAts = async (ours: School) => (await messages(ours)).map(({ sendAt }) => (sendAt as Date).toISOString())

  it('defer a message to the morning', async () => {
    const ours = await opened()
    await book(ours, TUESDAY_9, EVENING)
    await tellAll(ours, EVENING)
    expect(new Set(await sendAts(ours))).toEqual(new Set(['2027-01-20T20:00:00.000Z']))
  })

  it('do not hold what is told of a lesson before they end', async () => {
    const ours = await opened()
    await ours.run(`UPDATE "OrgSettings" SET "quietEndTime" = '10:00'`)
    await book(ours)
    const night = new Date('2027-02-01T12:00:00Z') // 23:00 before
    await tellAll(ours, night)
    expect(new Set(await sendAts(ours))).toEqual(new Set([night.toISOString()]))
  })
})

describe('a reminder', () => {
  const remind = (ours: School, now: Date) =>
    does(db, ours, (work) => remindOfLessons(work), { actorKind: 'system', now })
  const reminders = async (ours: School) =>
    (await messages(ours)).filter(({ templateKey }) => templateKey === 'booking_reminder')

  it('goes out 24 hours before, once for each time of the lesson', async () => {
    const ours = await opened()
    const { id } = await book(ours)
    await remind(ours, hours(TUESDAY_9, -24.1))
    expect(await reminders(ours)).toHaveLength(0)
    const day = hours(TUESDAY_9, -24)
    await remind(ours, day)
    await remind(ours, hours(day, 1))
    expect((await reminders(ours)).map(({ channel }) => channel)).toEqual(['email', 'sms'])
    await does(db, ours, (work) => rescheduleBooking(work, id, { startAt: hours(TUESDAY_9, 5) }), { now: day })
    await remind(ours, hours(day, 2))
    // who was told of the move an hour ago is not reminded of it yet
    expect(await reminders(ours)).toHaveLength(2)
    await remind(ours, hours(day, 7))
    expect(await reminders(ours)).toHaveLength(4)
  })

  const ZONES = ['Australia/Sydney', 'Australia/Adelaide', 'Australia/Brisbane']
  // Sundays: the clocks of Sydney and Adelaide go forward on the first, back on the second; Brisbane's never
  const CHANGES = ['2026-10-04', '2027-04-04']
  it.each(ZONES.flatMap((zone) => CHANGES.map((day) => ({ zone, day }))))(
    'counts elapsed hours over $day in $zone, and says the time of the clocks on that day',
    async ({ zone, day }) => {
      const ours = await opened(zone)
      const startAt = DateTime.fromISO(`${day}T09:30`, { zone }).toJSDate()
      await ours.booking({ startAt, status: 'confirmed' })
      const due = hours(startAt, -24)
      await remind(ours, new Date(due.getTime() - 1))
      expect(await reminders(ours)).toHaveLength(0)
      await remind(ours, due)
      expect((await reminders(ours))[0]!.subject).toBe(
        `Reminder: your lesson on Sun 4 ${day.includes('-10-') ? 'Oct' : 'Apr'}, 09:30`,
      )
    },
  )
})

describe('the templates of a school', () => {
  const add = (ours: School, values: Record<string, unknown>) =>
    ours.add('MessageTemplate', { key: 'booking_confirmed', channel: 'whatsapp', body: 'Hello', ...values })

  it('are there before the first message, and its own wording stays', async () => {
    const ours = await opened()
    await ours.add('MessageTemplate', {
      key: 'booking_confirmed',
      channel: 'email',
      subject: 'G’day {{name}}',
      body: 'See you {{when}}.',
    })
    await does(db, ours, provideTemplates)
    await does(db, ours, provideTemplates)
    const rows = await ours.run('SELECT * FROM "MessageTemplate"')
    expect(rows).toHaveLength(defaultTemplates.length)
    await book(ours)
    await tellAll(ours)
    expect((await messages(ours))[0]).toMatchObject({
      subject: 'G’day Mia Kowalski',
      body: 'See you Tue 2 Feb, 09:00.',
    })
  })

  it('that are switched off send nothing', async () => {
    const ours = await opened()
    await does(db, ours, provideTemplates)
    await ours.run(`UPDATE "MessageTemplate" SET active = false WHERE key = 'booking_confirmed'`)
    await book(ours)
    await tellAll(ours)
    expect(await told(ours)).toEqual([expect.stringContaining('instructor_lesson_booked by email')])
  })

  it('cannot name what there is not; the sentence names what there is', async () => {
    const ours = await opened()
    await expect(add(ours, { body: 'You pay {{amount}}.' })).rejects.toThrow(
      'There is no {{amount}} in this message. You can use: {{name}}, {{school}}, {{unsubscribe}}, {{student}},',
    )
    await expect(add(ours, { channel: 'sms', body: 'Hello {{name}' })).rejects.toThrow('two braces on each side')
    await expect(add(ours, { channel: 'email', subject: ' ' })).rejects.toThrow('An e-mail needs a subject.')
  })

  it('can name the same things in the database, in the program and in the preview', async () => {
    for (const key of [...Object.keys(kinds), 'another']) {
      const [row] = await test.console('superuser', 'SELECT message_placeholders($1) AS known', [key])
      expect([key, row!.known]).toEqual([key, [...placeholdersOf(key)]])
    }
    const sample = sampleValues({ name: 'Harbour', timeZone: 'Australia/Sydney', currency: 'AUD' }, EARLIER)
    const supplied = new Set([...Object.keys(sample), 'unsubscribe'])
    for (const key of Object.keys(kinds)) for (const name of placeholdersOf(key)) expect(supplied).toContain(name)
  })
})

it('an opt-out is found however its number is spaced, because both sides write it alike', async () => {
  const ours = await opened()
  for (const [channel, typed] of [
    ['sms', '0491 570 156'],
    ['whatsapp', '+61 (0)491-570-199'],
    ['sms', '0061491570158'],
    ['email', ' Mia@Example.Test'],
  ] as const) {
    const row = await ours.add('ContactOptOut', { channel, address: typed })
    expect(row.address).toBe(canonicalAddress(channel, typed))
  }
})
