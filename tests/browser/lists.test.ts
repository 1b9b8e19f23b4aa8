import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type BackOffice, type Page, apiCalls, openBackOffice, signIn, soon } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'

let office: BackOffice
let harbour: School
let manager: string

beforeAll(async () => {
  office = await openBackOffice()
  harbour = await school(office.database, { passwordHash: TEST_PASSWORD_HASH })
  manager = `manager@${harbour.slug}.example.test`
  // 60 mornings in Sydney: at 08:00 from 2 September 2025, at 09:00 once the clocks went forward on 5 October
  for (let day = 1; day <= 60; day++) {
    const startAt = new Date(Date.UTC(2025, 8, day, 22))
    await harbour.booking({ startAt, status: day % 3 === 0 ? 'completed' : 'confirmed' })
  }
})

afterEach(() => office.endVisits())

afterAll(() => office.close())

/** What the rows are opened by, from the top. */
const titles = (page: Page): Promise<string[]> => page.getByRole('rowheader').getByRole('link').allTextContents()

const bookings = (query = '') => ({ as: manager, path: `/admin/resources/Booking${query}` })

const NEWEST = 'Fri 31 Oct 2025, 09:00'
const OLDEST = 'Tue 2 Sep 2025, 08:00'

describe('a manager lists the bookings', () => {
  it('after signing in, through the areas at the side', async () => {
    const page = await office.visit({ path: '/admin' })
    await signIn(page, manager)
    const areas = page.getByRole('navigation', { name: 'Areas' })
    await areas.getByRole('button', { name: 'Scheduling' }).click()
    await areas.getByRole('link', { name: 'Bookings' }).click()
    await page.getByRole('heading', { name: 'Bookings' }).waitFor()
    await soon(() => titles(page)).toHaveLength(25)
    expect((await titles(page))[0]).toBe(NEWEST)
    expect(await page.title()).toBe('Bookings · Harbour City Driving')
    const first = page.getByRole('row').nth(1)
    expect(await first.innerText()).toMatch(/Mia Kowalski\s+Ines Okafor\s+One hour\s+Completed\s+A\$85\.00/)
  })

  it('with at most two questions to the server', async () => {
    const page = await office.visit({ as: manager, path: '/healthz' })
    const calls = apiCalls(page)
    await page.goto('/admin/resources/Booking')
    await page.getByRole('link', { name: NEWEST }).waitFor()
    await page.waitForLoadState('networkidle')
    expect(calls.length).toBeLessThanOrEqual(2)
    expect(calls.length).toBeGreaterThan(0)
  })
})

