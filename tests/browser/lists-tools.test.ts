import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type BackOffice, PHONE, type Page, apiCalls, barriers, openBackOffice, soon } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'

let office: BackOffice
let harbour: School
let manager: string
let owner: string

beforeAll(async () => {
  office = await openBackOffice()
  harbour = await school(office.database, { name: 'Αυτοκίνηση Οδηγών', passwordHash: TEST_PASSWORD_HASH })
  ;[manager, owner] = ['manager', 'owner'].map((role) => `${role}@${harbour.slug}.example.test`) as [string, string]
  const { id: zoe } = await harbour.add('Student', { fullName: 'Zoë Álvarez', phone: '0491 570 110' })
  for (let day = 1; day <= 30; day++) {
    const startAt = new Date(Date.UTC(2025, 8, day, 22))
    const status = day % 3 === 0 ? 'completed' : day % 7 === 0 ? 'requested' : 'confirmed'
    const vehicleId = day <= 4 ? harbour.vehicleId : null
    await harbour.booking({ startAt, status, vehicleId, ...(day <= 6 ? { studentId: zoe } : {}) })
  }
})

afterEach(() => office.endVisits())

afterAll(() => office.close())

const sizes = [
  ['at a desk', undefined],
  ['on a telephone', PHONE],
] as const

const open = (size?: typeof PHONE, query = '', as = manager): Promise<Page> =>
  office.visit({ as, path: `/admin/resources/Booking${query}`, ...(size ? { size } : {}) })

const range = (page: Page, words: string) => page.getByRole('navigation', { name: 'Pages' }).getByText(words).waitFor()

const inAddress = (page: Page, name: string) => soon(() => new URL(page.url()).searchParams.get(name))

const tabs = (page: Page) => page.getByRole('navigation', { name: 'Parts of the list' })

describe.each(sizes)('a manager, %s,', (_where, size) => {
  it('opens a part of the list by its tab, which says how many it has', async () => {
    const page = await open(size)
    await tabs(page).getByRole('link', { name: 'To confirm 3' }).click()
    await range(page, '1–3 of 3')
    await inAddress(page, 'scope').toBe('to-confirm')
    expect(await tabs(page).locator('[aria-current]').textContent()).toMatch(/^To confirm/)
    await tabs(page).getByRole('link', { name: 'All' }).focus()
    await page.keyboard.press('Enter')
    await range(page, '1–25 of 30')
  })

  it('searches while typing, finds without accents, and comes back by the address', async () => {
    const page = await open(size)
    await page.getByRole('searchbox', { name: 'Search bookings' }).fill('alvarez zoe')
    await range(page, '1–6 of 6')
    await inAddress(page, 'q').toBe('alvarez zoe')
    await page.reload()
    await range(page, '1–6 of 6')
    expect(await page.getByRole('searchbox', { name: 'Search bookings' }).inputValue()).toBe('alvarez zoe')
    await page.getByRole('searchbox', { name: 'Search bookings' }).fill('')
    await range(page, '1–25 of 30')
    await page.getByRole('searchbox', { name: 'Search bookings' }).fill('nobody')
    await page.getByRole('heading', { name: 'No bookings match' }).waitFor()
    await page.getByRole('link', { name: 'Show the whole list' }).click()
    await range(page, '1–25 of 30')
    expect(await page.getByRole('searchbox', { name: 'Search bookings' }).inputValue()).toBe('')
  })

  it('filters by what is given and what is empty, with the keyboard', async () => {
    const page = await open(size)
    await page.getByRole('button', { name: 'Filter' }).press('Enter')
    const given = page.getByLabel('Vehicle given')
    await given.focus()
    await given.selectOption({ label: 'Yes' })
    await page.getByRole('button', { name: 'Apply' }).press('Enter')
    await range(page, '1–4 of 4')
    expect(await page.getByRole('list', { name: 'Filters in effect' }).innerText()).toMatch(/Vehicle: given/)
    await page.getByRole('link', { name: 'Remove the filter Vehicle' }).click()
    await range(page, '1–25 of 30')
  })

  it('chooses the columns, and this browser remembers them', async () => {
    const page = await open(size)
    await page.getByRole('row').nth(1).waitFor()
    await page.getByRole('button', { name: 'Choose the columns' }).press('Enter')
    await page.keyboard.press('End')
    await page.getByRole('menuitemcheckbox', { name: 'Instructor', exact: true }).focus()
    await page.keyboard.press('Space')
    await soon(() => page.getByRole('cell', { name: 'Ines Okafor' }).count()).toBe(0)
    expect(
      await page.getByRole('menuitemcheckbox', { name: 'Instructor', exact: true }).getAttribute('aria-checked'),
    ).toBe('false')
    await page.getByRole('menuitemcheckbox', { name: 'Ends', exact: true }).click()
    // the rows have come with it
    await soon(() => page.getByRole('row').nth(1).locator('time').count()).toBe(2)
    await page.locator('.list-screen[aria-busy=false]').waitFor()
    expect(await barriers(page)).toEqual([])
    await page.keyboard.press('Escape')
    await soon(() => focused(page)).toMatch(/Columns/)
    await page.reload()
    await page.getByRole('row').nth(1).waitFor()
    expect(await page.getByRole('cell', { name: 'Ines Okafor' }).count()).toBe(0)
    expect(await headings(page)).toContain('Ends')
    expect(await headings(page)).toContain('Student’s phone')
    await page.getByRole('button', { name: 'Choose the columns' }).click()
    await page.getByRole('menuitem', { name: 'The usual columns' }).click()
    await soon(() => headings(page)).not.toContain('Ends')
  })

  it('saves a view, opens it again, renames and deletes it', async () => {
    const name = size ? 'Telephone' : 'Desk'
    const page = await open(size, '?scope=completed&filters.startAt~~from=2025-09-10&sortBy=startAt&direction=asc')
    await page.getByRole('button', { name: 'Views' }).click()
    const panel = page.getByRole('dialog', { name: 'Views of bookings' })
    await panel.getByLabel('Name').fill(name)
    await panel.getByLabel('Name').press('Enter')
    await panel.getByRole('link', { name }).waitFor()
    expect(await barriers(page)).toEqual([])
    await page.keyboard.press('Escape')
    await tabs(page).getByRole('link', { name: 'All' }).click()
    await page.getByRole('button', { name: 'Views' }).click()
    await panel.getByRole('link', { name }).click()
    await inAddress(page, 'scope').toBe('completed')
    await inAddress(page, 'filters.startAt~~from').toBe('2025-09-10')
    await inAddress(page, 'direction').toBe('asc')
    await page.getByRole('button', { name: 'Views' }).press('Enter')
    await panel.getByRole('button', { name: `Rename ${name}` }).press('Enter')
    await panel.getByLabel(`New name of ${name}`).fill(`${name} 2`)
    await page.keyboard.press('Enter')
    await panel.getByRole('button', { name: `Delete ${name} 2` }).click()
    await page
      .getByRole('dialog', { name: `Delete the view “${name} 2”?` })
      .getByRole('button', { name: 'Delete' })
      .click()
    await panel.getByText('No views yet').waitFor()
  })

  it('has nothing in the way of assistive technology', async () => {
    const page = await open(size, '?scope=confirmed&filters.vehicle~~empty=no')
    await page.getByRole('row').nth(1).waitFor()
    expect(await barriers(page)).toEqual([])
    await page.getByRole('button', { name: 'Filter' }).click()
    expect(await barriers(page)).toEqual([])
  })
})

