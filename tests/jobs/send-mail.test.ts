import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Context } from '../../src/core/context.ts'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { sendAgain } from '../../src/domain/messages/send-again.ts'
import { dueMessages, finish, handOver, takeMessage } from '../../src/domain/messages/send.ts'
import { deliver } from '../../src/jobs/send-message.ts'
import { type Carriers, carriersOf } from '../../src/services/messages.ts'
import { type Row, type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'
import { type School, school } from '../support/school.ts'
import { untilTrue } from '../process/program.ts'

let test: TestDatabase
let db: Database
let ours: School
let ctx: Context
let server: MailServer
let carriers: Carriers

beforeAll(async () => {
  test = await cloneDatabase()
  db = await openDatabase(test.url)
  ours = await school(test, { name: 'Tom & Söhne Driving' })
  const nobody = { userId: null, role: null, actorKind: 'system', ip: null } as const
  ctx = { db, orgId: ours.orgId, ...nobody, requestId: 'mail' }
  server = await startMailServer()
  carriers = carriersOf({
    smtpUrl: server.url,
    mailFrom: 'DriveFlow <office@school.example>',
    appUrl: 'https://admin.example',
  })
})

afterEach(() => {
  server.received.splice(0)
  if (server.faults.splice(0).length > 0) throw new Error('the mail server was not asked as often as the test said')
})

afterAll(async () => {
  await server.close()
  await db.close()
  await test.drop()
})

const MINUTE = 60_000
const later = (minutes: number): Date => new Date(Date.now() + minutes * MINUTE)

const write = (values: Record<string, unknown> = {}): Promise<Row> =>
  ours.add('Message', {
    toAddress: 'mia@example.test',
    recipientName: 'Mia Kowalski',
    channel: 'email',
    templateKey: 'booking_confirmed',
    subject: 'Your lesson ☂',
    body: 'Hello <Mia>,\n\nsee you.',
    sendAt: new Date(Date.now() - MINUTE),
    ...values,
  })

const send = (id: string, at: Date = new Date(), by = carriers) => deliver({ ...ctx, now: at }, id, by)
const inside = <T>(fn: (work: Context & { tx: never }) => Promise<T>, now = new Date()) =>
  db.transaction({ ...ctx, now }, (tx) => fn({ ...ctx, now, tx: tx as never }))
const stored = async (id: string): Promise<Row> => (await ours.run('SELECT * FROM "Message" WHERE id = $1', [id]))[0]!
const attempts = (id: string): Promise<Row[]> =>
  ours.run('SELECT * FROM "MessageDelivery" WHERE "messageId" = $1 ORDER BY number', [id])
const outcomes = async (id: string): Promise<unknown[]> => (await attempts(id)).map(({ outcome }) => outcome)

describe('a mail', () => {
  it('arrives as text and HTML, from the school, with the way out for people and for mail programs', async () => {
    const { id } = await write()
    await send(id)
    const [mail] = server.received
    expect(mail).toMatchObject({ from: 'office@school.example', to: 'mia@example.test' })
    expect(mail!.header('Message-ID')).toBe(`<${id}.0.${ours.orgId}@school.example>`)
    expect(mail!.header('From')).toContain('<office@school.example>')
    expect(mail!.header('List-Unsubscribe')).toMatch(/^<https:\/\/admin\.example\/unsubscribe\/[\w.-]+>$/)
    expect(mail!.header('List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click')
    expect(mail!.header('Auto-Submitted')).toBe('auto-generated')
    expect(mail!.part('text/plain')).toContain('Hello <Mia>,')
    expect(mail!.part('text/html')).toContain('Hello &lt;Mia&gt;,')
    expect(mail!.part('text/html')).toContain('Tom &amp; Söhne Driving')
    const row = await stored(id)
    expect(row).toMatchObject({ status: 'sent', attempts: 1, error: null })
    expect(row.providerId).toMatch(/^\w+$/)
    expect(await outcomes(id)).toEqual(['accepted'])
  })

  it('brings the lesson for the calendar, its clocks and its place', async () => {
    const { id } = await write({
      invite: JSON.stringify({
        method: 'REQUEST',
        uid: 'b1@driveflow',
        sequence: 2,
        startAt: '2026-10-04T00:30:00.000Z',
        endAt: '2026-10-04T01:30:00.000Z',
        timeZone: 'Australia/Adelaide',
        summary: 'Driving lesson',
        place: '1 Harbour Street',
      }),
    })
    await send(id)
    const [mail] = server.received
    expect(mail!.raw).toMatch(/Content-Type: text\/calendar;[^]*?method=REQUEST/i)
    const calendar = mail!.part('text/calendar')
    expect(calendar).toContain('DTSTART;TZID=Australia/Adelaide:20261004T110000\r\n')
    expect(calendar).toContain('SEQUENCE:2\r\n')
    expect(calendar).toContain('ORGANIZER;CN="Tom & Söhne Driving":mailto:office@school.example')
  })

  it('is sent once, however often its job comes', async () => {
    const { id } = await write()
    await Promise.all([send(id), send(id), send(id)])
    await send(id)
    expect(server.received).toHaveLength(1)
    expect(await outcomes(id)).toEqual(['accepted'])
  })

  it('waits for its time', async () => {
    const { id } = await write({ sendAt: later(60) })
    await send(id)
    expect(server.received).toEqual([])
    expect(await inside((work) => dueMessages(work, 100))).not.toContain(id)
    expect(await inside((work) => dueMessages(work, 100), later(61))).toContain(id)
    await send(id, later(61))
    expect(server.received).toHaveLength(1)
  })

  it('is not sent without a mail server, and says so', async () => {
    const { id } = await write()
    await send(id, new Date(), carriersOf({ mailFrom: 'office@school.example', appUrl: 'https://admin.example' }))
    const row = await stored(id)
    expect(row.status).toBe('not_sent')
    expect(row.error).toBe('Not sent: no mail server is configured (SMTP_URL). It is kept here only.')
  })

  it('that a person wants again goes under another Message-ID when it had gone, under its own when it had not', async () => {
    const again = async (id: string) => {
      await inside(async (work) => await sendAgain(work, (await stored(id)) as never))
      await send(id, later(1))
    }
    const { id } = await write()
    await send(id)
    await again(id)
    expect(server.received.map((mail) => mail.header('Message-ID').split('.')[1])).toEqual(['0', '1'])
    const refused = await write()
    server.faults.push({ at: 'recipient', code: 552, says: 'Mailbox full' })
    await send(refused.id)
    await again(refused.id)
    expect(server.received.at(-1)!.header('Message-ID')).toContain(`${refused.id}.0.`)
    expect(await stored(refused.id)).toMatchObject({ status: 'sent', error: null, attempts: 2 })
  })
})

describe('nobody is written to', () => {
  it('who opted out of these messages, or of all', async () => {
    await ours.add('ContactOptOut', {
      channel: 'email',
      address: 'Quiet@example.test',
      templateKey: 'booking_reminder',
    })
    const confirmed = await write({ toAddress: 'quiet@example.test' })
    const reminder = await write({ toAddress: 'quiet@example.test', templateKey: 'booking_reminder' })
    await send(confirmed.id)
    await send(reminder.id)
    expect(server.received).toHaveLength(1)
    expect(await stored(reminder.id)).toMatchObject({
      status: 'suppressed',
      error: 'The person opted out of "Reminder of a lesson". Remove the opt-out to write there again.',
    })
    expect(await attempts(reminder.id)).toEqual([])
  })

  it('about a lesson that was called off or moved while the reminder waited, or that has begun', async () => {
    const startAt = later(6 * 60)
    const off = await ours.booking({ status: 'cancelled', cancelledAt: new Date(), cancellationReason: 'Ill' })
    const on = await ours.booking({ startAt })
    const reminder = (booking: Row, at: Date, more = {}) =>
      write({
        templateKey: 'booking_reminder',
        bookingId: booking.id,
        dedupeKey: `reminder:${booking.id}:${at.toISOString()}:booking_reminder:email:${randomUUID()}`,
        ...more,
      })
    const cases = [
      [await reminder(off, off.startAt), 'The lesson is off, so nobody is reminded.'],
      [await reminder(on, later(5)), 'The lesson has moved: its new time gets a reminder of its own.'],
      [await reminder(on, startAt, { expiresAt: later(-1) }), 'Too late: what it tells of is over.'],
    ] as const
    for (const [{ id }, error] of cases) {
      await send(id)
      expect(await stored(id)).toMatchObject({ status: 'suppressed', error })
    }
    expect(server.received).toEqual([])
    await send((await reminder(on, startAt)).id)
    expect(server.received).toHaveLength(1)
  })
})

describe('when the server', () => {
  it('says no for good, the message has failed with its reason', async () => {
    const { id } = await write()
    server.faults.push({ at: 'content', code: 554, says: '5.7.1 Looks like spam' })
    await send(id)
    expect(await stored(id)).toMatchObject({ status: 'failed', error: '554 5.7.1 Looks like spam' })
    await send(id, later(600))
    expect(server.received).toEqual([])
    expect(await ours.run(`SELECT FROM "ContactOptOut" WHERE reason = 'bounced'`)).toEqual([])
  })

  it('knows no such mailbox, the address is written to no more', async () => {
    const toAddress = 'gone@example.test'
    const { id } = await write({ toAddress })
    server.faults.push({ at: 'recipient', code: 550, says: '5.1.1 No such user here' })
    await send(id)
    expect(await stored(id)).toMatchObject({ status: 'failed', error: '550 5.1.1 No such user here' })
    const next = await write({ toAddress })
    await send(next.id)
    expect(await stored(next.id)).toMatchObject({
      status: 'suppressed',
      error:
        'Messages to this address came back: 550 5.1.1 No such user here. Remove the opt-out to write there again.',
    })
  })

  it('is greylisting, the message is tried again later, and later still', async () => {
    const { id } = await write()
    server.faults.push({ at: 'recipient', code: 451, says: '4.7.1 Greylisted, come back' })
    server.faults.push({ at: 'content', code: 452, says: '4.3.1 Out of space' })
    const begun = new Date()
    await send(id, begun)
    const first = await stored(id)
    expect(first).toMatchObject({ status: 'queued', error: '451 4.7.1 Greylisted, come back' })
    expect(first.sendAt).toEqual(new Date(begun.getTime() + MINUTE))
    await send(id, new Date(begun.getTime() + MINUTE))
    expect((await stored(id)).sendAt).toEqual(new Date(begun.getTime() + 6 * MINUTE))
    await send(id, new Date(begun.getTime() + 6 * MINUTE))
    expect(await stored(id)).toMatchObject({ status: 'sent', error: null, attempts: 3 })
    expect(await outcomes(id)).toEqual(['deferred', 'deferred', 'accepted'])
    expect(server.received).toHaveLength(1)
  })

  it('is not there, the message is tried ten times over a day, then it has failed', async () => {
    const { id } = await write()
    const nowhere = { ...carriers, smtpUrl: 'smtp://127.0.0.1:1' }
    let at = new Date()
    for (let number = 1; number <= 10; number++) {
      await send(id, at, nowhere)
      at = (await stored(id)).sendAt as Date
    }
    const row = await stored(id)
    expect(row.status).toBe('failed')
    expect(row.error).toMatch(/^Given up after 10 attempts\. The mail server cannot be reached: .*ECONNREFUSED/)
  })

  it('hangs up before the content, nothing is in doubt', async () => {
    const { id } = await write()
    server.faults.push({ at: 'dies-before-content' })
    await send(id)
    expect(await outcomes(id)).toEqual(['deferred'])
    await send(id, later(2))
    expect(server.received).toHaveLength(1)
  })

  it('is slow, the mail arrives once', async () => {
    const { id } = await write()
    server.faults.push({ at: 'slow', ms: 300 })
    const first = send(id)
    await untilTrue(async () => (await attempts(id))[0]?.handedOverAt != null, 'the mail to be handed over')
    // another worker gets the same job meanwhile
    await send(id)
    await first
    expect(server.received).toHaveLength(1)
    expect(await stored(id)).toMatchObject({ status: 'sent', attempts: 1 })
  })

  it.each([true, false])(
    'takes the mail and dies (kept: %s), it is told as in doubt, and not sent twice',
    async (keeps) => {
      const { id } = await write()
      server.faults.push({ at: 'dies-after-content', keeps })
      await send(id)
      const row = await stored(id)
      expect(row.status).toBe('failed')
      expect(row.error).toMatch(/^In doubt: it was handed over, and may have arrived\..*Ask the person/)
      expect(await outcomes(id)).toEqual(['in_doubt'])
      await send(id, later(600))
      expect(server.received).toHaveLength(keeps ? 1 : 0)
    },
  )

  it('dies on a cancellation, it is sent again under the same Message-ID: nobody may wait in vain', async () => {
    const { id } = await write({ templateKey: 'booking_cancelled' })
    server.faults.push({ at: 'dies-after-content', keeps: true })
    await send(id)
    await send(id, later(2))
    expect(await outcomes(id)).toEqual(['in_doubt', 'accepted'])
    expect(new Set(server.received.map((mail) => mail.header('Message-ID'))).size).toBe(1)
  })
})

describe('when a worker', () => {
  it('dies before it handed the mail over, another sends it, and the first one can no more', async () => {
    const { id } = await write()
    const held = await inside((work) => takeMessage(work, id))
    await send(id)
    expect(server.received).toHaveLength(1)
    expect(await inside((work) => handOver(work, held!))).toBe(false)
    await inside((work) => finish(work, held!, { outcome: 'deferred', detail: 'too late' }))
    expect(await stored(id)).toMatchObject({ status: 'sent', attempts: 1 })
  })

  it('dies after it handed the mail over, the message waits for an answer, then it is in doubt', async () => {
    const { id } = await write()
    const held = await inside((work) => takeMessage(work, id))
    await inside((work) => handOver(work, held!))
    await send(id)
    expect((await stored(id)).status).toBe('queued')
    await send(id, later(3))
    expect(server.received).toEqual([])
    expect(await stored(id)).toMatchObject({
      status: 'failed',
      error:
        'In doubt: it was handed over, and may have arrived. The worker ended before the answer came. Ask the person before you send it again.',
    })
    // it was only slow: what it knows counts
    await inside((work) => finish(work, held!, { outcome: 'accepted', detail: '250 OK', providerId: null }))
    expect(await stored(id)).toMatchObject({ status: 'sent', error: null })
  })
})
