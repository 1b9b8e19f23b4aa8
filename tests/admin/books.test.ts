import { createHash } from 'node:crypto'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Desk, openDesk } from '../support/actions.ts'
import type { Row, StaffRole } from '../support/database.ts'

let desk: Desk
let dispute: Row
let studentId: string
let lessonId: string

/** A Tuesday, nine in the morning in Sydney. */
const NINE = new Date('2026-02-02T22:00:00Z')
const later = (minutes: number) => new Date(NINE.getTime() + minutes * 60_000)

beforeAll(async () => {
  desk = await openDesk()
  const { harbour } = desk
  const { instructorId } = harbour
  studentId = harbour.studentId
  await harbour.change('Student', studentId, { fullName: '=HYPERLINK("x") <b>Mia</b>', dob: '2000-01-01' })
  const booking = await harbour.booking({ startAt: NINE, status: 'completed' })
  const payment = await harbour.payment({
    bookingId: booking.id,
    stripeChargeId: 'ch_pack',
    gstCents: 773,
    succeededAt: NINE,
  })
  await harbour.run(
    `INSERT INTO "LessonStateHistory" ("orgId", "bookingId", "toStatus", reason) VALUES ($1, $2, 'completed', '=1+1')`,
    [harbour.orgId, booking.id],
  )
  lessonId = (
    await harbour.add('Lesson', { bookingId: booking.id, instructorId, studentId, startedAt: NINE, endedAt: later(60) })
  ).id
  const trip = await harbour.add('Trip', { lessonId, startedAt: NINE, endedAt: later(60) })
  await harbour.run(
    `INSERT INTO "TripPoint" ("orgId", "tripId", ts, lat, lng, "speedKph")
       SELECT $1, $2, $3::timestamptz + n * interval '1 s', -33.8 + n / 10007.55, 151.1, 40 FROM generate_series(0, 599) n`,
    [harbour.orgId, trip.id, NINE],
  )
  const message = {
    toAddress: 'mia@example.test',
    recipientName: 'Mia',
    channel: 'email',
    templateKey: 'booking_confirmed',
  }
  await harbour.add('Message', {
    ...message,
    bookingId: booking.id,
    studentId,
    subject: 'Your lesson',
    body: 'See you on Tuesday. Pay here: https://admin.example/pay/secret-key',
  })
  await consent(true)
  dispute = await harbour.add('Dispute', {
    paymentId: payment.id,
    stripeDisputeId: 'dp_pack',
    status: 'needs_response',
    reason: 'fraudulent',
    amountCents: 8500,
    openedAt: NINE,
    evidenceDueBy: new Date(Date.now() + 30 * 36e5),
  })
})
afterAll(() => desk.close())

let consents = 0
/** The learner agrees to be tracked, or withdraws it. */
const consent = (granted: boolean) =>
  desk.harbour.add('Consent', {
    studentId,
    kind: 'gps_tracking',
    granted,
    documentVer: '1',
    method: 'signature',
    effectiveAt: later(consents++),
  })

const address = () => `/admin/api/panel/disputes/${dispute.id}/evidence-pack`
async function takes(role: StaffRole) {
  const response = await (await desk.as(role)).post(address())
  const bytes = new Uint8Array(await response.arrayBuffer())
  return { response, bytes, files: response.ok ? unzipSync(bytes) : {} }
}
const noted = () =>
  desk.harbour.run(`SELECT * FROM "AuditLog" WHERE action = 'dispute.takeEvidence' ORDER BY seq DESC`) as Promise<
    (Row & { after: { files: string[]; positions: number; sha256: string } })[]
  >

describe('the evidence pack of a dispute', () => {
  test('has the case on a page and in tables, with the trip; who took it is in the audit log', async () => {
    const { response, bytes, files } = await takes('finance')
    expect(response.headers.get('content-type')).toBe('application/zip')
    expect(Object.keys(files).toSorted()).toEqual([
      'booking-history.csv',
      'consents.csv',
      'messages.csv',
      'payment-and-refunds.csv',
      'summary.html',
      'trip-1.csv',
      'trip-1.svg',
    ])
    const text = (name: string) => strFromU8(files[name]!)
    expect(text('summary.html')).toContain('=HYPERLINK(&quot;x&quot;) &lt;b&gt;Mia')
    expect(text('summary.html')).toContain('Tue 3 Feb, 09:00')
    expect(text('summary.html')).not.toContain('<script')
    expect(text('booking-history.csv')).toContain("'=1+1")
    expect(text('payment-and-refunds.csv')).toContain('Payment by card,85.00,AUD,ch_pack')
    expect(text('messages.csv')).toContain('Pay here: [link]')
    expect(text('messages.csv')).not.toContain('secret-key')
    expect(text('trip-1.csv').trim().split('\n')).toHaveLength(601)
    expect(text('trip-1.svg')).toContain('<polyline')
    const [note] = await noted()
    expect(note).toMatchObject({ entityId: dispute.id, actorUserId: desk.harbour.people.finance })
    expect(note!.after).toMatchObject({ positions: 600, sha256: createHash('sha256').update(bytes).digest('hex') })
  })

  test('says nothing of where a learner was who has withdrawn their consent', async () => {
    await consent(false)
    const { files } = await takes('owner')
    expect(Object.keys(files).filter((name) => name.startsWith('trip'))).toEqual([])
    expect((await noted())[0]!.after.positions).toBe(0)
    await consent(true)
  })

  test('is for who answers banks, and for their own school', async () => {
    const before = (await noted()).length
    for (const role of ['admin', 'manager', 'compliance'] as const)
      expect((await takes(role)).response.status).toBe(403)
    const river = await desk.server.signIn(`owner@${desk.river.slug}.example.test`)
    expect((await river.post(address())).status).toBe(404)
    expect(await noted()).toHaveLength(before)
  })
})

