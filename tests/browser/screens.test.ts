import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type BackOffice, DESK, PHONE, type Page, barriers, openBackOffice, soon } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'

let office: BackOffice
let harbour: School
let owner: string
let manager: string

beforeAll(async () => {
  office = await openBackOffice()
  harbour = await school(office.database, { passwordHash: TEST_PASSWORD_HASH })
  owner = `owner@${harbour.slug}.example.test`
  manager = `manager@${harbour.slug}.example.test`
  await harbour.add('Student', { fullName: 'Nora Lind', phone: '0491 570 110', permitState: 'NSW' })
  await harbour.change('Student', harbour.studentId, { email: 'mia.kowalski.of.harbour.city@example.test' })
  for (const status of ['confirmed', 'completed', 'no_show', 'draft']) await harbour.booking({ status })
})

afterEach(() => office.endVisits())

afterAll(() => office.close())

describe('a manager on the telephone', () => {
  it('lists, opens and edits', async () => {
    const page = await office.visit({ as: manager, size: PHONE })
    await page.getByRole('button', { name: 'Open the navigation' }).tap()
    const areas = page.getByRole('navigation', { name: 'Areas' })
    await areas.getByRole('button', { name: 'People' }).tap()
    await areas.getByRole('link', { name: 'Students', exact: true }).tap()
    await page.getByRole('link', { name: 'Nora Lind' }).tap()
    await page.getByRole('heading', { name: 'Nora Lind' }).waitFor()
    await page.getByRole('link', { name: 'Edit' }).tap()
    await page.getByRole('textbox', { name: 'Phone' }).fill('0491 570 157')
    await page.getByRole('button', { name: 'Save' }).tap()
    await page.getByText('Nora Lind is saved.').waitFor()
    await page.getByText('0491 570 157').waitFor()
  })

  it('opens and closes the navigation with the keyboard', async () => {
    const page = await office.visit({ as: manager, size: PHONE })
    const button = page.getByRole('button', { name: 'Open the navigation' })
    await button.press('Enter')
    await soon(() => page.evaluate(() => document.activeElement?.textContent)).toContain('Harbour City Driving')
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('Home')
    await page.keyboard.press('Escape')
    await page.getByRole('navigation', { name: 'Areas' }).waitFor({ state: 'hidden' })
    await soon(() => button.evaluate((one) => one === document.activeElement)).toBe(true)
  })

  it('closes the navigation by its cross, and meanwhile the page behind is out of reach', async () => {
    const page = await office.visit({ as: manager, size: PHONE })
    await page.getByRole('button', { name: 'Open the navigation' }).tap()
    const cross = page.getByRole('button', { name: 'Close the navigation' })
    await cross.waitFor()
    const behind = () => page.getByRole('main').evaluate((main) => main.closest('[inert]') !== null)
    expect(await behind()).toBe(true)
    await cross.tap()
    await page.getByRole('navigation', { name: 'Areas' }).waitFor({ state: 'hidden' })
    expect(await behind()).toBe(false)
    const button = page.getByRole('button', { name: 'Open the navigation' })
    await soon(() => button.evaluate((one) => one === document.activeElement)).toBe(true)
  })

  it('sorts and searches', async () => {
    const page = await office.visit({ as: manager, size: PHONE, path: '/admin/resources/Student' })
    await page.getByRole('link', { name: 'Nora Lind' }).waitFor()
    const titles = () =>
      page
        .getByRole('main')
        .getByRole('link', { name: /Mia|Nora/ })
        .allInnerTexts()
    expect(await titles()).toEqual(['Mia Kowalski', 'Nora Lind'])
    await page.getByLabel('Sort by').selectOption('fullName desc')
    await soon(titles).toEqual(['Nora Lind', 'Mia Kowalski'])
    await page.getByRole('searchbox', { name: 'Search students' }).fill('nora')
    await soon(titles).toEqual(['Nora Lind'])
  })
})

describe('a list with more columns than the window has room for', () => {
  it('moves inside its frame and leaves the page where it is', async () => {
    const tablet = { width: 820, height: 1180 }
    const page = await office.visit({ as: owner, size: tablet, path: '/admin/resources/Student' })
    await page.getByRole('link', { name: 'Nora Lind' }).waitFor()
    expect(await overflow(page)).toEqual([])
    const frame = page.getByRole('region', { name: 'Students' })
    expect(await frame.evaluate((one) => one.scrollWidth - one.clientWidth)).toBeGreaterThan(0)
  })
})

describe('the dark theme', () => {
  it('is remembered in the browser in which it was chosen', async () => {
    const page = await office.visit({ as: manager, path: '/admin/resources/Student' })
    expect(await lightness(page)).toBeGreaterThan(0.8)
    await page.getByRole('button', { name: 'Switch to the dark theme' }).click()
    await soon(() => lightness(page)).toBeLessThan(0.2)
    await page.reload()
    await page.getByRole('button', { name: 'Switch to the light theme' }).waitFor()
    expect(await lightness(page)).toBeLessThan(0.2)
    const tab = await page.context().newPage()
    await tab.goto('/admin')
    await tab.getByRole('button', { name: 'Switch to the light theme' }).waitFor()
    expect(await lightness(tab)).toBeLessThan(0.2)
  })
})

describe.each([
  ['a desk', DESK],
  ['a telephone', PHONE],
] as const)('on %s', (_where, size) => {
  it.each(['light', 'dark'] as const)(
    'nothing keeps anybody out and nothing sticks out sideways, in %s colours',
    { timeout: 60_000 },
    async (theme) => {
      const found: Record<string, string[]> = {}
      const look = async (page: Page, screen: string) => {
        found[screen] = [...(await barriers(page)), ...(await overflow(page))]
      }
      const stranger = await office.visit({ size, theme, path: '/admin/login' })
      await look(stranger, 'sign-in')

      const page = await office.visit({ as: owner, size, theme })
      const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
      await heading(/Good/)
      await look(page, 'start')
      await page.getByRole('main').getByRole('link', { name: 'Bookings' }).click()
      await page
        .getByRole('link', { name: /Jan 2031/ })
        .first()
        .waitFor()
      await look(page, 'list')
      await page.getByRole('button', { name: 'Filter' }).click()
      await page.getByText(/More filters/).click()
      await look(page, 'filter')
      await page.goto('/admin/resources/Student/actions/new')
      await heading(/New/)
      await look(page, 'new')
      await page.goto(`/admin/resources/Student/records/${harbour.studentId}/edit`)
      await page.getByRole('textbox', { name: 'Full name' }).fill('')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('Full name is needed.').waitFor()
      await look(page, 'edit with a mistake')
      await page.getByRole('link', { name: 'Cancel' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
      await heading('Mia Kowalski')
      await look(page, 'show')
      await page.getByRole('button', { name: 'More actions' }).click()
      await look(page, 'menu')
      await page.getByRole('menuitem', { name: 'Delete' }).click()
      await look(page, 'question')
      expect(found).toEqual(Object.fromEntries(Object.keys(found).map((screen) => [screen, []])))
    },
  )
})

/** Of the page's own background, 0 to 1. */
const lightness = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const colour = getComputedStyle(document.body).backgroundColor
    const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map(Number)
    return (red + green + blue) / 765
  })

/** A page that can be pushed sideways loses its reader. */
const overflow = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    window.scrollTo({ left: 1000, top: window.scrollY, behavior: 'instant' })
    const pushed = window.scrollX
    window.scrollTo({ left: 0, top: window.scrollY, behavior: 'instant' })
    return pushed > 0 ? [`${pushed} px wider than the window`] : []
  })
