import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type BackOffice, barriers, openBackOffice, PHONE, soon } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD, TEST_PASSWORD_HASH } from '../support/server.ts'

let office: BackOffice
let harbour: School
const operator = `odile-${randomUUID()}@platform.example.test`
beforeAll(async () => {
  office = await openBackOffice()
  harbour = await school(office.database, { name: 'Harbour', passwordHash: TEST_PASSWORD_HASH })
  await office.database.console(
    'superuser',
    `INSERT INTO "User" (email, "fullName", password, "platformRole") VALUES ($1, 'Odile Bram', $2, 'operator')`,
    [operator, TEST_PASSWORD_HASH],
  )
})
afterEach(() => office.endVisits())
afterAll(async () => await office.close())

const colleague = (role: string, options: object = {}) =>
  office.visit({ as: `${role}@${harbour.slug}.example.test`, path: '/admin', ...options })
const wide = () => document.documentElement.scrollWidth > innerWidth

it('an operator looks inside with a reason; compliance sees it on the page and ends it', async () => {
  const page = await office.visit({ path: '/admin/login', refusals: [403] })
  await page.getByLabel('E-mail').fill(operator)
  await page.getByLabel('Password').fill(TEST_PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByLabel('School', { exact: true }).selectOption({ label: 'Harbour' })
  await page.getByLabel('Why', { exact: true }).fill('Ticket 4711: reminders were sent twice')
  await page.getByRole('button', { name: 'Look inside' }).click()
  await page.getByText('You look into Harbour until').waitFor()

  const compliance = await colleague('compliance')
  const told = compliance.getByText('Odile Bram of the platform is inside until')
  await told.waitFor()
  expect(await told.innerText()).toContain('because: “Ticket 4711: reminders were sent twice”')
  await compliance.getByRole('button', { name: 'End it now' }).click()
  const dialog = compliance.getByRole('dialog')
  await dialog.getByRole('button', { name: 'End now' }).click()
  await soon(() => told.count()).toBe(0)

  await page.goto('/admin')
  await page.getByText('Your access to the school is over.').waitFor()
  expect(await barriers(page)).toEqual([])
})

it('compliance reviews who may do what, on a phone in the dark, and says so', async () => {
  const page = await colleague('compliance', { path: '/admin/pages/audit', size: PHONE, theme: 'dark' })
  await page.getByRole('link', { name: 'Access review' }).click()
  await page.getByRole('heading', { name: 'Who has which role today' }).waitFor()
  await page.getByLabel('What you found').fill('Two people have left')
  await page.getByRole('button', { name: 'I have reviewed it' }).click()
  const reviewed = page.getByRole('list', { name: 'Reviewed by' })
  await soon(() => reviewed.innerText()).toContain('Two people have left')
  expect(await reviewed.innerText()).toContain(`Reviewed by Compliance of ${harbour.slug}`)
  expect(await barriers(page)).toEqual([])
  expect(await page.evaluate(wide)).toBe(false)
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  expect((await download).suggestedFilename()).toMatch(/^Harbour access review \d{4}-\d\d\.csv$/)
})

it('an audit log that stops in the middle of reading can be read on', async () => {
  await harbour.transaction(async (run) => {
    for (let count = 0; count < 40; count++)
      await run(`UPDATE "Student" SET phone = $1 WHERE id = $2`, [`0491 570 ${100 + count}`, harbour.studentId])
  })
  const page = await colleague('compliance', { path: '/admin/pages/audit?action=student.update', refusals: [503] })
  const entries = page.getByRole('list', { name: 'Entries' }).locator('> li')
  await soon(() => entries.count()).toBe(30)
  await page.route('**/panel/audit?*cursor=*', (route) =>
    route.fulfill({ status: 503, contentType: 'application/json', body: '{"message":"The server is busy."}' }),
  )
  await page.getByRole('button', { name: 'Show earlier' }).click()
  await page.getByText('The server is busy.').waitFor()
  expect(await entries.count()).toBe(30)
  await page.unroute('**/panel/audit?*cursor=*')
  await page.getByRole('button', { name: 'Try again' }).click()
  await soon(() => entries.count()).toBe(40)
})
