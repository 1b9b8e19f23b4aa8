import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  type BackOffice,
  DESK,
  PHONE,
  type Page,
  apiCalls,
  barriers,
  openBackOffice,
  soon,
} from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'
import { WAYS } from '../support/ways.ts'

let office: BackOffice
let harbour: School
let manager: string
let kyiv: School
let kyivManager: string

beforeAll(async () => {
  office = await openBackOffice()
  harbour = await school(office.database, { passwordHash: TEST_PASSWORD_HASH })
  manager = `manager@${harbour.slug}.example.test`
  await harbour.add('Student', { fullName: 'Zoë Nguyễn', phone: '0491 570 110', email: 'zoe@example.test' })
  for (let number = 1; number <= 7; number++) await harbour.add('Student', { fullName: `Learner Lee ${number}` })
  await harbour.payment({ bookingId: (await harbour.booking()).id })
  kyiv = await school(office.database, { name: 'Автошкола «Берег»', passwordHash: TEST_PASSWORD_HASH })
  kyivManager = `manager@${kyiv.slug}.example.test`
  await kyiv.add('Student', { fullName: 'Мария Петровић', phone: '0491 570 158' })
})

afterEach(() => office.endVisits())

afterAll(() => office.close())

const field = (page: Page) => page.getByRole('combobox', { name: 'Search people, bookings and payments' })
const box = (page: Page) => page.getByRole('button', { name: 'Search', exact: true })
const dialog = (page: Page) => page.getByRole('dialog', { name: 'Search' })
const options = (page: Page): Promise<string[]> => page.getByRole('option').allInnerTexts()
const chosen = (page: Page): Promise<string[]> => page.getByRole('option', { selected: true }).allInnerTexts()

async function search(page: Page, text: string): Promise<void> {
  await box(page).click()
  await field(page).fill(text)
  await page.getByRole('option').first().waitFor()
}

