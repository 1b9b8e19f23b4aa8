import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { recordPayment } from '../../src/domain/payments/record-payment.ts'
import tellPeople from '../../src/jobs/tell-people.ts'
import { does, hasPolicies } from '../domain/scheduling.ts'
import { type Answer, type Desk, confirmed, openDesk, preview, recordAction, send } from '../support/actions.ts'
import type { Row } from '../support/database.ts'
import type { StaffRole } from '../support/school.ts'

let desk: Desk
let db: Database

beforeAll(async () => {
  desk = await openDesk()
  db = await openDatabase(desk.test.url)
  await hasPolicies(desk.harbour)
})
afterAll(async () => {
  await db.close()
  await desk.close()
})

const WISH = { amountCents: '4250', reasonCode: 'goodwill', reason: 'The car was late' }
const on = (payment: Row, name = 'refund') => recordAction('Payment', payment.id, name)
const decide = (refund: Row, how: string) => recordAction('Refund', refund.id, how)
const refundsOf = (payment: Row): Promise<Row[]> =>
  desk.harbour.run('SELECT * FROM "Refund" WHERE "paymentId" = $1 ORDER BY "createdAt"', [payment.id])
const now = async (model: string, id: string): Promise<Row> =>
  (await desk.harbour.run(`SELECT * FROM "${model}" WHERE id = $1`, [id]))[0]!
const cardPayment = (values = {}) => desk.harbour.payment(values)
const large = (cents = 12_000) =>
  cardPayment({ amountCents: cents, platformFeeCents: cents * 0.15, instructorShareCents: cents * 0.85 })
const asks = async (role: StaffRole, payment: Row, more = {}): Promise<Answer> =>
  await confirmed(await desk.as(role), on(payment), { ...WISH, ...more })
/** A refund above the school's limit, asked for by somebody. */
async function waiting(role: StaffRole = 'manager'): Promise<Row> {
  const payment = await large()
  await asks(role, payment, { amountCents: '11000' })
  return (await refundsOf(payment))[0]!
}

describe('a manager refunds half a payment', () => {
  test('sees first where it goes, who bears it, what is taken back and what remains', async () => {
    const payment = await cardPayment()
    const shown = await preview(await desk.as('manager'), on(payment), WISH)
    expect((shown.preview as { outcome?: string }).outcome).toBe(
      'A$42.50 of A$85.00 goes back to the card. The platform bears A$6.38 of it and Ines Okafor A$36.12. ' +
        'Ines Okafor has not been paid for this lesson, so nothing is taken back. A$42.50 of the payment remains.',
    )
    expect(await refundsOf(payment)).toEqual([])
    const done = await asks('manager', payment)
    expect(done).toMatchObject({ state: 'done', open: { model: 'Refund' } })
    expect(await refundsOf(payment)).toMatchObject([
      {
        status: 'submitting',
        platformFeeCents: 638,
        instructorShareCents: 3612,
        requestedById: desk.harbour.people.manager,
      },
    ])
  })

  test('and the rest, from the lesson: without an amount it is all that is left', async () => {
    const payment = await cardPayment()
    await asks('manager', payment)
    const { amountCents: _, ...wish } = WISH
    const path = recordAction('Booking', payment.bookingId, 'refund')
    expect(await confirmed(await desk.as('finance'), path, wish)).toMatchObject({ state: 'done' })
    const refunds = await refundsOf(payment)
    expect(refunds.map(({ amountCents }) => amountCents)).toEqual([4250, 4250])
    expect(refunds.map(({ platformFeeCents }) => platformFeeCents)).toEqual([638, 637])
    expect((await asks('manager', payment, { amountCents: '1' })).message).toContain('refunded already, or waits to be')
  })

  test('presses twice: it is one refund', async () => {
    const payment = await cardPayment()
    const manager = await desk.as('manager')
    const { hash } = (await preview(manager, on(payment), WISH)).preview
    const form = { key: randomUUID(), hash, input: WISH }
    const answers = await Promise.all([send(manager, on(payment), form), send(manager, on(payment), form)])
    expect(answers.map(({ answer }) => answer.state)).toEqual(['done', 'done'])
    expect(await refundsOf(payment)).toHaveLength(1)
  })
})

test('twenty people refund 60 of 100 at once: one of them does, the others are told what is left', async () => {
  const payment = await large(10_000)
  const manager = await desk.as('manager')
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => confirmed(manager, on(payment), { ...WISH, amountCents: '6000' })),
  )
  expect(answers.filter(({ state }) => state === 'done')).toHaveLength(1)
  for (const answer of answers.filter(({ state }) => state !== 'done'))
    expect([...Object.values(answer.errors ?? {}), answer.message].join(' ')).toMatch(
      /A\$40\.00 is left|same moment|changed/,
    )
  expect(await refundsOf(payment)).toHaveLength(1)
})

