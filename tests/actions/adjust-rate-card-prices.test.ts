import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Desk, confirmed, openDesk, preview, recordAction } from '../support/actions.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
  const { harbour } = desk
  const { id: serviceId } = await harbour.add('Service', { name: 'Two hours', durationMin: 120 })
  await harbour.add('RateCardItem', { rateCardId: harbour.rateCardId, serviceId, priceCents: 15999 })
})
afterAll(() => desk.close())

const path = () => recordAction('RateCard', desk.harbour.rateCardId, 'adjust-prices')
const prices = async () =>
  (await desk.harbour.run('SELECT "priceCents" AS p FROM "RateCardItem" ORDER BY "priceCents"')).map(({ p }) => p)

it('every price is shown before and after, with the sum, and half a cent goes up', async () => {
  const { preview: shown } = await preview(await desk.as('manager'), path(), { percent: 450 })
  expect(shown.question).toBe('Raise the prices of Standard by 4.5 %?')
  expect(shown.money).toEqual([{ label: 'Price', amount: '+A$11.03' }])
  const each = shown.changes.map(({ title, fields }) => `${title}: ${fields[0]!.before} → ${fields[0]!.after}`)
  expect(each.toSorted()).toEqual([
    'Standard · One hour: A$85.00 → A$88.83',
    'Standard · Two hours: A$159.99 → A$167.19',
  ])
  expect(await confirmed(await desk.as('manager'), path(), { percent: 450 })).toMatchObject({
    message: '2 prices of Standard are changed.',
  })
  expect(await prices()).toEqual([8883, 16719])
})

it('a booking keeps the price it was made at', async () => {
  const { id } = await desk.harbour.booking({ rateCardId: desk.harbour.rateCardId })
  await confirmed(await desk.as('owner'), path(), { percent: -1000 })
  expect((await desk.harbour.run('SELECT "priceCents" AS p FROM "Booking" WHERE id = $1', [id]))[0]!.p).toBe(8500)
})

it('nothing, too much and an empty rate card are refused in words', async () => {
  const owner = await desk.as('owner')
  expect((await preview(owner, path(), { percent: 0 })).errors.percent).toMatch(/^Zero changes nothing/)
  expect((await preview(owner, path(), { percent: -10_000 })).errors).toEqual({ percent: 'Change is at least -90 %.' })
  const { id } = await desk.harbour.add('RateCard', { name: 'Empty' })
  expect(await preview(owner, recordAction('RateCard', id, 'adjust-prices'), { percent: 100 })).toMatchObject({
    message: 'Empty has no prices yet.',
  })
  expect((await (await desk.as('finance'))(path())).status).toBe(404)
})
