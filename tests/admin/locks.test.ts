import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Office, openOffice } from '../support/records.ts'
import type { Browser } from '../support/server.ts'

interface Form {
  record: { locked?: Record<string, string> }
  notice?: { type: string; message: string }
}

let office: Office
let owner: Browser

beforeAll(async () => {
  office = await openOffice()
  owner = await office.as('owner')
})
afterAll(() => office.close())

const form = (model: string, id: string) => office.get<Form>(owner, `/admin/api/resources/${model}/records/${id}/edit`)
const DAY_MS = 86_400_000
async function card(validFrom: Date | null): Promise<{ cardId: string; itemId: string }> {
  const { harbour } = office
  const { id: cardId } = await harbour.add('RateCard', { name: randomUUID(), validFrom })
  const { id: itemId } = await harbour.add('RateCardItem', {
    rateCardId: cardId,
    serviceId: harbour.serviceId,
    priceCents: 8500,
  })
  return { cardId, itemId }
}

const APPLIES = 'This price already applies and cannot change. Make a new rate card that begins later.'

it('a price that applies says so in its form, before anything is typed, and refuses with the same words', async () => {
  const { itemId } = await card(new Date(Date.now() - DAY_MS))
  const opened = await form('RateCardItem', itemId)
  expect(opened.record.locked).toEqual({ rateCard: APPLIES, service: APPLIES, priceCents: APPLIES })
  const saved = await office.edit<Form>(owner, 'RateCardItem', itemId, { priceCents: '1' })
  expect(saved.notice).toEqual({ type: 'error', message: APPLIES })
})

it('a price of next month is open until somebody books by it; so is the start of its card', async () => {
  const { cardId, itemId } = await card(new Date(Date.now() + 30 * DAY_MS))
  expect((await form('RateCardItem', itemId)).record.locked).toEqual({})
  const saved = await office.edit<Form>(owner, 'RateCardItem', itemId, { priceCents: '9000', 'was.priceCents': '8500' })
  expect(saved.notice!.type).toBe('success')
  expect((await form('RateCard', cardId)).record.locked).toEqual({})
  await office.harbour.booking({ rateCardId: cardId })
  expect((await form('RateCardItem', itemId)).record.locked).toMatchObject({ priceCents: APPLIES })
  expect((await form('RateCard', cardId)).record.locked).toMatchObject({
    validFrom: 'Somebody has booked at these prices. Make a new rate card that begins later.',
  })
})