describe('a manager filters the bookings', () => {
  it('by days and status; the address keeps it, a reload keeps it, and back leads through it', async () => {
    const page = await office.visit(bookings())
    await page.getByRole('button', { name: 'Filter' }).click()
    const panel = page.getByRole('dialog', { name: 'Filter bookings' })
    const starts = panel.getByRole('group', { name: 'Starts' })
    await starts.getByLabel('From').fill('2025-10-03')
    await starts.getByLabel('To').fill('2025-10-09')
    await panel.getByRole('group', { name: 'Status', exact: true }).getByLabel('Completed').check()
    await panel.getByRole('button', { name: 'Apply' }).click()

    const found = ['Tue 7 Oct 2025, 09:00', 'Sat 4 Oct 2025, 08:00']
    await soon(() => titles(page)).toEqual(found)
    expect(new URL(page.url()).searchParams.get('filters.startAt~~from')).toBe('2025-10-03')
    expect(new URL(page.url()).searchParams.get('filters.status')).toBe('completed')
    const inEffect = page.getByRole('list', { name: 'Filters in effect' })
    expect(await inEffect.innerText()).toMatch(/Starts: Fri 3 Oct 2025 – Thu 9 Oct 2025\s+Status: Completed/)

    await page.reload()
    await soon(() => titles(page)).toEqual(found)

    await page.getByRole('link', { name: 'Remove the filter Status' }).click()
    await soon(() => titles(page)).toHaveLength(7)
    await page.goBack()
    await soon(() => titles(page)).toEqual(found)
    await page.goBack()
    await soon(() => titles(page)).toHaveLength(25)
  })

  it('by a student found by typing a part of the name, and the filter says who it is', async () => {
    const page = await office.visit(bookings())
    await page.getByRole('button', { name: 'Filter' }).click()
    await page.getByRole('combobox', { name: 'Student' }).fill('kow')
    await page.getByRole('option', { name: 'Mia Kowalski' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Apply' }).click()
    await page.getByText('Student: Mia Kowalski').waitFor()
    await page.reload()
    await page.getByText('Student: Mia Kowalski').waitFor()
  })

  it('and is told when nothing matches, with the way out', async () => {
    const page = await office.visit(bookings('?filters.status=draft'))
    await page.getByRole('heading', { name: 'No bookings match these filters' }).waitFor()
    await page.getByRole('link', { name: 'Clear the filters' }).click()
    await soon(() => titles(page)).toHaveLength(25)
  })

  it('and Escape leaves the list and its filters as they were', async () => {
    const page = await office.visit(bookings('?filters.status=completed'))
    await page.getByRole('button', { name: 'Filter' }).press('Enter')
    await page.getByRole('group', { name: 'Status', exact: true }).getByLabel('Confirmed').check()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await soon(() => page.evaluate(() => document.activeElement?.textContent)).toMatch(/Filter/)
    expect(new URL(page.url()).searchParams.get('filters.status')).toBe('completed')
  })
})

describe('a manager opens a booking', () => {
  it('by its link, with the mouse', async () => {
    const page = await office.visit(bookings())
    await page.getByRole('link', { name: 'Thu 30 Oct 2025, 09:00' }).click()
    await page.getByRole('heading', { name: 'Mia Kowalski · Thu 30 Oct 2025, 09:00' }).waitFor()
  })

  it('by pressing anywhere on its row', async () => {
    const page = await office.visit(bookings())
    await page.getByRole('cell', { name: 'A$85.00' }).nth(1).click()
    await page.getByRole('heading', { name: 'Mia Kowalski · Thu 30 Oct 2025, 09:00' }).waitFor()
  })

  it('with the keyboard alone, past the navigation', async () => {
    const page = await office.visit(bookings())
    await page.getByRole('link', { name: NEWEST }).waitFor()
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Skip to the content')
    await page.keyboard.press('Enter')
    await tabTo(page, NEWEST)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: `Mia Kowalski · ${NEWEST}` }).waitFor()
  })
})

describe('a manager sorts and pages', () => {
  it('with the mouse, to the last page and back, each booking once', async () => {
    const page = await office.visit(bookings())
    const seen = [await titlesOf(page, '1–25 of 60')]
    await page.getByRole('link', { name: 'Next page' }).click()
    seen.push(await titlesOf(page, '26–50 of 60'))
    await page.getByRole('link', { name: 'Page 3' }).click()
    seen.push(await titlesOf(page, '51–60 of 60'))
    expect(new Set(seen.flat()).size).toBe(60)
    expect(seen.flat().at(-1)).toBe(OLDEST)
    expect(await page.getByRole('link', { name: 'Next page' }).count()).toBe(0)
    await page.getByRole('link', { name: 'Previous page' }).click()
    expect(await titlesOf(page, '26–50 of 60')).toEqual(seen[1])
    await page.goBack()
    expect(await titlesOf(page, '51–60 of 60')).toEqual(seen[2])
  })

  it('with the keyboard alone: oldest first, then on and back', async () => {
    const page = await office.visit(bookings())
    await page.getByRole('link', { name: 'Starts' }).press('Enter')
    await soon(async () => (await titles(page))[0]).toBe(OLDEST)
    expect(await page.getByRole('columnheader', { name: 'Starts' }).getAttribute('aria-sort')).toBe('ascending')
    const first = await titlesOf(page, '1–25 of 60')
    await tabTo(page, 'Next page')
    await page.keyboard.press('Enter')
    const second = await titlesOf(page, '26–50 of 60')
    expect(first).not.toContain(second[0])
    await tabTo(page, 'Previous page', 'Shift+Tab')
    await page.keyboard.press('Enter')
    expect(await titlesOf(page, '1–25 of 60')).toEqual(first)
  })
})

async function titlesOf(page: Page, range: string): Promise<string[]> {
  await page.getByRole('navigation', { name: 'Pages' }).getByText(range).waitFor()
  return await titles(page)
}

const focused = (page: Page): Promise<string | null | undefined> =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent)

/** Presses Tab until what bears this name has the focus. */
async function tabTo(page: Page, name: string, key = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 200; presses++) {
    if ((await focused(page)) === name) return
    await page.keyboard.press(key)
  }
  throw new Error(`${key} never reaches ${name}`)
}
