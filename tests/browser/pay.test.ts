import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/core/db.ts'
import { requestPayment } from '../../src/domain/payments/request-payment.ts'
import { does } from '../domain/scheduling.ts'
import { barriers, type BackOffice, openBackOffice, PHONE } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'
import { openStripe, type TestStripe } from '../support/stripe.ts'

let office: BackOffice
let harbour: School
let at: TestStripe

beforeAll(async () => {
  office = await openBackOffice()
  harbour = await school(office.database, { name: 'Harbour City Driving', passwordHash: TEST_PASSWORD_HASH })
  at = await openStripe({ retries: 0 })
})
afterEach(() => office.endVisits())
afterAll(async () => {
  await at.close()
  await office.close()
})

const held = async () => {
  const holdExpiresAt = new Date(Date.now() + 1_800_000)
  return (await harbour.booking({ status: 'pending_payment', holdExpiresAt })).id
}

async function bill(): Promise<string> {
  const db = await openDatabase(office.database.url)
  try {
    const bookingId = await held()
    return `/pay/${(await does(db, harbour, (work) => requestPayment(work, bookingId))).payToken}`
  } finally {
    await db.close()
  }
}

describe('a learner with a telephone', () => {
  it('pays, in the dark and with the keyboard alone, and nothing stands in the way', async () => {
    const page = await office.visit({ path: await bill(), size: PHONE, theme: 'dark' })
    await page.getByRole('heading', { name: 'Pay A$85.00' }).waitFor()
    expect(await barriers(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('has arrived').waitFor()
    expect(await barriers(page)).toEqual([])
  })

  it('is told why a card was declined, and pays with another one', async () => {
    const page = await office.visit({ path: await bill(), size: PHONE })
    await page.getByLabel('A card without enough money').check()
    await page.getByRole('button', { name: 'Pay A$85.00' }).click()
    expect(await page.getByRole('alert').innerText()).toBe('Your card has insufficient funds.')
    await page.getByRole('button', { name: 'Pay A$85.00' }).click()
    await page.getByText('has arrived').waitFor()
  })
})

it('a manager asks for a payment, and gets the page for it', async () => {
  const path = `/admin/resources/Booking/records/${await held()}/show`
  const page = await office.visit({ as: `manager@${harbour.slug}.example.test`, path })
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Ask for card payment' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('+A$85.00').first().waitFor()
  await dialog.getByRole('button', { name: 'Ask for card payment' }).click()
  await page.getByRole('link', { name: 'Page to pay' }).click()
  await page.getByRole('heading', { name: 'Pay A$85.00' }).waitFor()
})
