import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type BackOffice, type Page, barriers, openBackOffice, soon } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'
import { WAYS, type Way } from '../support/ways.ts'

let office: BackOffice
let harbour: School
let manager: string
let owner: string

beforeAll(async () => {
  office = await openBackOffice()
  harbour = await school(office.database, { name: '港湾ドライビング', passwordHash: TEST_PASSWORD_HASH })
  manager = `manager@${harbour.slug}.example.test`
  owner = `owner@${harbour.slug}.example.test`
  for (let one = 0; one < 13; one++) await harbour.booking({ pickupAddress: '1 Quay Street' })
  await harbour.payment()
})

afterEach(() => office.endVisits())

afterAll(() => office.close())

const student = (id: string, query = '') => `/admin/resources/Student/records/${id}/show${query}`
const asManager = () => ({ user_id: harbour.people.manager, role: 'manager', actor_kind: 'user' })
const newStudent = async (values: object = {}) =>
  (await harbour.add('Student', { fullName: 'Nora Lind', phone: '0491 570 110', ...values })).id
const changeBy = (id: string, values: Record<string, unknown>, request_id = `request-${id}`) =>
  harbour.change('Student', id, values, { ...asManager(), request_id })
const tab = (page: Page, name: string) => page.getByRole('tab', { name })
const chosenTab = (page: Page) => page.getByRole('tab', { selected: true }).innerText()
const fact = (page: Page, label: string) =>
  page.getByRole('term').filter({ hasText: label }).locator('xpath=following-sibling::dd[1]')
const notice = (page: Page, sentence: string | RegExp) => page.getByText(sentence).waitFor()

