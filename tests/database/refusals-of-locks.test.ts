import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cloneDatabase, school, type School, type TestDatabase } from '../support/database.ts'

// As refusals.test.ts: every wrong write is tried as the app's own login.

let db: TestDatabase
let harbour: School

beforeAll(async () => {
  db = await cloneDatabase()
  harbour = await school(db)
})
afterAll(() => db.drop())

const refusal = (constraint: string) => ({ code: '23514', constraint })
const DAY_MS = 86_400_000

async function card(validFrom: Date | null): Promise<{ cardId: string; itemId: string }> {
  const { id: cardId } = await harbour.add('RateCard', { name: randomUUID(), validFrom })
  const price = { rateCardId: cardId, serviceId: harbour.serviceId, priceCents: 8500 }
  return { cardId, itemId: (await harbour.add('RateCardItem', price)).id }
}

test('a price that applies cannot change, one of next month can', async () => {
  const now = await card(new Date(Date.now() - DAY_MS))
  const later = await card(new Date(Date.now() + DAY_MS))
  const rule = refusal('rate_card_item_in_use')
  await expect(harbour.change('RateCardItem', now.itemId, { priceCents: 1 })).rejects.toMatchObject(rule)
  await expect(harbour.change('RateCardItem', now.itemId, { rateCardId: later.cardId })).rejects.toMatchObject(rule)
  expect(await harbour.change('RateCardItem', later.itemId, { priceCents: 9000 })).toMatchObject({ priceCents: 9000 })
})

test('a price that somebody booked by cannot change, whenever its rate card begins', async () => {
  const { cardId, itemId } = await card(null)
  expect(await harbour.change('RateCardItem', itemId, { priceCents: 9000 })).toMatchObject({ priceCents: 9000 })
  await harbour.booking({ rateCardId: cardId })
  await expect(harbour.change('RateCardItem', itemId, { priceCents: 1 })).rejects.toMatchObject(
    refusal('rate_card_item_in_use'),
  )
})

test('a rate card that applies keeps its start and its currency, but may end and be renamed', async () => {
  const { cardId } = await card(new Date(Date.now() - DAY_MS))
  for (const change of [{ validFrom: new Date(Date.now() + DAY_MS) }, { validFrom: null }, { currency: 'NZD' }])
    await expect(harbour.change('RateCard', cardId, change)).rejects.toMatchObject(refusal('rate_card_in_use'))
  const ended = { validTo: new Date(Date.now() + DAY_MS), name: 'Until tomorrow' }
  expect(await harbour.change('RateCard', cardId, ended)).toMatchObject({ name: 'Until tomorrow' })
})

test('what was granted as credit stays, and only what is left of it goes down', async () => {
  const grant = { studentId: harbour.studentId, source: 'goodwill', minutes: 60, valueCents: 8500 }
  const { id } = await harbour.add('CreditGrant', { ...grant, minutesLeft: 60, valueLeft: 8500 })
  for (const change of [{ valueCents: 9000 }, { minutes: 120 }, { source: 'refund' }])
    await expect(harbour.change('CreditGrant', id, change)).rejects.toMatchObject(refusal('credit_grant_frozen'))
  expect(await harbour.change('CreditGrant', id, { minutesLeft: 30, valueLeft: 4250 })).toMatchObject({
    minutesLeft: 30,
  })
})

test('a dispute keeps what it is about, and its amount from the day it is decided', async () => {
  const { id: paymentId } = await harbour.payment()
  const about = { paymentId, stripeDisputeId: `dp_test_${randomUUID()}`, amountCents: 8500, reason: 'fraudulent' }
  const { id } = await harbour.add('Dispute', { ...about, status: 'needs_response', openedAt: new Date() })
  const rule = refusal('dispute_frozen')
  await expect(harbour.change('Dispute', id, { currency: 'NZD' })).rejects.toMatchObject(rule)
  await expect(harbour.change('Dispute', id, { paymentId: (await harbour.payment()).id })).rejects.toMatchObject(rule)
  expect(await harbour.change('Dispute', id, { amountCents: 4000 })).toMatchObject({ amountCents: 4000 })
  await harbour.change('Dispute', id, { status: 'lost', closedAt: new Date() })
  await expect(harbour.change('Dispute', id, { amountCents: 1 })).rejects.toMatchObject(rule)
  await expect(harbour.change('Dispute', id, { feeCents: 1 })).rejects.toMatchObject(rule)
})

test('a reversal of a transfer cannot be changed, only its progress', async () => {
  const booking = await harbour.booking()
  const { id: paymentId } = await harbour.payment({ bookingId: booking.id })
  const payout = {
    instructorId: harbour.instructorId,
    bookingId: booking.id,
    amountCents: 7225,
    availableAt: new Date(),
  }
  const { id: payoutId } = await harbour.add('Payout', { ...payout, kind: 'lesson', status: 'pending' })
  const about = { paymentId, stripeDisputeId: `dp_test_${randomUUID()}`, amountCents: 8500, reason: 'fraudulent' }
  const { id: disputeId } = await harbour.add('Dispute', { ...about, status: 'lost', openedAt: new Date() })
  const reversal = { payoutId, disputeId, amountCents: 7225, idempotencyKey: randomUUID() }
  const { id } = await harbour.add('TransferReversal', reversal)
  await expect(harbour.change('TransferReversal', id, { amountCents: 1 })).rejects.toMatchObject(
    refusal('reversal_frozen'),
  )
  const failed = { status: 'failed', failureCode: 'balance' }
  expect(await harbour.change('TransferReversal', id, failed)).toMatchObject({ status: 'failed' })
})
