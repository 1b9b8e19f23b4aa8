import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type BackOffice, type Page, openBackOffice } from '../support/browser.ts'
import { bytesOf, isScript, loadsOf } from '../support/loads.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'

let office: BackOffice
let harbour: School
let owner: string

beforeAll(async () => {
  office = await openBackOffice()
  harbour = await school(office.database, { passwordHash: TEST_PASSWORD_HASH })
  owner = `owner@${harbour.slug}.example.test`
  await harbour.booking()
})

afterEach(() => office.endVisits())

afterAll(() => office.close())

const LIST = '/admin/resources/Booking'
/** A page that loads nothing: with it the browser's cache is still empty. */
const NOTHING_LOADED = '/healthz'

const shown = async (page: Page): Promise<void> => {
  await page.getByRole('main').getByRole('heading').first().waitFor()
  await page.waitForLoadState('networkidle')
}

it('the first load takes at most 900 KB, later ones no byte of a script', async () => {
  const page = await office.visit({ as: owner, path: NOTHING_LOADED, isNew: true })
  const loads = await loadsOf(page)
  await page.goto(LIST)
  await shown(page)
  expect(bytesOf(loads)).toBeLessThan(900_000)
  expect(loads.filter(isScript)).toHaveLength(5)

  const record = `${LIST}/records/${(await harbour.booking()).id}/show`
  for (const path of [LIST, record, '/admin/resources/Student/actions/new', '/admin']) {
    loads.length = 0
    await page.goto(path)
    await shown(page)
    const kept = loads.filter((load) => isScript(load) || load.type === 'Stylesheet')
    expect(kept).toHaveLength(6)
    expect(bytesOf(kept)).toBe(0)
    expect(bytesOf(loads)).toBeLessThan(60_000)
  }
})

it('a page asks for nothing twice', async () => {
  const page = await office.visit({ as: owner, path: NOTHING_LOADED, isNew: true })
  const loads = await loadsOf(page)
  const record = `${LIST}/records/${(await harbour.booking()).id}`
  for (const path of [LIST, `${record}/show`, `${record}/edit`, '/admin/resources/Student/actions/new', '/admin']) {
    loads.length = 0
    await page.goto(path)
    await shown(page)
    // the browser fetches its tab's icon when it pleases, that of the page before too
    const paths = loads.map((load) => load.path).filter((path) => !path.includes('favicon'))
    expect(paths.filter((one, index) => paths.indexOf(one) !== index)).toEqual([])
  }
})

it('back and forward between pages that were loaded anew show each page again', async () => {
  const page = await office.visit({ as: owner, path: LIST })
  await page.getByRole('heading', { name: 'Bookings' }).waitFor()
  await page.goto('/admin/resources/Student')
  await page.getByRole('heading', { name: 'Students' }).waitFor()
  await page.goBack()
  await page.getByRole('heading', { name: 'Bookings' }).waitFor()
  await page.goForward()
  await page.getByRole('heading', { name: 'Students' }).waitFor()
})

it.each([
  ['what the role may see', '**/admin/metadata.*'],
  ['the screens', '**/components.*'],
  ['a part of AdminJS', '**/app.*'],
])('says so when %s cannot be loaded, and goes on when it can', async (_what, script) => {
  const page = await office.visit({ as: owner, path: NOTHING_LOADED, isNew: true })
  await page.context().route(script, (route) => route.abort('aborted'))
  await page.goto(LIST)
  const sentence = page.getByRole('alert').getByText('A part of it did not arrive.')
  await sentence.waitFor()
  await page.context().unroute(script)
  await page.getByRole('link', { name: 'Load the page again' }).click()
  await page.getByRole('heading', { name: 'Bookings' }).waitFor()
  expect(await sentence.count()).toBe(0)
})