describe('an amount', () => {
  test.each([
    ['letters', 'forty', 'without letters'],
    ['too many decimals', '42.505', 'at most two decimals'],
    ['another currency', 'NZD 10', 'without letters'],
    ['zero', '0', 'above zero'],
    ['below zero', '-4250', 'above zero'],
    ['more than was paid', '8501', 'A$85.01 is more than the A$85.00 that was paid'],
    ['more than a number holds', '99999999999999999999', ''],
  ])('of %s is refused in a sentence, and nothing moves', async (_, amountCents, sentence) => {
    const payment = await cardPayment()
    const answer = await asks('manager', payment, { amountCents })
    expect(answer.state).not.toBe('done')
    expect([...Object.values(answer.errors), answer.message].join(' ')).toContain(sentence)
    expect(await refundsOf(payment)).toEqual([])
  })

  test('of a payment in another currency is not guessed', async () => {
    const { id: bookingId } = await desk.harbour.booking({ currency: 'JPY' })
    const payment = await cardPayment({ bookingId, currency: 'JPY' })
    expect((await asks('manager', payment)).message).toContain('made in JPY, and amounts here are in AUD')
    expect(await refundsOf(payment)).toEqual([])
  })
})

test('what has not arrived, and what a bank is deciding about, is not refunded', async () => {
  const unpaid = await cardPayment({ status: 'processing', succeededAt: null })
  expect((await asks('manager', unpaid)).message).toContain('has not arrived')
  const disputed = await cardPayment()
  const dispute = { stripeDisputeId: 'dp_1', status: 'needs_response', reason: 'general', openedAt: new Date() }
  await desk.harbour.add('Dispute', { paymentId: disputed.id, amountCents: 8500, ...dispute })
  expect((await asks('manager', disputed)).message).toContain('bank is deciding')
  // the lesson can be called off all the same
  const cancel = recordAction('Booking', disputed.bookingId, 'cancel')
  const off = await confirmed(await desk.as('manager'), cancel, { cancelledAs: 'student', reason: 'Ill' })
  expect(off).toMatchObject({
    state: 'done',
    message: expect.stringContaining('Nothing goes back: The learner’s bank'),
  })
  expect([...(await refundsOf(unpaid)), ...(await refundsOf(disputed))]).toEqual([])
})

describe('above the school’s limit', () => {
  test('a refund waits, and somebody else approves it: never who asked', async () => {
    const payment = await large()
    const shown = await preview(await desk.as('finance'), on(payment), { ...WISH, amountCents: '10001' })
    expect((shown.preview as { outcome?: string }).outcome).toContain(
      'An owner or finance must approve it first, and not whoever asked for it: it is above A$100.00.',
    )
    await asks('finance', payment, { amountCents: '10001' })
    const [refund] = await refundsOf(payment)
    expect(refund).toMatchObject({ status: 'pending_approval', approvedById: null })
    const own = await confirmed(await desk.as('finance'), decide(refund!, 'approve'))
    expect(own.message).toContain('You asked for this refund yourself')
    for (const role of ['manager', 'admin', 'compliance'] as const)
      expect((await confirmed(await desk.as(role), decide(refund!, 'approve'))).state).not.toBe('done')
    expect((await now('Refund', refund!.id)).status).toBe('pending_approval')
    const done = await confirmed(await desk.as('owner'), decide(refund!, 'approve'))
    expect(done).toMatchObject({ state: 'done', message: expect.stringContaining('A$100.01 of A$120.00 goes back') })
    expect(await now('Refund', refund!.id)).toMatchObject({
      status: 'submitting',
      approvedById: desk.harbour.people.owner,
    })
    const again = await confirmed(await desk.as('owner'), decide(refund!, 'approve'))
    expect(again.message).toContain('Nobody waits for an approval')
  })

  test('two approvers at once are one approval, and one entry in the books', async () => {
    const refund = await waiting()
    const [owner, finance] = [await desk.as('owner'), await desk.as('finance')]
    const answers = await Promise.all([owner, finance].map((who) => confirmed(who, decide(refund, 'approve'))))
    expect(answers.filter(({ state }) => state === 'done')).toHaveLength(1)
    expect(await desk.harbour.run('SELECT id FROM "LedgerTransaction" WHERE "refId" = $1', [refund.id])).toHaveLength(1)
  })

  test('a rejected one says why, moves nothing, and can be asked for again', async () => {
    const refund = await waiting()
    const owner = await desk.as('owner')
    expect((await confirmed(owner, decide(refund, 'reject'), { reason: ' ' })).state).not.toBe('done')
    expect((await confirmed(owner, decide(refund, 'reject'), { reason: 'Agreed otherwise' })).state).toBe('done')
    expect(await now('Refund', refund.id)).toMatchObject({
      status: 'rejected',
      rejectedReason: 'Agreed otherwise',
      rejectedById: desk.harbour.people.owner,
    })
    expect(await desk.harbour.run('SELECT id FROM "LedgerTransaction" WHERE "refId" = $1', [refund.id])).toEqual([])
    const payment = await now('Payment', String(refund.paymentId))
    expect((await asks('manager', payment, { amountCents: '12000' })).state).toBe('done')
  })
})

