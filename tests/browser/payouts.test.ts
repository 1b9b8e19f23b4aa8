import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { transferPayoutAtStripe } from '../../src/stripe/transfer-payout.ts'
import { type BackOffice, type Page, barriers, openBackOffice } from '../support/browser.ts'
import { earnedLesson } from '../support/payouts.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'
import { openStripe, type TestStripe, workerOf } from '../support/stripe.ts'
import { type Hands, WAYS } from '../support/ways.ts'

let office: BackOffice
let db: Database
let at: TestStripe

beforeAll(async () => {
  office = await openBackOffice()
  db = await openDatabase(office.database.url)
  at = await openStripe({ retries: 0 })
  // what lessons paid in cash are passed on from
  const { id } = await at.client.paymentIntents.create({
    amount: 100_000,
    currency: 'aud',
    automatic_payment_methods: { enabled: true },
  })
  await at.client.paymentIntents.confirm(id, { payment_method: 'pm_card_bypassPending', return_url: 'http://x.test' })
})
afterEach(() => office.endVisits())
afterAll(async () => {
  await at.close()
  await db.close()
  await office.close()
})

/** An instructor who can be paid, with a lesson of theirs that is to be paid. */
async function earner(harbour: School, displayName: string): Promise<string> {
  const { id: stripeAccountId } = await at.client.accounts.create({ type: 'express', country: 'AU' })
  await at.control('/_sim/account', { account: stripeAccountId })
  const ready = { displayName, stripeAccountId, stripeOnboardingStatus: 'complete' }
  const { id: instructorId } = await harbour.add('Instructor', ready)
  await earnedLesson(
    { ...harbour, instructorId },
    {},
    { method: 'cash', stripePaymentIntentId: null, stripeChargeId: null },
  )
  return stripeAccountId
}

/** The worker transfers what was approved. */
async function transferred(harbour: School): Promise<void> {
  const open = await harbour.run(`SELECT id FROM "Payout" WHERE status = 'batched'`)
  for (const { id } of open) await transferPayoutAtStripe(workerOf(db, harbour), id)
}

/** Presses a button of the record, or of its menu, and agrees to what it shows. */
async function act(page: Page, hands: Hands, [name, question]: readonly [string, string]): Promise<void> {
  const button = page.getByRole('button', { name, exact: true })
  await page.getByRole('heading', { level: 1 }).waitFor()
  if (await button.isVisible()) await hands.press(button)
  else {
    await hands.press(page.getByRole('button', { name: 'More actions' }))
    await hands.press(page.getByRole('menuitem', { name }))
  }
  const dialog = page.getByRole('dialog')
  await dialog.getByText(question).first().waitFor()
  await hands.press(dialog.getByRole('button', { name, exact: true }))
  await dialog.waitFor({ state: 'detached' })
}

describe.each(WAYS)('a week’s payouts, $how,', ({ look, hands }) => {
  it('are put into a batch by one person and approved by another; what failed is retried', async () => {
    const harbour = await school(office.database, { name: 'Harbour', passwordHash: TEST_PASSWORD_HASH })
    const email = (role: string) => `${role}@${harbour.slug}.example.test`
    await earner(harbour, 'Ada Brandt')
    const account = await earner(harbour, 'Ben Adler')

    const page = await office.visit({
      as: email('finance'),
      path: '/admin/resources/PayoutBatch/actions/build',
      ...look,
    })
    await page.getByText('Ben Adler: one payout, A$72.25.').first().waitFor()
    expect(await barriers(page)).toEqual([])
    await hands.press(page.getByRole('button', { name: 'Build a batch' }))
    await page.getByRole('heading', { name: 'Payout batch 1' }).waitFor()
    await act(page, hands, ['Submit for approval', 'Submit Payout batch 1 for the approval'])
    await page.getByText('Submitted', { exact: true }).first().waitFor()

    // whoever built it is told why they cannot approve it
    const record = new URL(page.url()).pathname
    await page.goto(record.replace('/show', '/approve'))
    await page.getByText('You built this batch yourself, so somebody else must approve it: four eyes.').waitFor()

    const owner = await office.visit({ as: email('owner'), path: record, ...look })
    await act(owner, hands, ['Approve', 'Approve Payout batch 1, and transfer it'])
    await owner.getByText('Approved', { exact: true }).first().waitFor()
    await at.control('/_sim/account', { account, enabled: false })
    await transferred(harbour)
    await owner.reload()
    await owner.getByText('Stripe does not pay to this instructor at the moment').first().waitFor()
    expect(await barriers(owner)).toEqual([])

    await at.control('/_sim/account', { account, enabled: true })
    await act(owner, hands, ['Retry failed transfers', 'Try the failed transfers'])
    await transferred(harbour)
    await owner.reload()
    await owner.getByText('Paid', { exact: true }).first().waitFor()
    const paid = await harbour.run(`SELECT status::text FROM "Payout"`)
    expect(paid.map(({ status }) => status)).toEqual(['paid', 'paid'])

    await owner.goto('/admin/pages/money?tab=instructors')
    await owner
      .getByRole('row', { name: /Ben Adler/ })
      .getByText('A$72.25')
      .waitFor()
    await hands.press(owner.getByRole('link', { name: 'Statement of Ben Adler' }))
    await owner.getByText('Closing balance').waitFor()
    expect(await barriers(owner)).toEqual([])
  })
})
