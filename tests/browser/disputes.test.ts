import { readFileSync } from 'node:fs'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/core/db.ts'
import { answerDisputeAtStripe } from '../../src/stripe/answer-dispute.ts'
import { refreshDispute } from '../../src/stripe/refresh-dispute.ts'
import { type BackOffice, barriers, openBackOffice, PHONE, soon } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'
import { openStripe, type TestStripe, workerOf } from '../support/stripe.ts'
import { WAYS } from '../support/ways.ts'

let office: BackOffice
let harbour: School
let at: TestStripe
const email = (role: string) => `${role}@${harbour.slug}.example.test`

beforeAll(async () => {
  office = await openBackOffice()
  at = await openStripe({ retries: 0 })
})
afterEach(() => office.endVisits())
afterAll(async () => {
  await at.close()
  await office.close()
})

/** A learner's bank takes a payment back. @returns ids here and at Stripe */
async function disputed(): Promise<{ id: string; stripeId: string }> {
  const paid = await at.client.paymentIntents.create({
    amount: 8500,
    currency: 'aud',
    automatic_payment_methods: { enabled: true },
    confirm: true,
    payment_method: 'pm_card_bypassPending',
    return_url: 'http://x.test',
  })
  const ids = { stripePaymentIntentId: paid.id, stripeChargeId: String(paid.latest_charge) }
  const { id: paymentId } = await harbour.payment({ ...ids, processorFeeCents: 175 })
  const { id: stripeDisputeId } = await at.control<{ id: string }>('/_sim/dispute', { payment_intent: paid.id })
  const { id } = await atWork((ctx) => refreshDispute(ctx, { stripeDisputeId, paymentId }))
  return { id, stripeId: stripeDisputeId }
}

/** What the worker does. */
async function atWork<T>(fn: (ctx: ReturnType<typeof workerOf>) => Promise<T>): Promise<T> {
  const db = await openDatabase(office.database.url)
  try {
    return await fn(workerOf(db, harbour))
  } finally {
    await db.close()
  }
}

const TEXT = 'The learner took the whole lesson on Monday; the trip and the messages show it.'

describe.each(WAYS)('a dispute, $how,', ({ look, hands }) => {
  it('is seen on the first page with its day, its pack is taken, and the evidence goes to the bank', async () => {
    harbour = await school(office.database, { name: 'Harbour 東京ドライブ', passwordHash: TEST_PASSWORD_HASH })
    const { id, stripeId } = await disputed()
    const page = await office.visit({ as: email('finance'), path: '/admin', ...look })
    await hands.press(page.getByRole('link', { name: /1 Dispute to answer, until/ }))
    const waiting = page.getByRole('region', { name: 'To answer' })
    await waiting.getByRole('link', { name: 'A$85.00, Mia Kowalski' }).waitFor()
    await waiting.getByText('7 days left').waitFor()
    expect(await barriers(page)).toEqual([])

    const taken = page.waitForEvent('download')
    await hands.press(waiting.getByRole('button', { name: /Evidence pack/ }))
    const file = await taken
    expect(file.suggestedFilename()).toMatch(/^Dispute Mia Kowalski .*\.zip$/)
    const pack = unzipSync(readFileSync(await file.path()))
    expect(strFromU8(pack['summary.html']!)).toContain('Mia Kowalski')

    await hands.press(waiting.getByRole('button', { name: /Submit evidence/ }))
    const dialog = page.getByRole('dialog', { name: /^Submit evidence/ })
    await hands.type(dialog.getByLabel(/^What happened/), TEXT)
    await dialog.getByText('It can be sent once').waitFor()
    expect(await barriers(page)).toEqual([])
    await hands.press(dialog.getByRole('button', { name: 'Submit evidence' }))
    await page.getByText('Nothing to answer').waitFor()
    await page.getByText('Answer on its way').waitFor()

    await atWork((ctx) => answerDisputeAtStripe(ctx, id))
    expect((await at.client.disputes.retrieve(stripeId)).evidence.uncategorized_text).toBe(TEXT)
    await page.reload()
    await page.getByRole('region', { name: 'With the bank' }).getByText('Under review').waitFor()
  })
})

it('the books are compared, a gap is explained in the dark on a phone, and a quarter has its statement', async () => {
  harbour = await school(office.database, { name: 'Harbour', passwordHash: TEST_PASSWORD_HASH })
  await harbour.add('ReconciliationException', {
    kind: 'amount_differs',
    subject: 'ch_cent',
    day: '2026-11-20',
    description: 'Payment: at Stripe A$85.00, in the books A$84.99',
    stripeCents: 8500,
    ledgerCents: 8499,
    stripeFeeCents: 0,
    ledgerFeeCents: 0,
    differenceCents: 1,
  })
  const path = '/admin/pages/money?tab=reconciliation'
  const page = await office.visit({ as: email('finance'), path, size: PHONE, theme: 'dark' })
  await page.getByText('have not been compared yet').waitFor()
  expect(await barriers(page)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width)
  await page.getByRole('button', { name: /Mark as explained/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Why they differ').fill('A cent of rounding')
  await dialog.getByRole('button', { name: 'Mark as explained' }).click()
  await page.getByText('Nothing was compared yet').waitFor()
  const explained = () => harbour.run('SELECT status::text, explanation FROM "ReconciliationException"')
  await soon(explained).toEqual([{ status: 'explained', explanation: 'A cent of rounding' }])
  await page.getByRole('tab', { name: 'GST' }).click()
  await page.getByText('Nothing was received or paid in this quarter.').waitFor()
  expect(await barriers(page)).toEqual([])
})
