import { Secret, TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type BackOffice, barriers, openBackOffice, PHONE, signIn, soon } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD, TEST_PASSWORD_HASH } from '../support/server.ts'

let office: BackOffice
let harbour: School
beforeAll(async () => {
  office = await openBackOffice({ secondFactorRequired: true })
  harbour = await school(office.database, { name: 'Harbour', passwordHash: TEST_PASSWORD_HASH })
})
afterEach(() => office.endVisits())
afterAll(() => office.close())

const emailOf = (role: string) => `${role}@${harbour.slug}.example.test`

async function keyOn(page: Page): Promise<string> {
  await page.getByText('The phone cannot scan it').click()
  return (await page.locator('details code').innerText()).replaceAll(' ', '')
}
const codeOf = (key: string, steps = 0): string =>
  new TOTP({ secret: Secret.fromBase32(key) }).generate({ timestamp: Date.now() + steps * 30_000 })

async function enrol(page: Page): Promise<{ key: string; codes: string[] }> {
  await page.getByRole('heading', { name: 'Set up your second step' }).waitFor()
  const key = await keyOn(page)
  await page.getByLabel('Code', { exact: true }).fill(codeOf(key, -1))
  await page.getByRole('button', { name: 'Turn it on' }).click()
  await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor()
  return { key, codes: await page.locator('.codes code').allInnerTexts() }
}

it('an owner sets up the second step at the first sign-in, and signs in with it from then on', async () => {
  const page = await office.visit({ path: '/admin/login' })
  await signIn(page, emailOf('owner'))
  const { key, codes } = await enrol(page)
  expect(codes).toHaveLength(10)
  await page.getByRole('link', { name: 'I have kept them' }).click()
  await page.getByRole('navigation', { name: 'Areas' }).waitFor()

  const other = await office.visit({ path: '/admin/login', refusals: [401] })
  await signIn(other, emailOf('owner'))
  const code = other.getByLabel('Code of your authenticator app')
  expect(await code.evaluate((input) => document.activeElement === input)).toBe(true)
  await code.fill('000000')
  await other.keyboard.press('Enter')
  await soon(() => other.getByRole('alert').innerText()).toContain('That code is not right')
  await code.fill(codeOf(key))
  await other.keyboard.press('Enter')
  await other.getByRole('navigation', { name: 'Areas' }).waitFor()
})

it('somebody whose phone is lost signs in with a recovery code', async () => {
  const page = await office.visit({ path: '/admin/login' })
  await signIn(page, emailOf('finance'))
  const { codes } = await enrol(page)
  const other = await office.visit({ path: '/admin/login' })
  await signIn(other, emailOf('finance'))
  await other.getByLabel('Code of your authenticator app').fill(codes[3]!)
  await other.getByRole('button', { name: 'Go on' }).click()
  await other.getByRole('navigation', { name: 'Areas' }).waitFor()
})

it('a manager opens their profile from the panel and ends the session of another browser', async () => {
  const other = await office.visit({ as: emailOf('manager'), refusals: [401] })
  const page = await office.visit({ as: emailOf('manager') })
  await page.getByRole('button', { name: 'Account' }).click()
  await page.getByRole('menuitem', { name: 'Profile and sessions' }).click()
  await page.getByRole('heading', { name: 'Your sessions' }).waitFor()
  expect(await page.getByText('this one').count()).toBe(1)
  await page.getByRole('button', { name: /^End the session of/ }).click()
  await soon(() => page.getByRole('button', { name: /^End the session of/ }).count()).toBe(0)
  await other.goto('/admin')
  await other.getByRole('heading', { name: 'Sign in' }).waitFor()
})

it('keeps nobody out, on a phone either', async () => {
  const page = await office.visit({ path: '/admin/login', size: PHONE })
  await signIn(page, emailOf('compliance'))
  await page.getByRole('heading', { name: 'Set up your second step' }).waitFor()
  expect(await barriers(page)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false)
  await enrol(page)
  expect(await barriers(page)).toEqual([])
  await page.goto('/admin/profile')
  expect(await barriers(page)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false)
  await page.getByText('Make new recovery codes').click()
  await page.getByLabel('Your password').fill(TEST_PASSWORD)
  await page.getByRole('button', { name: 'Make new codes' }).click()
  await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor()
})