test('a refund that failed waits under “Failed” until somebody has seen to it, with how', async () => {
  const payment = await cardPayment()
  await asks('manager', payment)
  const [{ id } = { id: '' }] = await refundsOf(payment)
  const finance = await desk.as('finance')
  const seeTo = recordAction('Refund', id, 'see-to')
  expect((await confirmed(finance, seeTo, { reason: 'Handed over in cash' })).message).toContain('has failed')
  await desk.harbour.change('Refund', id, { status: 'failed', note: 'The card has expired.' })
  const failed = async () =>
    await desk.get<{ records: { id: string }[] }>(finance, '/admin/api/resources/Refund/actions/list?scope=failed')
  expect((await failed()).records.map((one) => one.id)).toEqual([id])
  expect((await confirmed(finance, seeTo, { reason: 'Handed over in cash' })).state).toBe('done')
  expect(await now('Refund', id)).toMatchObject({ note: 'The card has expired. Seen to: Handed over in cash' })
  expect((await failed()).records).toEqual([])
  expect((await confirmed(finance, recordAction('Refund', id, 'retry'))).message).toContain('in another way')
})

test('of a lesson that was missed, a refund of what the policy keeps waits for a second person, however small', async () => {
  const payment = await cardPayment()
  await desk.harbour.change('Booking', payment.bookingId, { status: 'no_show' })
  await asks('manager', payment, { amountCents: '500' })
  expect(await refundsOf(payment)).toMatchObject([{ status: 'pending_approval', isOverride: true }])
})

describe('a lesson that was paid and is called off', () => {
  const cancel = async (payment: Row, input: object) =>
    await confirmed(await desk.as('manager'), recordAction('Booking', payment.bookingId, 'cancel'), {
      reason: 'Ill',
      ...input,
    })

  test('gives back by its policy in the same moment; the preview says so', async () => {
    const payment = await cardPayment()
    const input = { cancelledAs: 'student', reason: 'Ill' }
    const path = recordAction('Booking', payment.bookingId, 'cancel')
    const shown = await preview(await desk.as('manager'), path, input)
    expect((shown.preview as { outcome?: string }).outcome).toContain(
      'Its policy gives back 100 % at a notice of 24 hours or more. A$85.00 of A$85.00 goes back to the card.',
    )
    await cancel(payment, input)
    expect(await refundsOf(payment)).toMatchObject([
      {
        status: 'submitting',
        amountCents: 8500,
        reasonCode: 'policy',
        policySnapshot: { actor: 'student', hoursBeforeStart: 24, refundPercentage: 100, feeCents: 0 },
      },
    ])
  })

  test('by the instructor or the school gives back what they say; what was refunded before is not refunded again', async () => {
    const [byInstructor, bySchool] = [await cardPayment(), await cardPayment()]
    await cancel(byInstructor, { cancelledAs: 'instructor' })
    expect(await refundsOf(byInstructor)).toMatchObject([{ reasonCode: 'instructor_cancelled', amountCents: 8500 }])
    await asks('manager', bySchool, { amountCents: '2500' })
    const done = await cancel(bySchool, { cancelledAs: 'admin', refundPercentage: 50 })
    expect(done.message).toContain('The school gives back 50 %. A$30.00 of A$85.00 goes back')
    expect((await refundsOf(bySchool)).map(({ amountCents }) => amountCents)).toEqual([2500, 3000])
  })

  test('of a large price waits for its approval; nobody’s money gives nothing back', async () => {
    const payment = await large()
    await cancel(payment, { cancelledAs: 'student' })
    expect(await refundsOf(payment)).toMatchObject([{ status: 'pending_approval', amountCents: 12_000 }])
    const { id } = await desk.harbour.booking()
    const path = recordAction('Booking', id, 'cancel')
    const done = await confirmed(await desk.as('manager'), path, { cancelledAs: 'student', reason: 'Ill' })
    expect(done.message).toContain('Nobody has paid for it')
  })
})

