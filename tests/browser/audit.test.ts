import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Download } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { openDatabase } from '../../src/core/db.ts'
import { sealAudit } from '../../src/domain/audit/seal.ts'
import { verifyExport } from '../../src/services/audit-export-check.ts'
import { type BackOffice, barriers, openBackOffice, PHONE, soon } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'

let office: BackOffice
let harbour: School
let folder: string
beforeAll(async () => {
  office = await openBackOffice()
  harbour = await school(office.database, { name: 'Harbour', passwordHash: TEST_PASSWORD_HASH })
  const acting = (request: string) => ({
    user_id: harbour.people.manager,
    role: 'manager',
    actor_kind: 'user',
    request_id: request,
  })
  await harbour.change('Student', harbour.studentId, { phone: '0491 570 110' }, acting('req-one'))
  await harbour.change('Vehicle', harbour.vehicleId, { model: 'Yaris' }, acting('req-one'))
  await harbour.change('Student', harbour.studentId, { notes: 'Nervous at roundabouts' }, acting('req-two'))
  const db = await openDatabase(office.database.url)
  await sealAudit(db)
  await db.close()
  folder = mkdtempSync(join(tmpdir(), 'audit-browser-'))
})
afterEach(() => office.endVisits())
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await office.close()
})

const open = (options: object = {}) =>
  office.visit({ as: `compliance@${harbour.slug}.example.test`, path: '/admin', ...options })

it('compliance answers who changed a learner’s phone number, and sees all of that request', async () => {
  const page = await open()
  await page.getByRole('link', { name: 'Audit', exact: true }).click()
  await page.getByLabel('Kind of record').selectOption({ label: 'Student' })
  await page.getByLabel('Field that changed').selectOption({ label: 'Phone' })
  await page.getByLabel('What was done').selectOption({ label: 'Student changed' })
  const entries = page.getByRole('list', { name: 'Entries' }).locator('> li')
  await soon(() => entries.count()).toBe(1)
  const entry = await entries.innerText()
  for (const words of ['Student changed', 'Mia Kowalski', `Manager of ${harbour.slug}`, '0491 570 110', 'Entry '])
    expect(entry).toContain(words)
  await entries.getByRole('link', { name: 'Everything in this request' }).click()
  await page.getByRole('heading', { name: 'Everything in one request' }).waitFor()
  await soon(() => entries.count()).toBe(2)
  expect(await entries.nth(1).innerText()).toContain('Vehicle changed')
  await page.goBack()
  await soon(() => page.getByLabel('Field that changed').inputValue()).toBe('phone')
})

it('looks for a person, by the keyboard alone', async () => {
  const page = await open({ path: '/admin/pages/audit' })
  await page.getByRole('list', { name: 'Entries' }).waitFor()
  await page.getByLabel('Who').focus()
  await page.keyboard.type('Manager')
  await page.getByRole('option', { name: /Manager of/ }).waitFor()
  await page.keyboard.press('Enter')
  await soon(() => page.url()).toContain(`actor=${harbour.people.manager}`)
  const entries = page.getByRole('list', { name: 'Entries' }).locator('> li')
  await soon(async () => (await entries.allInnerTexts()).every((text) => text.includes('Manager of'))).toBe(true)
})

it('exports three files that prove each other', async () => {
  const page = await open({ path: '/admin/pages/audit?model=Student' })
  await page.getByRole('list', { name: 'Entries' }).waitFor()
  const files: Download[] = []
  page.on('download', (file) => files.push(file))
  await page.getByRole('button', { name: 'Export' }).click()
  await soon(() => files.length).toBe(3)
  for (const file of files) await file.saveAs(join(folder, file.suggestedFilename()))
  expect(await verifyExport(join(folder, 'manifest.json'))).toContain('entries of Harbour')
})

it('says when nothing is like what was asked, and keeps nobody out on a phone in the dark', async () => {
  const page = await open({ path: '/admin/pages/audit?request=never', size: PHONE, theme: 'dark', refusals: [404] })
  await page.getByText('does not know this request').waitFor()
  await page.goto('/admin/pages/audit?model=Refund')
  await page.getByText('Nothing like this is in the log').waitFor()
  await page.goto('/admin/pages/audit')
  await page.getByRole('list', { name: 'Entries' }).waitFor()
  expect(await barriers(page)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false)
})

it('is no page for a manager', async () => {
  const page = await open({
    as: `manager@${harbour.slug}.example.test`,
    path: '/admin/pages/audit',
    refusals: [403, 404],
  })
  await page
    .getByRole('heading', { name: 'Not found' })
    .or(page.getByRole('heading', { name: 'Page not found' }))
    .waitFor()
})
