import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type BackOffice, type Page, PHONE, barriers, openBackOffice } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'

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

async function saveNotes(page: Page, notes: string): Promise<void> {
  const vehicle = page.getByRole('group', { name: 'Vehicle' })
  await vehicle.getByText(SENTENCE).waitFor()
  expect(await vehicle.innerText()).toContain('DRV01A')
  expect(await vehicle.locator('input, select, textarea, button').count()).toBe(0)
  expect(await page.getByText(SENTENCE).count()).toBe(4)
  expect(await barriers(page)).toEqual([])
  const field = page.getByRole('textbox', { name: 'Notes' })
  await field.fill(notes)
  await field.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByText('is saved.').waitFor()
  const [stored] = await harbour.run('SELECT notes FROM "Booking" WHERE id = $1', [bookingId])
  expect(stored!.notes).toBe(notes)
}

const path = () => `/admin/resources/Booking/records/${bookingId}/edit`

it('a manager reads why the vehicle of a cancelled lesson stays, and writes a note by keyboard', async () => {
  await saveNotes(await office.visit({ as: as('manager'), path: path() }), 'Ring first')
})

it('so does a manager on the phone, in the dark', async () => {
  const page = await office.visit({ as: as('manager'), path: path(), size: PHONE, theme: 'dark' })
  await saveNotes(page, 'Ring twice')
})

it('finance sees the end of a telephone number, and no way to filter by it', async () => {
  const { id } = await harbour.add('Student', { fullName: 'Nora Lind', phone: '0491 570 158' })
  const page = await office.visit({ as: as('finance'), path: `/admin/resources/Student/records/${id}/show` })
  await page.getByText('•••• 158').first().waitFor()
  expect(await page.content()).not.toContain('0491 570 158')
  const list = await office.visit({ as: as('finance'), path: '/admin/resources/Student' })
  await list.getByText('•••• 158').first().waitFor()
  await list.getByRole('button', { name: 'Filter' }).click()
  expect(await list.getByRole('dialog').getByLabel('Phone').count()).toBe(0)
})