describe('money that does not go back to a card', () => {
  const inCash = async (): Promise<Row> => {
    const { id } = await desk.harbour.booking()
    return await now('Payment', (await does(db, desk.harbour, (work) => recordPayment(work, id, 'cash'))).id)
  }

  test('cash is handed over by somebody, who says so: then it is in the books, and the learner is told', async () => {
    const payment = await inCash()
    expect((await asks('manager', payment)).message).toContain('goes back in cash: once you have given it back, record')
    const [refund] = await refundsOf(payment)
    expect(refund).toMatchObject({ status: 'pending' })
    const manager = await desk.as('manager')
    const path = decide(refund!, 'record-given-back')
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
    expect((await confirmed(manager, path, { givenBackAt: tomorrow })).state).not.toBe('done')
    expect(await confirmed(manager, path)).toMatchObject({ state: 'done' })
    expect(await now('Refund', refund!.id)).toMatchObject({
      status: 'succeeded',
      givenBackById: desk.harbour.people.manager,
    })
    expect(await now('Payment', payment.id)).toMatchObject({ status: 'partially_refunded', refundedCents: 4250 })
    expect((await confirmed(manager, path)).message).toContain('nothing to hand back')
    const [event] = await desk.harbour.run(
      `SELECT id, payload FROM "Outbox" WHERE topic = 'refund.succeeded' AND "aggregateId" = $1`,
      [refund!.id],
    )
    const happened = {
      id: event!.id,
      topic: 'refund.succeeded',
      of: 'Refund',
      recordId: refund!.id,
      version: 2,
    } as const
    const at = new Date()
    await does(db, desk.harbour, async (work) => {
      await tellPeople.run(work, { ...happened, at, payload: event!.payload as never })
      const told = await work.tx.message.findMany({ where: { relatedId: refund!.id }, select: { templateKey: true } })
      expect(told).toContainEqual({ templateKey: 'refund_issued' })
    })
  })

  test('credit is there at once, worth as many minutes as it paid for', async () => {
    const payment = await cardPayment()
    expect((await asks('manager', payment, { method: 'credit' })).message).toContain('goes back as credit for lessons')
    expect(await refundsOf(payment)).toMatchObject([{ status: 'succeeded', method: 'credit' }])
    const grants = await desk.harbour.run('SELECT * FROM "CreditGrant" WHERE "paymentId" = $1', [payment.id])
    expect(grants).toMatchObject([
      { source: 'refund', minutes: 30, minutesLeft: 30, valueCents: 4250, valueLeft: 4250 },
    ])
    expect(await now('Payment', payment.id)).toMatchObject({ status: 'partially_refunded' })
  })

  test('what was paid with credit goes back to that credit', async () => {
    const { harbour } = desk
    const value = { minutes: 600, minutesLeft: 540, valueCents: 80_000, valueLeft: 71_500 }
    const grant = await harbour.add('CreditGrant', { studentId: harbour.studentId, source: 'purchase', ...value })
    const payment = await cardPayment({ method: 'credit', stripePaymentIntentId: null })
    const used = { grantId: grant.id, bookingId: payment.bookingId, minutes: -60, valueCents: -8500, reason: 'Lesson' }
    await harbour.add('CreditEntry', used)
    for (const cents of ['2833', '2833', '2834']) await asks('manager', payment, { amountCents: cents })
    expect(await now('CreditGrant', grant.id)).toMatchObject({ minutesLeft: 600, valueLeft: 80_000 })
    expect(await now('Payment', payment.id)).toMatchObject({ status: 'refunded' })
  })

  test('of a package only what is unused goes back, and the credit is less', async () => {
    const { harbour } = desk
    const { id: bookingId, ...rest } = { id: null, purpose: 'package' }
    const payment = await cardPayment({ bookingId, ...rest })
    const value = { minutes: 60, minutesLeft: 30, valueCents: 8500, valueLeft: 4250, paymentId: payment.id }
    const grant = await harbour.add('CreditGrant', { studentId: harbour.studentId, source: 'purchase', ...value })
    expect((await asks('manager', payment, { amountCents: '4251' })).message).toContain('A$42.50 is unused')
    expect((await asks('manager', payment, { amountCents: '4250' })).state).toBe('done')
    expect(await now('CreditGrant', grant.id)).toMatchObject({ minutesLeft: 0, valueLeft: 0 })
  })
})

test('nobody without the right learns that a payment could be refunded', async () => {
  const payment = await cardPayment()
  expect((await asks('compliance', payment)).state).not.toBe('done')
  expect(await refundsOf(payment)).toEqual([])
  const theirs = await desk.river.payment()
  const answer = await send(await desk.as('owner'), on(theirs), { preview: true, key: randomUUID(), input: WISH })
  expect(answer.status).toBe(404)
})
