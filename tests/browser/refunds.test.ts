import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/core/db.ts'
import { recordPayment } from '../../src/domain/payments/record-payment.ts'
import { does } from '../domain/scheduling.ts'
import { type BackOffice, barriers, openBackOffice, soon } from '../support/browser.ts'
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

/** A lesson for A$220.00 that was paid in cash. */
async function paid(): Promise<string> {
  const price = { priceCents: 22_000, platformFeeCents: 3_300, instructorShareCents: 18_700 }
  const { id } = await harbour.booking(price)
  const db = await openDatabase(office.database.url)
  try {
    return (await does(db, harbour, (work) => recordPayment(work, id, 'cash'))).id
  } finally {
    await db.close()
  }
}
const refundNow = async () => (await harbour.run('SELECT status::text FROM "Refund"'))[0]?.status

describe.each(WAYS)('half a payment goes back, $how,', ({ look, hands }) => {
  it('after a look at what that does: asked for by finance, refused to finance, approved by the owner', async () => {
    harbour = await school(office.database, { name: 'Harbour 東京ドライブ', passwordHash: TEST_PASSWORD_HASH })
    const payment = await paid()
    const page = await office.visit({
      as: email('finance'),
      path: `/admin/resources/Payment/records/${payment}/refund`,
      ...look,
    })
    await hands.type(page.getByLabel(/^Amount/), '110.00')
    await hands.choose(page.getByLabel(/^Reason/), 'Goodwill')
    await hands.type(page.getByLabel('Explanation'), 'The brakes failed half-way')
    await page.getByText('A$110.00 of A$220.00 is to go back in cash').waitFor()
    await page.getByText('A$110.00 of the payment remains').waitFor()
    expect(await barriers(page)).toEqual([])
    await hands.press(page.getByRole('button', { name: 'Refund', exact: true }))
    await page.getByRole('heading', { name: 'Cash · A$110.00' }).waitFor()
    await soon(refundNow).toBe('pending_approval')

    // whoever asked is told why not
    const [refund] = await harbour.run('SELECT id FROM "Refund"')
    await page.goto(`/admin/resources/Refund/records/${refund!.id}/approve`)
    await page.getByText('You asked for this refund yourself, so somebody else must decide about it').first().waitFor()
    expect(await refundNow()).toBe('pending_approval')

    const owner = await office.visit({ as: email('owner'), path: '/admin/pages/approvals', ...look })
    const waiting = owner.getByRole('region', { name: 'Waiting for you' })
    await waiting.getByRole('link', { name: 'Refund of A$110.00: Mia Kowalski' }).waitFor()
    await hands.press(waiting.getByRole('button', { name: 'Approve' }))
    const dialog = owner.getByRole('dialog', { name: /^Approve/ })
    await dialog.getByText('The platform bears A$16.50 of it and Ines Okafor A$93.50').waitFor()
    expect(await barriers(owner)).toEqual([])
    await hands.press(dialog.getByRole('button', { name: 'Approve' }))
    await owner.getByText('Nothing waits for you').waitFor()
    expect(await refundNow()).toBe('pending')
  })
})
