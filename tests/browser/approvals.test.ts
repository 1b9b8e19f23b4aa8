import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { confirmed, recordAction } from '../support/actions.ts'
import { type BackOffice, PHONE, barriers, openBackOffice } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'
import { WAYS } from '../support/ways.ts'

let office: BackOffice
let harbour: School
const email = (role: string) => `${role}@${harbour.slug}.example.test`

beforeAll(async () => {
  office = await openBackOffice()
})
afterEach(() => office.endVisits())
afterAll(() => office.close())

/** The manager wants higher prices, which somebody else must agree to. */
async function ask(): Promise<string> {
  const manager = await office.server.signIn(email('manager'))
  return (await confirmed(manager, recordAction('RateCard', harbour.rateCardId, 'adjust-prices'), { percent: 5000 }))
    .run
}
const price = async () => (await harbour.run('SELECT "priceCents" FROM "RateCardItem"'))[0]!.priceCents

describe.each(WAYS)('what waits for somebody, $how,', ({ look, hands }) => {
  it('is told on every page, agreed to after a look at what it does, and told to who asked', async () => {
    harbour = await school(office.database, { name: 'Harbour 東京ドライブ', passwordHash: TEST_PASSWORD_HASH })
    await ask()
    const page = await office.visit({ as: email('finance'), path: '/admin/resources/Payment', ...look })
    await hands.press(page.getByRole('link', { name: '1 waits for your approval' }))
    const waiting = page.getByRole('region', { name: 'Waiting for you' })
    await waiting.getByRole('link', { name: 'Adjust prices: Standard' }).waitFor()
    await waiting.getByText(`Manager of ${harbour.slug} asked for it on`).waitFor()
    expect(await barriers(page)).toEqual([])

    await hands.press(waiting.getByRole('button', { name: 'Approve' }))
    const dialog = page.getByRole('dialog', { name: /^Approve/ })
    await dialog.getByText('Approve “Adjust prices: Standard”?').waitFor()
    await hands.press(dialog.getByRole('button', { name: 'Approve' }))
    await page.getByText('Nothing waits for you').waitFor()
    await page.getByRole('link', { name: /for your approval/ }).waitFor({ state: 'detached' })
    expect(await price()).toBe(12_750)

    const asker = await office.visit({ as: email('manager'), path: '/admin/pages/approvals', ...look })
    const asked = asker.getByRole('region', { name: 'You asked for' })
    await asked.getByText(`Finance of ${harbour.slug} has agreed, and it is done.`).waitFor()
    expect(await asker.getByText('Waiting for you').count()).toBe(0)
    expect(await barriers(asker)).toEqual([])
  })
})

it('whoever waits at the page reads the reason once it is rejected, without loading it again', async () => {
  harbour = await school(office.database, { name: 'River', passwordHash: TEST_PASSWORD_HASH })
  const run = await ask()
  const page = await office.visit({ as: email('manager'), path: '/healthz', size: PHONE, isNew: true })
  await page.clock.install()
  await page.goto('/admin/pages/approvals')
  await page.getByText('Waits until somebody else agrees: owner or finance.').waitFor()
  const owner = await office.server.signIn(email('owner'))
  await confirmed(owner, recordAction('ActionRun', run, 'reject'), { reason: 'Not before the holidays' })
  await page.clock.runFor(31_000)
  await page.getByText('has rejected it: Not before the holidays').waitFor()
})