describe.each(WAYS)('a record, $how,', ({ look, hands }) => {
  it('has its fields in tabs: pressed or reached by arrow keys, each with an address that can be opened and gone back to', async () => {
    const page = await office.visit({ as: manager, ...look, path: student(harbour.studentId) })
    await hands.press(tab(page, 'Permit'))
    await soon(() => chosenTab(page)).toBe('Permit')
    await soon(() => new URL(page.url()).search).toBe('?tab=permit')
    await page.goBack()
    await soon(() => chosenTab(page)).toBe('Contact')
    await tab(page, 'Contact').focus()
    await page.keyboard.press('ArrowRight')
    await soon(() => chosenTab(page)).toBe('Permit')
    expect(await tab(page, 'Permit').evaluate((one) => one === document.activeElement)).toBe(true)
    await page.keyboard.press('End')
    await soon(() => chosenTab(page)).toBe('History')
    await page.keyboard.press('ArrowRight')
    await soon(() => chosenTab(page)).toBe('Contact')
    await page.goto(student(harbour.studentId, '?tab=history'))
    await page.getByText('Student added').waitFor()
    expect(await chosenTab(page)).toBe('History')
  })

  it('lists what refers to it, with pages of its own, and each row opens', async () => {
    const page = await office.visit({ as: manager, ...look, path: student(harbour.studentId) })
    const bookings = page.getByRole('region', { name: 'Bookings' }).first()
    await bookings.getByText('1–10 of 14').waitFor()
    await hands.press(bookings.getByRole('button', { name: 'Next page' }))
    await bookings.getByText('11–14 of 14').waitFor()
    await hands.press(bookings.getByRole('button', { name: 'Previous page' }))
    await bookings.getByText('1–10 of 14').waitFor()
    await page.getByRole('region', { name: 'Guardians' }).getByText('Tom Kowalski').first().waitFor()
    await page.getByRole('region', { name: 'Consents' }).getByText('None yet').waitFor()
    await hands.press(bookings.getByRole('link', { name: /Jan 2031/ }).nth(1))
    await page.getByRole('heading', { level: 1, name: /Mia Kowalski · / }).waitFor()
    // its state stands beside its name, and it leads to where else to look
    await page.getByRole('heading', { level: 1 }).getByText('Confirmed').waitFor()
    const map = page.getByRole('link', { name: /^Pick-up on the map/ })
    expect(await map.getAttribute('href')).toContain('query=1%20Quay%20Street')
    expect(await map.getAttribute('rel')).toBe('noopener noreferrer')
  })

  it('tells its history, all of it or by kind, and older parts on demand', async () => {
    const id = await newStudent()
    for (let turn = 0; turn < 45; turn++) await changeBy(id, { notes: `note ${turn}` }, `turn-${turn}-${id}`)
    await harbour.add('Message', {
      toAddress: 'nora@example.test',
      channel: 'email',
      templateKey: 'account_action_needed',
      relatedType: 'Student',
      relatedId: id,
    })
    const page = await office.visit({ as: manager, ...look, path: student(id, '?tab=history') })
    const history = page.getByRole('list', { name: 'History' })
    await history.getByText('E-mail to nora@example.test: Action needed').waitFor()
    await history.getByText('note 44').first().waitFor()
    expect(await history.getByText('Student added').count()).toBe(0)
    await hands.press(page.getByRole('button', { name: 'Show earlier' }))
    await history.getByText('Student added').waitFor()
    await hands.press(page.getByRole('button', { name: 'Messages' }))
    await soon(() => history.getByText('note 44').count()).toBe(0)
    await soon(() => new URL(page.url()).searchParams.get('show')).toBe('message')
    await history.getByRole('link', { name: /nora@example.test/ }).waitFor()
    expect(await page.getByRole('main').innerText()).not.toMatch(/[0-9a-f]{8}-|account_action|\d{4}-\d\d-\d\dT/)
  })

  it('is set back from its history after a question that says what will be', async () => {
    const id = await newStudent()
    await changeBy(id, { phone: '0491 570 156', notes: 'new' })
    const page = await office.visit({ as: manager, ...look, path: student(id, '?tab=history') })
    const undo = page.getByRole('button', { name: /^Undo/ })
    await hands.press(undo)
    const question = page.getByRole('dialog', { name: 'Undo the change of Nora Lind?' })
    await question.getByText(/Phone is 0491 570 110 again, Notes is empty again/).waitFor()
    await page.keyboard.press('Escape')
    await question.waitFor({ state: 'detached' })
    await hands.press(undo)
    await hands.press(question.getByRole('button', { name: 'Undo' }))
    await notice(page, /^The change of Nora Lind by Manager of .* is undone\.$/)
    await page.getByText('Change undone').waitFor()
    await hands.press(tab(page, 'Contact'))
    await soon(() => fact(page, 'Phone').innerText()).toBe('0491 570 110')
  })

  it('is set back together with all that the same bulk changed', async () => {
    const ids = [await newStudent({ fullName: 'Ada' }), await newStudent({ fullName: 'Ben' }), await newStudent()]
    const text = 'UPDATE "Student" SET notes = $1 WHERE id = ANY ($2)'
    await harbour.run(text, ['all of them', ids], { ...asManager(), request_id: `bulk-${ids[0]}` })
    const page = await office.visit({ as: manager, ...look, path: student(ids[0]!, '?tab=history') })
    await hands.press(page.getByRole('button', { name: /^Undo/ }))
    const question = page.getByRole('dialog', { name: 'Undo the change of all 3 records?' })
    await question.getByText(/Ada/).waitFor()
    await hands.press(question.getByRole('button', { name: 'Undo' }))
    await notice(page, /^The change of 3 records by Manager of .* is undone\.$/)
    expect(await harbour.run('SELECT 1 FROM "Student" WHERE notes IS NOT NULL AND id = ANY ($1)', [ids])).toEqual([])
  })

  it('is not set back when somebody has changed it since, and the sentence names field and person', async () => {
    const id = await newStudent()
    await changeBy(id, { phone: '0491 570 156' })
    await harbour.change(
      'Student',
      id,
      { phone: '3' },
      { user_id: harbour.people.owner, role: 'owner', request_id: `later-${id}` },
    )
    const page = await office.visit({ as: manager, ...look, path: student(id, '?tab=history'), refusals: [409] })
    await hands.press(page.getByRole('button', { name: /^Undo/ }).last())
    await notice(page, /^Phone was changed again by Owner of .*, so this cannot be undone any more\.$/)
  })

  it('shows how it was, says so clearly, and leads back to now', async () => {
    const id = await newStudent({ createdAt: new Date('2026-11-01T00:00:00Z') })
    // as if all of it had happened a while ago, which no trigger allows
    await office.database.console(
      'superuser',
      `BEGIN; SET LOCAL session_replication_role = replica;
       UPDATE "AuditLog" SET "createdAt" = now() - interval '3 days' WHERE "entityId" = '${id}'; COMMIT`,
    )
    await changeBy(id, { phone: '0491 570 156' })
    const page = await office.visit({ as: manager, ...look, path: student(id), refusals: [400] })
    expect(await fact(page, 'Phone').innerText()).toBe('0491 570 156')
    const [row] = await harbour.run(
      `SELECT to_char(now() AT TIME ZONE 'Australia/Sydney' - interval '1 day', 'YYYY-MM-DD"T"HH24:MI') AS at`,
    )
    await page.getByLabel('How it was at').fill(String(row!.at))
    await hands.press(page.getByRole('button', { name: 'Look back' }))
    await page.getByText(/^As it was on /).waitFor()
    await page.getByText('Changed since: Phone.').waitFor()
    await soon(() => fact(page, 'Phone').innerText()).toBe('0491 570 110')
    await page.reload()
    await soon(() => fact(page, 'Phone').innerText()).toBe('0491 570 110')
    await hands.press(page.getByRole('button', { name: 'Back to now' }))
    await soon(() => fact(page, 'Phone').innerText()).toBe('0491 570 156')
    await page.getByLabel('How it was at').fill('2020-01-01T09:00')
    await hands.press(page.getByRole('button', { name: 'Look back' }))
    await page.getByText(/^This record was not there yet: it was added on/).waitFor()
    expect(await fact(page, 'Phone').innerText()).toBe('0491 570 156')
  })

  it('keeps nobody out and sticks out nowhere', { timeout: 60_000 }, async () => {
    const id = await newStudent()
    await changeBy(id, { phone: '0491 570 156', notes: 'rings twice' })
    const found: Record<string, string[]> = {}
    const page = await office.visit({ as: owner, ...look, path: student(harbour.studentId) })
    const check = async (screen: string) => {
      found[screen] = [...(await barriers(page)), ...(await overflow(page))]
      if (process.env.SCREENSHOTS)
        await page.screenshot({ path: `${process.env.SCREENSHOTS}/${screen}-${look.theme}.png`, fullPage: true })
    }
    await page.getByText('1–10 of 14').waitFor()
    await check('record')
    await page.goto(student(id, '?tab=history'))
    await page.getByText('rings twice').waitFor()
    await check('history')
    const [row] = await harbour.run(
      `SELECT to_char(now() AT TIME ZONE 'Australia/Sydney', 'YYYY-MM-DD"T"HH24:MI') AS at`,
    )
    await page.goto(student(id, `?at=${String(row!.at)}`))
    await page.getByText(/^As it was on /).waitFor()
    await check('as-of')
    await page.goto(`/admin/resources/Student/records/${id}/edit`)
    await page.getByRole('textbox', { name: 'Phone' }).fill('1')
    await changeBy(id, { phone: '2' }, `again-${id}`)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: /Somebody else changed this field/ }).waitFor()
    await check('conflict')
    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((screen) => [screen, []])))
  })
})

