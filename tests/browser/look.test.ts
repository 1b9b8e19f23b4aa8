import { afterAll, afterEach, beforeAll, it } from 'vitest'
import { type BackOffice, DESK, PHONE, openBackOffice } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'

let office: BackOffice
let harbour: School
beforeAll(async () => {
  office = await openBackOffice()
  harbour = await school(office.database, { name: 'Harbour City Driving', passwordHash: TEST_PASSWORD_HASH })
  for (let day = 1; day <= 60; day++) {
    const start = Date.UTC(2025, 8, day, 22)
    const at = (minutes: number) => new Date(start + minutes * 60_000)
    await harbour.booking({ startAt: at(0), endAt: at(60), blockedUntil: at(75), status: day % 3 === 0 ? 'completed' : day % 7 === 0 ? 'no_show' : 'confirmed', locationId: day % 2 ? harbour.locationId : null, pickupAddress: '12 Wharf Road, Balmain NSW 2041' })
  }
  for (const name of ['Ελένη Παπαδοπούλου', 'محمد', '港湾 太郎', 'Aaliyah Brown', 'Zoë Ångström']) await harbour.add('Student', { fullName: name, email: 'x@example.test', phone: '0491 570 159', licenceType: 'learner', permitState: 'NSW' })
})
afterEach(() => office.endVisits())
afterAll(() => office.close())

it('shots', { timeout: 120_000 }, async () => {
  const shot = async (page: any, name: string, full = false) => { await page.waitForLoadState('networkidle'); await page.screenshot({ path: `/tmp/browser-shots/${name}.png`, fullPage: full }) }
  const manager = `manager@${harbour.slug}.example.test`
  const owner = `owner@${harbour.slug}.example.test`
  for (const [k, size] of [['desk', DESK], ['phone', PHONE]] as const) for (const theme of ['light', 'dark'] as const) {
    const n = (s: string) => `${k}-${theme}-${s}`
    let page = await office.visit({ size, theme })
    await shot(page, n('signin'))
    page = await office.visit({ as: manager, size, theme })
    await shot(page, n('start'), true)
    await page.goto('/admin/resources/Booking'); await shot(page, n('bookings'))
    await page.getByRole('button', { name: 'Filter' }).click(); await shot(page, n('filter'))
    await page.goto('/admin/resources/Student'); await shot(page, n('students'))
    await page.goto(`/admin/resources/Student/records/${harbour.studentId}/show`); await shot(page, n('show'), true)
    await page.goto(`/admin/resources/Student/records/${harbour.studentId}/edit`);
    await page.getByRole('textbox', { name: 'Full name' }).fill('')
    await page.getByRole('button', { name: 'Save' }).click()
    await shot(page, n('edit'), true)
    await page.goto('/admin/resources/Student/actions/new'); await shot(page, n('new'), true)
    if (theme === 'light') {
      const [b] = await harbour.run('select id from "Booking" limit 1')
      await page.goto(`/admin/resources/Booking/records/${b!.id}/show`); await shot(page, n('booking-show'), true)
      await page.goto(`/admin/resources/Booking/records/${b!.id}/edit`); await shot(page, n('booking-edit'), true)
      await page.goto('/admin/resources/Guardian/actions/new'); await shot(page, n('guardian-new'), true)
      await page.goto('/admin/resources/Incident'); await shot(page, n('empty'))
      page = await office.visit({ as: owner, size, theme })
      await page.goto('/admin/resources/Student'); await page.getByRole('checkbox').nth(1).check(); await page.getByRole('checkbox').nth(2).check(); await shot(page, n('bulk'))
      await page.goto(`/admin/resources/AuditLog`); await shot(page, n('audit'))
    }
    if (k === 'phone') { await page.goto('/admin/resources/Booking'); await page.getByRole('button', { name: 'Open the navigation' }).click(); await shot(page, n('menu')) }
  }
})
