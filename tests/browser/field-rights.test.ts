import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type BackOffice, barriers, openBackOffice } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'
import { WAYS } from '../support/ways.ts'

let office: BackOffice
let harbour: School
let bookingId: string

beforeAll(async () => {
  office = await openBackOffice()
  harbour = await school(office.database, { name: '港湾驾校', passwordHash: TEST_PASSWORD_HASH })
  const cancelled = { status: 'cancelled', cancelledAt: new Date(), cancellationReason: 'ill' }
  bookingId = (await harbour.booking({ ...cancelled, vehicleId: harbour.vehicleId })).id
})

afterEach(() => office.endVisits())

afterAll(() => office.close())

const as = (role: string) => `${role}@${harbour.slug}.example.test`
const SENTENCE = 'This lesson is cancelled: only its notes can change.'

const edit = (model: string, id: string) => `/admin/resources/${model}/records/${id}/edit`

describe.each(WAYS)('$how', ({ look, hands }) => {
  it('a manager reads why the vehicle of a cancelled lesson stays, and writes a note', async () => {
    const page = await office.visit({ as: as('manager'), path: edit('Booking', bookingId), ...look })
    const vehicle = page.getByRole('group', { name: 'Vehicle' })
    await vehicle.getByText(SENTENCE).waitFor()
    expect(await vehicle.innerText()).toContain('DRV01A')
    expect(await vehicle.locator('input, select, textarea, button').count()).toBe(0)
    expect(await page.getByText(SENTENCE).count()).toBe(4)
    expect(await barriers(page)).toEqual([])
    await hands.type(page.getByRole('textbox', { name: 'Notes' }), `Ring, ${look.theme}`)
    await hands.press(page.getByRole('button', { name: 'Save' }))
    await page.getByText('is saved.').waitFor()
    const [stored] = await harbour.run('SELECT notes FROM "Booking" WHERE id = $1', [bookingId])
    expect(stored!.notes).toBe(`Ring, ${look.theme}`)
  })

  it('finance sees the end of a telephone number, no way to filter by it, and why it may not change it', async () => {
    const { id } = await harbour.add('Student', { fullName: 'Nora Lind', phone: '0491 570 158' })
    const path = '/admin/resources/Student?q=nora'
    const page = await office.visit({ as: as('finance'), path, refusals: [403], ...look })
    await page.getByText('•••• 158').first().waitFor()
    await hands.press(page.getByRole('button', { name: 'Filter' }))
    await page.getByRole('group', { name: 'Licence type' }).waitFor()
    expect(await page.getByRole('dialog').getByLabel('Phone').count()).toBe(0)
    await page.keyboard.press('Escape')
    await hands.press(page.getByRole('link', { name: 'Nora Lind' }).first())
    await page.getByRole('heading', { name: 'Nora Lind' }).waitFor()
    await page.getByText('•••• 158').first().waitFor()
    expect(await page.content()).not.toContain('0491 570 158')
    await page.goto(edit('Student', id))
    await page.getByText(/Your role \(finance\) may not change this/).waitFor()
  })
})