test('disputes stand by the day until which they can be answered, and are counted on the first page', async () => {
  const { harbour } = desk
  const payment = await harbour.payment()
  const soon = { evidenceDueBy: new Date(Date.now() + 3_600_000 * 2.5), openedAt: new Date() }
  await harbour.add('Dispute', {
    paymentId: payment.id,
    stripeDisputeId: 'dp_soon',
    status: 'needs_response',
    reason: 'general',
    amountCents: 8500,
    ...soon,
  })
  const finance = await desk.as('finance')
  interface Listed {
    toAnswer: { hoursLeft: number; reason: string }[]
  }
  const { toAnswer } = await desk.get<Listed>(finance, '/admin/api/panel/money/disputes')
  expect(toAnswer.map(({ hoursLeft, reason }) => [hoursLeft, reason])).toEqual([
    [2, 'General'],
    [29, 'Fraudulent'],
  ])
  const today = await desk.get(finance, '/admin/api/panel/money/today')
  expect(today).toMatchObject({ disputes: 2, dueBy: soon.evidenceDueBy.toISOString(), exceptions: 0 })
  expect((await desk.get(await desk.as('manager'), '/admin/api/panel/money/today')).status).toBe(403)
})

describe('the statement for the tax office', () => {
  const gst = '/admin/api/panel/money/gst?quarter=2026-01'

  test('is a file whose boxes are at its end, and whose export is in the audit log', async () => {
    const { harbour } = desk
    const [payment] = await harbour.run('SELECT * FROM "Payment" WHERE "stripeChargeId" = $1', ['ch_pack'])
    await harbour.transaction(async (run) => {
      const [fact] = await run(
        `INSERT INTO "LedgerTransaction" ("orgId", kind, "refType", "refId", "idempotencyKey", "occurredAt")
         VALUES ($1, 'payment.succeeded', 'Payment', $2, 'pack', $3) RETURNING id`,
        [harbour.orgId, payment!.id, NINE],
      )
      for (const [account, cents] of [
        ['stripe_balance', 8325],
        ['processor_fees', 175],
        ['unearned_lessons', -8500],
      ])
        await run(
          `INSERT INTO "LedgerEntry" ("orgId", "transactionId", account, currency, "amountCents") VALUES ($1, $2, $3, 'AUD', $4)`,
          [harbour.orgId, fact!.id, account, cents],
        )
    })
    const owner = await desk.as('owner')
    expect(await desk.get(owner, gst)).toMatchObject({ registered: true, salesCents: 8500, gstOnSalesCents: 773 })
    const response = await owner.post('/admin/api/panel/money/gst/export?quarter=2026-01')
    expect(response.headers.get('content-disposition')).toContain('GST')
    const lines = (await response.text()).trim().split('\r\n')
    expect(lines[1]).toContain('Payment succeeded,Card,85.00,7.73,AUD,Payment')
    expect(lines.slice(-4).map((line) => line.split(',').slice(0, 6).join())).toEqual([
      'Jan–Mar 2026,G1,"Total sales, GST included",,85.00',
      'Jan–Mar 2026,1A,GST on sales,,,7.73',
      'Jan–Mar 2026,1B,GST on purchases: registered instructors,,,0.00',
      'Jan–Mar 2026,1A - 1B,GST to pay; below zero to come back,,,7.73',
    ])
    const [note] = await harbour.run(`SELECT after FROM "AuditLog" WHERE action = 'org.exportGst'`)
    expect(note!.after).toMatchObject({ quarter: '2026-01', G1: 8500, '1A': 773, rows: 1, complete: true })
  })

  test('is none for a school that is not registered, and it says so', async () => {
    const { river } = desk
    await river.run('UPDATE "Org" SET "gstRegistered" = false WHERE id = $1', [river.orgId])
    const owner = await desk.server.signIn(`owner@${river.slug}.example.test`)
    expect(await desk.get(owner, gst)).toMatchObject({ registered: false, parts: [] })
    const refused = await desk.post(owner, '/admin/api/panel/money/gst/export?quarter=2026-01')
    expect(refused).toMatchObject({ status: 409, message: expect.stringContaining('not registered for GST') })
    expect((await desk.get(owner, '/admin/api/panel/money/gst?quarter=2026-02')).status).toBe(400)
  })
})
