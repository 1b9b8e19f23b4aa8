import { readFileSync } from 'node:fs'
import { unzipSync } from 'fflate'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { type Working, work } from '../../src/core/jobs.ts'
import anonymisePerson from '../../src/jobs/anonymise-person.ts'
import { type BackOffice, PHONE, barriers, openBackOffice, soon } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'

let office: BackOffice
let harbour: School
let db: Database
let working: Working
beforeAll(async () => {
  office = await openBackOffice()
  harbour = await school(office.database, { name: 'Harbour', passwordHash: TEST_PASSWORD_HASH })
  await harbour.payment({
    bookingId: (await harbour.booking({ startAt: new Date('2024-03-04T00:00:00Z'), status: 'completed' })).id,
  })
  db = await openDatabase(office.database.url)
  working = await work(db, { jobs: [anonymisePerson], concurrency: 1, patienceMs: 5_000, onError: () => {} })
})
afterEach(() => office.endVisits())
afterAll(async () => {
  await working.stop()
  await db.close()
  await office.close()
})

const open = (role: string, path: string, options: object = {}) =>
  office.visit({ as: `${role}@${harbour.slug}.example.test`, path, ...options })

it('a learner gets what the school has about them, and is then anonymised by two people', async () => {
  const page = await open('compliance', '/admin')
  await page.getByRole('link', { name: 'Privacy', exact: true }).click()
  await page.getByLabel('Name').fill('Mia')
  await page.getByRole('option', { name: /Mia Kowalski/ }).click()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export personal data' }).click(),
  ])
  expect(file.suggestedFilename()).toMatch(/^Harbour personal data .*\.zip$/)
  const page1 = Buffer.from(unzipSync(readFileSync(await file.path()))['read-me-first.html']!).toString()
  expect(page1).toContain('What Harbour has about Mia Kowalski')

  await page.getByRole('link', { name: 'Anonymise…' }).click()
  await page.getByLabel('Reason').fill('Mia Kowalski asked')
  await page.getByText('Say why without naming the person').first().waitFor()
  await page.getByLabel('Reason').fill('Asked by letter of 3 November')
  await page.getByText('Stays: times, prices, states and amounts').waitFor()
  await page.getByRole('button', { name: 'Anonymise', exact: true }).click()
  await page.getByText('waits for the approval of somebody else').first().waitFor()

  const owner = await open('owner', '/admin/pages/approvals')
  const waiting = owner.getByRole('region', { name: 'Waiting for you' })
  await waiting.getByRole('button', { name: 'Approve' }).click()
  const dialog = owner.getByRole('dialog', { name: /^Approve/ })
  await dialog.getByText('Approve “Anonymise: Mia Kowalski”?').waitFor()
  await dialog.getByRole('button', { name: 'Approve' }).click()
  const name = async () =>
    (await harbour.run('SELECT "fullName" AS name FROM "Student" WHERE id = $1', [harbour.studentId]))[0]!.name
  await soon(name).toBe(`Anonymised ${harbour.studentId.slice(-6)}`)
  await owner.goto(`/admin/resources/Student/records/${harbour.studentId}/show`)
  await owner.getByRole('heading', { name: /Anonymised/ }).waitFor()
})

it('shows what was kept long enough, and keeps nobody out on a phone in the dark', async () => {
  const page = await open('compliance', '/admin/pages/privacy', { size: PHONE, theme: 'dark' })
  await page.getByText('GPS positions older than 90 days').waitFor()
  await page.getByLabel('First day').fill('2024-03-01')
  await page.getByLabel('Last day').fill('2024-03-31')
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export lessons' }).click(),
  ])
  expect(Object.keys(unzipSync(readFileSync(await file.path())))).toEqual(['lessons.csv', 'manifest.json'])
  expect(await barriers(page)).toEqual([])
})