describe('two managers edit one student', () => {
  const open = (id: string, look: Partial<Way['look']> = {}) =>
    office.visit({ as: manager, ...look, path: `/admin/resources/Student/records/${id}/edit` })
  const phone = (page: Page) => page.getByRole('textbox', { name: 'Phone' })
  const settle = (page: Page) => page.getByRole('button', { name: 'Save with these choices' })

  it('different fields: both are saved without a question', async () => {
    const id = await newStudent()
    const page = await open(id)
    await page.getByRole('textbox', { name: 'Notes' }).fill('Prefers mornings')
    await changeBy(id, { phone: '0491 570 156' })
    await page.getByRole('button', { name: 'Save' }).click()
    await notice(page, 'Nora Lind is saved.')
    await fact(page, 'Notes').getByText('Prefers mornings').waitFor()
    expect(await fact(page, 'Phone').innerText()).toBe('0491 570 156')
  })

  it.each(WAYS)(
    'the same field: who wrote what stands side by side, the one chosen stays, nothing typed is lost ($how)',
    async ({ look, hands }) => {
      const id = await newStudent({ email: 'old@example.test' })
      const page = await open(id, look)
      await hands.type(phone(page), '0491 570 157')
      await hands.type(page.getByRole('textbox', { name: 'E-mail' }), 'mine@example.test')
      await hands.type(page.getByRole('textbox', { name: 'Notes' }), 'Prefers mornings')
      await changeBy(id, { phone: '0491 570 156', email: 'theirs@example.test' })
      await hands.press(page.getByRole('button', { name: 'Save' }))
      const heading = page.getByRole('heading', { name: 'Somebody else changed these fields while you were typing' })
      await heading.waitFor()
      await soon(() => heading.evaluate((one) => one === document.activeElement)).toBe(true)
      const group = (name: string) => page.getByRole('group', { name })
      await group('Phone')
        .getByText(/^Manager of .*, \w{3} \d+ \w{3}, \d\d:\d\d$/)
        .waitFor()
      expect(await settle(page).getAttribute('aria-disabled')).toBe('true')
      await hands.tick(group('Phone').getByRole('radio', { name: /0491 570 157.*You/ }))
      await hands.tick(group('E-mail').getByRole('radio', { name: /theirs@example.test/ }))
      await hands.press(settle(page))
      await notice(page, 'Nora Lind is saved.')
      const [row] = await harbour.run('SELECT phone, email, notes FROM "Student" WHERE id = $1', [id])
      expect(row).toEqual({ phone: '0491 570 157', email: 'theirs@example.test', notes: 'Prefers mornings' })
    },
  )

  it('and when the answer to the choice does not arrive, the sentence says so and the choice is still there', async () => {
    const id = await newStudent()
    const page = await open(id)
    await phone(page).fill('mine')
    await changeBy(id, { phone: 'theirs' })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('radio', { name: /mine/ }).check()
    await page.route('**/edit', (route) => route.abort('aborted'), { times: 1 })
    await settle(page).click()
    await page.getByRole('alert').getByText('The server cannot be reached. Check the connection').waitFor()
    expect(await page.getByRole('radio', { name: /mine/ }).isChecked()).toBe(true)
    await settle(page).click()
    await notice(page, 'Nora Lind is saved.')
    expect(await harbour.run('SELECT phone FROM "Student" WHERE id = $1', [id])).toEqual([{ phone: 'mine' }])
  })

  it('and a third time in between: the question comes again', async () => {
    const id = await newStudent()
    const page = await open(id)
    await phone(page).fill('mine')
    await changeBy(id, { phone: 'first' })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('radio', { name: /mine/ }).check()
    await changeBy(id, { phone: 'second' }, `second-${id}`)
    await settle(page).click()
    await page.getByRole('radio', { name: /second/ }).check()
    await settle(page).click()
    await notice(page, 'Nora Lind is saved.')
    const [row] = await harbour.run('SELECT phone FROM "Student" WHERE id = $1', [id])
    expect(row).toEqual({ phone: 'second' })
  })

  it('and when the session ends in the middle of it, all that was typed is still there', async () => {
    const id = await newStudent()
    const page = await office.visit({
      as: manager,
      path: `/admin/resources/Student/records/${id}/edit`,
      refusals: [401],
    })
    await phone(page).fill('0491 570 157')
    await page.context().clearCookies()
    await page.getByRole('button', { name: 'Save' }).click()
    await page
      .getByText(/signed out|sign in again/i)
      .first()
      .waitFor()
    expect(await phone(page).inputValue()).toBe('0491 570 157')
  })
})

/** What is wider than the window. */
const overflow = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth
    return wide > 0 ? [`the page is ${wide} px wider than the window`] : []
  })