it('a view that is shared with a role is there for it, with who it is from', async () => {
  const page = await open(undefined, '?scope=to-confirm')
  await page.getByRole('button', { name: 'Views' }).click()
  const panel = page.getByRole('dialog', { name: 'Views of bookings' })
  await panel.getByLabel('Name').fill('To ring')
  await panel.getByLabel('Who sees it').selectOption({ label: 'Owner and I' })
  await panel.getByRole('button', { name: 'Save the list as it is now' }).click()
  await panel.getByText('Shared with owner').waitFor()
  const other = await open(undefined, '', owner)
  await other.getByRole('button', { name: 'Views' }).click()
  await other.getByRole('link', { name: /^To ring/ }).click()
  await range(other, '1–3 of 3')
})

it('a name that a person has used already is refused beside the field, and nothing typed is lost', async () => {
  const page = await office.visit({ as: manager, path: '/admin/resources/Student', refusals: [409] })
  await page.getByRole('button', { name: 'Views' }).click()
  const panel = page.getByRole('dialog', { name: 'Views of students' })
  for (const turn of [1, 2]) {
    await panel.getByLabel('Name').fill('Twice')
    await panel.getByRole('button', { name: 'Save the list as it is now' }).click()
    if (turn === 1) await panel.getByRole('link', { name: 'Twice' }).waitFor()
  }
  await panel.getByText('You have a view of that name. Choose another name.').waitFor()
  expect(await panel.getByLabel('Name').inputValue()).toBe('Twice')
})

it('a list of more than 10,000 says about how many there are, with two questions to the server', async () => {
  await harbour.run(
    `INSERT INTO "Guardian" ("orgId", "fullName") SELECT $1, 'Guardian ' || n FROM generate_series(1, 12345) n`,
    [harbour.orgId],
  )
  await office.database.console('superuser', 'ANALYZE "Guardian"')
  const page = await office.visit({ as: manager })
  const calls = apiCalls(page)
  await page.goto('/admin/resources/Guardian')
  await page
    .getByRole('navigation', { name: 'Pages' })
    .getByText(/of about 12,[0-9]00/)
    .waitFor()
  await page.getByRole('heading', { name: /Guardians about 12,/ }).waitFor()
  // what the frame around every page asks is not the list's
  const own = calls.filter((call) => call.includes('/Guardian'))
  expect(own).toEqual([expect.stringContaining('/actions/list'), expect.stringContaining('/list-counts/')])
})

const focused = (page: Page): Promise<string | null | undefined> =>
  page.evaluate(() => document.activeElement?.textContent)

const headings = async (page: Page): Promise<string[]> =>
  (await page.locator('thead th').allTextContents()).map((text) => text.trim())
