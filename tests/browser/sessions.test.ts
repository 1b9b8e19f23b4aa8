import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type BackOffice, type Page, openBackOffice, signIn, soon } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'

let office: BackOffice
let harbour: School
let valley: School
let manager: string

beforeAll(async () => {
  office = await openBackOffice()
  harbour = await school(office.database, { name: 'Harbour City Driving', passwordHash: TEST_PASSWORD_HASH })
  valley = await school(office.database, { name: 'Valley Driving', timeZone: 'Australia/Perth' })
  await valley.add('Student', { fullName: 'Vera of the Valley' })
  await valley.add('UserOrg', { userId: harbour.people.manager, role: 'finance' })
  manager = `manager@${harbour.slug}.example.test`
})

afterEach(() => office.endVisits())

afterAll(() => office.close())

const students = '/admin/resources/Student'
const account = (page: Page) => page.getByRole('button', { name: /Account/ })
const phone = (page: Page) => page.getByRole('textbox', { name: 'Phone' })
const save = (page: Page) => page.getByRole('button', { name: 'Save' })

async function signOut(page: Page): Promise<void> {
  await account(page).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
}

async function openStudents(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name: 'People' }).click()
  await page.getByRole('navigation').getByRole('link', { name: 'Students', exact: true }).click()
}

describe('signing in', () => {
  it('leads to where the person was going', async () => {
    const page = await office.visit({ path: `${students}?q=mia` })
    await signIn(page, manager)
    await page.getByRole('link', { name: 'Mia Kowalski' }).waitFor()
    expect(new URL(page.url()).searchParams.get('q')).toBe('mia')
  })

  it('with a wrong password says so and keeps the address that was typed', async () => {
    const page = await office.visit({ path: '/admin/login', refusals: [401] })
    await signIn(page, manager, 'not my password at all')
    expect(await page.getByRole('alert').innerText()).toMatch(/password/)
    expect(await page.getByLabel('E-mail').inputValue()).toBe(manager)
    await soon(() => page.evaluate(() => document.activeElement?.id)).toBe('password')
  })
})

describe('signing out', () => {
  it('leaves nothing behind the back button', async () => {
    const page = await office.visit({ as: manager, path: students })
    await page.getByRole('link', { name: 'Mia Kowalski' }).waitFor()
    await signOut(page)
    await page.goBack()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await page.content()).not.toContain('Kowalski')
  })

  it('works with the keyboard alone', async () => {
    const page = await office.visit({ as: manager })
    const focused = () => soon(() => page.evaluate(() => document.activeElement?.textContent?.trim()))
    await account(page).press('Enter')
    await focused().not.toContain('Account')
    await page.keyboard.press('End')
    await focused().toBe('Sign out')
    await page.keyboard.press('Escape')
    await soon(() => account(page).evaluate((button) => button === document.activeElement)).toBe(true)
    await page.keyboard.press('Enter')
    await focused().not.toContain('Account')
    await page.keyboard.press('End')
    await focused().toBe('Sign out')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })
})

describe('a session that ends in the middle of a form', () => {
  it('is told in a sentence, keeps what was typed, and the work goes on after signing in beside it', async () => {
    const page = await office.visit({
      as: manager,
      path: `${students}/records/${harbour.studentId}/edit`,
      refusals: [401],
    })
    await phone(page).fill('0491 570 156')
    await office.database.console('superuser', `UPDATE auth.session SET expire = now() - interval '1 second'`)
    await save(page).click()
    const banner = page.getByRole('alert').filter({ hasText: 'What you typed is still here' })
    await banner.waitFor()
    expect(await phone(page).inputValue()).toBe('0491 570 156')

    const [tab] = await Promise.all([page.waitForEvent('popup'), banner.getByRole('link').click()])
    await signIn(tab, manager)
    await tab.getByRole('navigation', { name: 'Areas' }).waitFor()
    await tab.close()
    await save(page).click()
    await page.getByText('Mia Kowalski is saved.').waitFor()
    await page.getByText('0491 570 156').waitFor()
    await banner.waitFor({ state: 'detached' })
  })

  it('and a list that can no longer be read leads to the sign-in page', async () => {
    const page = await office.visit({ as: manager, refusals: [401] })
    await page.getByRole('heading', { name: /Good/ }).waitFor()
    await office.database.console('superuser', `UPDATE auth.session SET expire = now() - interval '1 second'`)
    await openStudents(page)
    await page.getByRole('heading', { name: 'You have been signed out' }).waitFor()
    await page.getByRole('link', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })
})

describe('a person in two schools', () => {
  it('switches, and then sees the other school: its rows, its time, their role there', async () => {
    const page = await office.visit({ as: manager, path: students })
    await page.getByRole('link', { name: 'Mia Kowalski' }).waitFor()
    expect(await page.content()).not.toContain('Vera')

    await page.getByRole('button', { name: /Switch school/ }).click()
    await page.getByRole('menuitem', { name: /Valley Driving/ }).click()
    await page.getByRole('button', { name: /Valley Driving/ }).waitFor()
    await page.getByText('in Perth').waitFor()
    await page.getByRole('main').getByRole('link', { name: 'Students', exact: true }).click()
    await page.getByRole('link', { name: 'Vera of the Valley' }).waitFor()
    // each school has a Mia Kowalski: one row of hers, not two
    expect(await page.getByRole('row').count()).toBe(3)
    expect(await page.getByRole('link', { name: 'New' }).count()).toBe(0)

    await page.goto(`${students}?q=vera`)
    await page.getByRole('link', { name: 'Vera of the Valley' }).waitFor()
    await page.getByRole('button', { name: /Switch school/ }).click()
    await page.getByRole('menuitem', { name: /Harbour City Driving/ }).click()
    await page.getByRole('heading', { name: /Good/ }).waitFor()
    await openStudents(page)
    await page.getByRole('link', { name: 'Mia Kowalski' }).waitFor()
    expect(await page.content()).not.toContain('Vera')
  })

  it('cannot save in one school a form that was opened in the other', async () => {
    const page = await office.visit({
      as: manager,
      path: `${students}/records/${harbour.studentId}/edit`,
      refusals: [403, 404],
    })
    await phone(page).fill('0491 570 199')
    const other = await page.context().newPage()
    await other.goto('/admin')
    await other.getByRole('button', { name: /Switch school/ }).click()
    await other.getByRole('menuitem', { name: /Valley Driving/ }).click()
    await other.getByRole('button', { name: /Valley Driving/ }).waitFor()
    await save(page).click()
    await page
      .getByRole('alert')
      .getByText(/no such record in your school|may not change/)
      .waitFor()
    expect(await phone(page).inputValue()).toBe('0491 570 199')
    const [row] = await harbour.run('SELECT phone FROM "Student" WHERE id = $1', [harbour.studentId])
    expect(row?.phone).not.toBe('0491 570 199')
  })
})
