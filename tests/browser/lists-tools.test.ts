import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type BackOffice, PHONE, type Page, apiCalls, barriers, openBackOffice, soon } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'
import { WAYS } from '../support/ways.ts'

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

const open = (look: object = {}, query = '', as = manager): Promise<Page> =>
  office.visit({ as, path: `/admin/resources/Booking${query}`, ...look })

const pages = (page: Page) => page.getByRole('navigation', { name: 'Pages' })
const range = (page: Page, words: string) => pages(page).getByText(words).waitFor()

const inAddress = (page: Page, name: string) => soon(() => new URL(page.url()).searchParams.get(name))

const tabs = (page: Page) => page.getByRole('navigation', { name: 'Parts of the list' })

describe.each(WAYS)('a manager, $how,', ({ look, hands }) => {
  it('opens a part of the list by its tab, which says how many it has', async () => {
    const page = await open(look)
    await hands.press(tabs(page).getByRole('link', { name: 'To confirm 3' }))
    await range(page, '1–3 of 3')
    await inAddress(page, 'scope').toBe('to-confirm')
    expect(await tabs(page).locator('[aria-current]').textContent()).toMatch(/^To confirm/)
    await hands.press(tabs(page).getByRole('link', { name: 'All' }))
    await range(page, '1–25 of 30')
  })

  it('searches while typing, finds without accents, and comes back by the address', async () => {
    const page = await open(look)
    const box = page.getByRole('searchbox', { name: 'Search bookings' })
    await hands.type(box, 'alvarez zoe')
    await range(page, '1–6 of 6')
    await inAddress(page, 'q').toBe('alvarez zoe')
    await page.reload()
    await range(page, '1–6 of 6')
    expect(await box.inputValue()).toBe('alvarez zoe')
    await box.fill('')
    await range(page, '1–25 of 30')
    await hands.type(box, 'nobody')
    await page.getByRole('heading', { name: 'No bookings match' }).waitFor()
    await hands.press(page.getByRole('link', { name: 'Show the whole list' }))
    await range(page, '1–25 of 30')
    expect(await box.inputValue()).toBe('')
  })

  it('filters by a range, by several values, by a record, and by what is empty', async () => {
    const page = await open(look)
    const panel = page.getByRole('dialog', { name: 'Filter bookings' })
    const filter = () => hands.press(page.getByRole('button', { name: /^Filter/ }))
    const apply = () => hands.press(panel.getByRole('button', { name: 'Apply' }))
    await filter()
    const starts = panel.getByRole('group', { name: 'Starts' })
    await hands.type(starts.getByLabel('From'), '2025-09-10')
    await hands.type(starts.getByLabel('To'), '2025-09-20')
    await apply()
    await range(page, '1–11 of 11')
    await filter()
    for (const status of ['Completed', 'Requested'])
      await hands.tick(panel.getByRole('group', { name: 'Status', exact: true }).getByLabel(status))
    await apply()
    await range(page, '1–5 of 5')
    const inEffect = page.getByRole('list', { name: 'Filters in effect' })
    expect(await inEffect.innerText()).toMatch(
      /Starts: Wed 10 Sep 2025 – Sat 20 Sep 2025\s+Status: Requested, Completed/,
    )
    await hands.press(page.getByRole('link', { name: 'Clear all' }))
    await range(page, '1–25 of 30')

    await filter()
    await hands.find(panel.getByRole('combobox', { name: 'Student' }), 'zo', 'Zoë Álvarez')
    await hands.choose(panel.getByLabel('Vehicle given'), 'Yes')
    await apply()
    await range(page, '1–4 of 4')
    expect(await inEffect.innerText()).toMatch(/Student: Zoë Álvarez\s+Vehicle: given/)
    await hands.press(page.getByRole('link', { name: 'Remove the filter Student' }))
    await page.getByText('Student: Zoë Álvarez').waitFor({ state: 'detached' })
    await hands.press(page.getByRole('link', { name: 'Remove the filter Vehicle' }))
    await range(page, '1–25 of 30')
  })

  it('filters by yes and no', async () => {
    const page = await office.visit({ as: manager, path: '/admin/resources/Instructor', ...look })
    await hands.press(page.getByRole('button', { name: 'Filter' }))
    await hands.choose(page.getByLabel('Active', { exact: true }), 'No')
    await hands.press(page.getByRole('button', { name: 'Apply' }))
    await page.getByRole('heading', { name: 'No instructors match these filters' }).waitFor()
    await hands.press(page.getByRole('link', { name: 'Clear the filters' }))
    await page.getByRole('link', { name: 'Ines Okafor' }).waitFor()
  })

  it('sorts, turns the pages and comes back, and each booking is seen once', async () => {
    const page = await open(look)
    const first = page.getByRole('rowheader').first()
    const titles = () => page.getByRole('rowheader').allInnerTexts()
    if (look.size === PHONE) await hands.choose(page.getByLabel('Sort by'), 'Starts ↑')
    else await hands.press(page.getByRole('link', { name: 'Starts' }))
    await first.getByText('Tue 2 Sep 2025').waitFor()
    const before = await titles()
    await hands.press(pages(page).getByRole('link', { name: 'Next page' }))
    await range(page, '26–30 of 30')
    expect(new Set([...before, ...(await titles())]).size).toBe(30)
    await hands.press(pages(page).getByRole('link', { name: 'Page 1' }))
    await range(page, '1–25 of 30')
    expect(await titles()).toEqual(before)
  })

  it('chooses the columns, and this browser remembers them', async () => {
    const page = await open(look)
    const column = (name: string) => page.getByRole('menuitemcheckbox', { name, exact: true })
    await page.getByRole('row').nth(1).waitFor()
    await hands.press(page.getByRole('button', { name: 'Choose the columns' }))
    await hands.press(column('Instructor'))
    await soon(() => page.getByRole('cell', { name: 'Ines Okafor' }).count()).toBe(0)
    expect(await column('Instructor').getAttribute('aria-checked')).toBe('false')
    await hands.press(column('Ends'))
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
    // what somebody chose is all there, also on a card
    await page
      .getByRole('row')
      .nth(1)
      .getByRole('cell')
      .filter({ has: page.locator('time') })
      .last()
      .waitFor()
    await hands.press(page.getByRole('button', { name: 'Choose the columns' }))
    await hands.press(page.getByRole('menuitem', { name: 'The usual columns' }))
    await soon(() => headings(page)).not.toContain('Ends')
  })

  it('saves a view, opens it again, renames and deletes it', async () => {
    const name = `View ${look.theme}`
    const page = await open(look, '?scope=completed&filters.startAt~~from=2025-09-10&sortBy=startAt&direction=asc')
    const views = page.getByRole('button', { name: 'Views' })
    await hands.press(views)
    const panel = page.getByRole('dialog', { name: 'Views of bookings' })
    await hands.type(panel.getByLabel('Name'), name)
    await panel.getByLabel('Name').press('Enter')
    await panel.getByRole('link', { name }).waitFor()
    expect(await barriers(page)).toEqual([])
    await page.keyboard.press('Escape')
    await hands.press(tabs(page).getByRole('link', { name: 'All' }))
    await range(page, '1–22 of 22')
    await hands.press(views)
    await hands.press(panel.getByRole('link', { name }))
    await inAddress(page, 'scope').toBe('completed')
    await inAddress(page, 'filters.startAt~~from').toBe('2025-09-10')
    await inAddress(page, 'direction').toBe('asc')
    await hands.press(views)
    await hands.press(panel.getByRole('button', { name: `Rename ${name}` }))
    await hands.type(panel.getByLabel(`New name of ${name}`), `${name} 2`)
    await page.keyboard.press('Enter')
    await hands.press(panel.getByRole('button', { name: `Delete ${name} 2` }))
    await hands.press(
      page.getByRole('dialog', { name: `Delete the view “${name} 2”?` }).getByRole('button', { name: 'Delete' }),
    )
    await panel.getByText('No views yet').waitFor()
  })

  it('shares a view with a role, which has it with who it is from', async () => {
    const name = `To ring ${look.theme}`
    const page = await open(look, '?scope=to-confirm')
    await hands.press(page.getByRole('button', { name: 'Views' }))
    const panel = page.getByRole('dialog', { name: 'Views of bookings' })
    await hands.type(panel.getByLabel('Name'), name)
    await hands.choose(panel.getByLabel('Who sees it'), 'Owner and I')
    await hands.press(panel.getByRole('button', { name: 'Save the list as it is now' }))
    await panel.getByText('Shared with owner').waitFor()
    const other = await open(look, '', owner)
    await hands.press(other.getByRole('button', { name: 'Views' }))
    await hands.press(other.getByRole('link', { name: new RegExp(`^${name}`) }))
    await range(other, '1–3 of 3')
    await page.getByRole('button', { name: `Delete ${name}` }).click()
    await page
      .getByRole('dialog', { name: /^Delete the view/ })
      .getByRole('button', { name: 'Delete' })
      .click()
    await panel.getByText('No views yet').waitFor()
  })

  it('has nothing in the way of assistive technology', async () => {
    const page = await open(look, '?scope=confirmed&filters.vehicle~~empty=no')
    await page.getByRole('row').nth(1).waitFor()
    expect(await barriers(page)).toEqual([])
    await hands.press(page.getByRole('button', { name: 'Filter' }))
    await page.getByRole('dialog').waitFor()
    expect(await barriers(page)).toEqual([])
  })
})

it('a card on a telephone has a few columns, and unfolds to the others', async () => {
  const page = await open({ size: PHONE })
  const card = page.getByRole('row').nth(1)
  const phone = card.getByRole('cell', { name: '0491 570 110' })
  await page.goto('/admin/resources/Booking?q=alvarez')
  await card.getByText('Ines Okafor').waitFor()
  expect(await phone.count()).toBe(0)
  await card.getByRole('button', { name: /^3 more of Zoë Álvarez/ }).tap()
  await phone.waitFor()
  expect(await barriers(page)).toEqual([])
  expect(await page.getByRole('row').nth(2).getByText('0491 570 110').isVisible()).toBe(false)
  await card.getByRole('button', { name: /^Less/ }).press('Enter')
  await phone.waitFor({ state: 'hidden' })
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
