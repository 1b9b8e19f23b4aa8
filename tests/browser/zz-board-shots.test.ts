import { afterAll, afterEach, beforeAll, it } from 'vitest'
import { type BackOffice, PHONE, openBackOffice, barriers } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'
let office: BackOffice
let harbour: School
let manager: string
beforeAll(async () => {
  office = await openBackOffice()
  harbour = await school(office.database, { passwordHash: TEST_PASSWORD_HASH })
  manager = `manager@${harbour.slug}.example.test`
  await harbour.change('Student', harbour.studentId, { phone: '0491 570 006' })
  const now = Date.now()
  const hour = 3_600_000
  const base = Math.floor(now / hour) * hour
  const names = ['Ines Okafor', 'Ravi Sharma', 'Ana Silva', 'Tom Berger', 'Lucia Moretti']
  const learners = ['Nora Lind', 'Leo Rossi', 'Zoë Nguyễn', 'Ben Adeyemi', 'Chloe Martin', 'Yusuf Kaya', 'Ella Fraser']
  const ids: string[] = []
  for (const fullName of learners) ids.push((await harbour.add('Student', { fullName, phone: '0491 570 110' })).id)
  for (const [n, displayName] of names.entries()) {
    const id = n === 0 ? harbour.instructorId : (await harbour.add('Instructor', { displayName })).id
    if (n < 4)
      for (let dayOfWeek = 0; dayOfWeek <= 6; dayOfWeek++)
        await harbour.add('InstructorWorkingHours', { instructorId: id, dayOfWeek, startTime: '08:00', endTime: '19:00', breakStartTime: '12:00', breakEndTime: '12:30' })
    const plan: [number, string, object?][] = [
      [-3, 'completed'],
      [-1.75, n === 2 ? 'no_show' : n === 1 ? 'confirmed' : 'completed'],
      [-0.25, n === 0 || n === 3 ? 'in_progress' : 'confirmed'],
      [2, n === 1 ? 'pending_payment' : 'confirmed', n === 1 ? { holdExpiresAt: new Date(now + 12 * 60_000) } : {}],
      [4.5, n === 2 ? 'requested' : 'confirmed'],
      [26, 'confirmed'],
    ]
    if (n < 4)
      for (const [at, status, more = {}] of plan) {
        const row = await harbour.booking({ instructorId: id, studentId: ids[(n * 2 + plan.findIndex(([x]) => x === at)) % 7], startAt: new Date(base + (at + n / 4) * hour), status, statusChangedAt: new Date(), ...more }).catch((e) => console.log(e.message))
        if (row && (n + at) % 2 > 0.4) await harbour.payment({ bookingId: row.id })
      }
  }
  await harbour.add('InstructorCredential', { instructorId: harbour.instructorId, kind: 'medical', number: 'M-1', expiresOn: '2026-11-01' })
})
afterEach(() => office.endVisits())
afterAll(() => office.close())
const dir = '/tmp/board-shots'
for (const theme of ['light', 'dark'] as const)
  for (const [name, size] of [['desk', undefined], ['phone', PHONE]] as const)
    it(`${theme} ${name}`, { timeout: 120_000 }, async () => {
      const page = await office.visit({ as: manager, theme, ...(size ? { size } : {}) })
      const shot = async (what: string) => {
        await page.waitForLoadState('networkidle')
        await page.screenshot({ path: `${dir}/${theme}-${name}-${what}.png`, fullPage: false })
        console.log(theme, name, what, await barriers(page), await page.evaluate(() => document.documentElement.scrollWidth > innerWidth))
      }
      await page.getByRole('heading', { name: 'Ines Okafor' }).waitFor()
      await shot('1-today')
      await page.getByRole('main').evaluate((m) => m.scrollTo(0, 500))
      await shot('2-today-below')
      await page.goto('/admin/pages/find-slot')
      await page.getByRole('button', { name: /^Book / }).first().waitFor()
      await shot('3-slots')
      await page.getByRole('button', { name: /^Book / }).first().click()
      await page.getByLabel('Student').waitFor()
      await shot('4-book')
      await page.goto('/admin/pages/calendar')
      await page.getByRole('region', { name: 'Calendar' }).waitFor()
      await shot('5-calendar')
      await page.goto(`/admin/pages/calendar?instructor=${harbour.instructorId}`)
      await page.getByRole('region', { name: 'Calendar' }).waitFor()
      await shot('6-week')
      await page.goto('/admin/pages/review?queue=unclosed')
      await page.waitForLoadState('networkidle')
      await shot('7-review')
    })