describe('a manager at the desk', () => {
  it('finds a learner with the mouse and opens the record', async () => {
    const page = await office.visit({ as: manager })
    await search(page, 'nguyen zoe')
    expect(await options(page)).toEqual(['Zoë Nguyễn\n0491 570 110 · zoe@example.test'])
    await page.getByRole('option').click()
    await page.getByRole('heading', { name: 'Zoë Nguyễn' }).waitFor()
    await dialog(page).waitFor({ state: 'detached' })
  })

  it('finds with the keyboard: Ctrl-K, arrows through all groups, Enter', async () => {
    const page = await office.visit({ as: manager, path: '/admin/resources/Student' })
    // what has been loaded listens to keys
    await page.getByRole('link', { name: 'Mia Kowalski' }).waitFor()
    await page.keyboard.press('Control+k')
    await soon(() => field(page).evaluate((one) => one === document.activeElement)).toBe(true)
    await page.keyboard.type('kowalski')
    await soon(() => dialog(page).getByRole('group').count()).toBe(4)
    const groups = await dialog(page)
      .getByRole('group')
      .evaluateAll((all) => all.map((one) => one.firstElementChild?.textContent))
    expect(groups).toEqual(['Students', 'Guardians', 'Bookings', 'Payments'])
    await soon(() => chosen(page)).toEqual(['Mia Kowalski\nmia@example.test'])
    await page.keyboard.press('ArrowUp')
    await soon(() => chosen(page)).toEqual([expect.stringMatching(/^Mia Kowalski · A\$85\.00/)])
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await soon(() => chosen(page)).toEqual(['Tom Kowalski\n0491 570 157'])
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Tom Kowalski' }).waitFor()
    await soon(() => page.getByRole('main').evaluate((one) => one === document.activeElement)).toBe(true)
  })

  it('opens it with ⌘K too, and Escape leaves everything as it was', async () => {
    const page = await office.visit({ as: manager, path: '/admin/resources/Student' })
    const link = page.getByRole('link', { name: 'Zoë Nguyễn' })
    await link.focus()
    await page.keyboard.press('Meta+k')
    await field(page).fill('zoe')
    await page.getByRole('option').waitFor()
    await page.keyboard.press('Escape')
    await dialog(page).waitFor({ state: 'detached' })
    await soon(() => link.evaluate((one) => one === document.activeElement)).toBe(true)
    expect(new URL(page.url()).pathname).toBe('/admin/resources/Student')
    await box(page).click()
    expect(await field(page).inputValue()).toBe('')
    await page.mouse.click(20, 880)
    await dialog(page).waitFor({ state: 'detached' })
    await soon(() => box(page).evaluate((one) => one === document.activeElement)).toBe(true)
  })

  it('finds a booking by the end of its id and a person by telephone', async () => {
    const page = await office.visit({ as: manager })
    const { id } = await harbour.booking()
    await search(page, `#${id.slice(-6)}`)
    expect((await options(page))[0]).toMatch(/^Mia Kowalski · .+\n?Confirmed$/)
    await field(page).fill('+61 491 570 110')
    await soon(() => options(page)).toEqual(['Zoë Nguyễn\n0491 570 110 · zoe@example.test'])
  })

  it('goes on to the list when there are more than five', async () => {
    const page = await office.visit({ as: manager })
    await search(page, 'lee')
    expect(await options(page)).toHaveLength(6)
    await page.getByRole('option', { name: 'All students with “lee”' }).click()
    await page.getByRole('heading', { name: 'Students' }).waitFor()
    await soon(() => page.getByRole('rowheader').count()).toBe(7)
  })

  it('asks nothing before two characters, and once for a word typed at a stretch', async () => {
    const page = await office.visit({ as: manager })
    const calls = apiCalls(page)
    // the page behind it asks for what it shows
    const searches = () => calls.filter((call) => call.includes('/find'))
    await box(page).click()
    await field(page).pressSequentially('z')
    await page.getByText('Type at least two characters').waitFor()
    expect(searches()).toEqual([])
    await field(page).pressSequentially('oe')
    await page.getByRole('option').waitFor()
    expect(searches()).toEqual(['GET /admin/api/panel/find?q=zoe'])
  })

  it('sees the answer to what was typed last, however late an older one comes', async () => {
    const page = await office.visit({ as: manager })
    let release = (): void => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    await page.route('**/panel/find?q=lee', async (route) => {
      await held
      await route.continue().catch(() => {})
    })
    await box(page).click()
    const older = page.waitForRequest('**/panel/find?q=lee')
    await field(page).fill('lee')
    await older
    await field(page).fill('zoe')
    await soon(() => options(page)).toHaveLength(1)
    release()
    await page.unrouteAll({ behavior: 'wait' })
    expect(await options(page)).toEqual(['Zoë Nguyễn\n0491 570 110 · zoe@example.test'])
  })

  it('is told when nothing is found', async () => {
    const page = await office.visit({ as: manager })
    await box(page).click()
    await field(page).fill('nobody of this name')
    await page.getByText('Nothing found for “nobody of this name”.').waitFor()
    await page.keyboard.press('Enter')
    expect(await dialog(page).isVisible()).toBe(true)
  })

  it('is told when the search failed, and tries again', async () => {
    const page = await office.visit({ as: manager, refusals: [500] })
    await page.route('**/panel/find?*', (route) => route.fulfill({ status: 500, json: {} }), { times: 1 })
    await box(page).click()
    await field(page).fill('zoe')
    await page.getByRole('alert').getByText('Something went wrong. Try again.').waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('option', { name: 'Zoë Nguyễn' }).waitFor()
  })

  it('is asked before what is typed in a form is lost', async () => {
    const page = await office.visit({ as: manager, path: `/admin/resources/Student/records/${harbour.studentId}/edit` })
    await page.getByRole('textbox', { name: 'Full name' }).fill('Mia K.')
    await search(page, 'zoe')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Keep editing' }).click()
    await page.keyboard.press('Escape')
    expect(await page.getByRole('textbox', { name: 'Full name' }).inputValue()).toBe('Mia K.')
  })
})

describe.each(WAYS)('a manager of a school with a name in another script, $how,', ({ look, hands }) => {
  it('finds a person', async () => {
    const page = await office.visit({ as: kyivManager, ...look })
    await hands.press(box(page))
    await hands.find(field(page), 'петровић', 'Мария Петровић')
    await page.getByRole('heading', { name: 'Мария Петровић' }).waitFor()
  })
})

describe('a manager on the telephone', () => {
  it('closes it by its cross', async () => {
    const page = await office.visit({ as: kyivManager, size: PHONE })
    await box(page).tap()
    await page.getByRole('button', { name: 'Close the search' }).tap()
    await dialog(page).waitFor({ state: 'detached' })
    await soon(() => box(page).evaluate((one) => one === document.activeElement)).toBe(true)
  })
})

describe('whoever looks, on whatever screen', () => {
  for (const size of [DESK, PHONE])
    for (const theme of ['light', 'dark'] as const)
      it(`${size.width} px, ${theme}: nothing is in the way and nothing sticks out`, async () => {
        const page = await office.visit({ as: manager, size, theme })
        await search(page, 'kowalski')
        const width = () => page.evaluate(() => document.documentElement.scrollWidth)
        expect(await barriers(page)).toEqual([])
        expect(await width()).toBeLessThanOrEqual(size.width)
        await field(page).fill('nobody')
        await page.getByText('Nothing found').first().waitFor()
        expect(await barriers(page)).toEqual([])
        await page.keyboard.press('Escape')
        expect(await barriers(page)).toEqual([])
      })
})
