import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type BackOffice, type Locator, type Page, barriers, openBackOffice, soon } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'
import { WAYS } from '../support/ways.ts'

let office: BackOffice
let harbour: School
let as: Record<'owner' | 'manager' | 'finance' | 'compliance', string>

beforeAll(async () => {
  office = await openBackOffice()
  harbour = await school(office.database, { passwordHash: TEST_PASSWORD_HASH })
  const email = (role: string) => `${role}@${harbour.slug}.example.test`
  as = {
    owner: email('owner'),
    manager: email('manager'),
    finance: email('finance'),
    compliance: email('compliance'),
  }
})

afterEach(() => office.endVisits())

afterAll(() => office.close())

const student = (action: 'show' | 'edit', id = harbour.studentId) => `/admin/resources/Student/records/${id}/${action}`

async function newStudent(fullName: string, values: object = {}): Promise<string> {
  return (await harbour.add('Student', { fullName, ...values })).id
}

const auditedEdits = (entityId: string) =>
  harbour.run('SELECT after FROM "AuditLog" WHERE "entityId" = $1 AND action = $2', [entityId, 'student.update'])

/** The value beside a label on a record's page. */
const fact = (page: Page, label: string) =>
  page.getByRole('term').filter({ hasText: label }).locator('xpath=following-sibling::dd[1]')

const name = (page: Page) => page.getByRole('textbox', { name: 'Full name' })
const phone = (page: Page) => page.getByRole('textbox', { name: 'Phone' })
const save = (page: Page) => page.getByRole('button', { name: 'Save' })
const notice = (page: Page, sentence: string) => page.getByText(sentence).waitFor()

describe('a manager edits a student', () => {
  it('and the new phone number is on the record, and in the audit log that compliance reads', async () => {
    const id = await newStudent('Nora Lind', { phone: '0491 570 110' })
    const page = await office.visit({ as: as.manager, path: student('show', id) })
    await page.getByRole('link', { name: 'Edit' }).click()
    await phone(page).fill('0491 570 156')
    await save(page).click()
    await notice(page, 'Nora Lind is saved.')
    expect(await fact(page, 'Phone').innerText()).toBe('0491 570 156')

    const log = await office.visit({ as: as.compliance, path: '/admin/resources/AuditLog' })
    const row = log.getByRole('row', { name: /Manager of/ }).filter({ hasText: 'Student changed' })
    await row.getByRole('link').first().click()
    const entry = log.getByRole('main')
    await entry.getByText('0491 570 156').waitFor()
    expect(await entry.innerText()).toMatch(/Before\s+Phone\s+0491 570 110/)
    expect(await entry.innerText()).toMatch(/After\s+Phone\s+0491 570 156/)
    expect(await entry.innerText()).not.toMatch(/student\.|[0-9a-f]{8}-/)
  })

  it('and reads beside the field why it was not saved, with the focus there and all that was typed kept', async () => {
    const id = await newStudent('Otto Berg')
    const page = await office.visit({ as: as.manager, path: student('edit', id) })
    await name(page).fill('   ')
    await phone(page).fill('0491 570 157')
    await page.getByRole('textbox', { name: 'Notes' }).fill('Prefers mornings')
    await save(page).click()
    const problem = page.getByRole('alert').getByRole('link', { name: 'Full name' })
    await problem.waitFor()
    await soon(() => name(page).evaluate((field) => field === document.activeElement)).toBe(true)
    expect(await name(page).getAttribute('aria-invalid')).toBe('true')
    expect(await describedBy(page)).toMatch(/Full name is needed\./)
    expect(await phone(page).inputValue()).toBe('0491 570 157')
    expect(await page.getByRole('textbox', { name: 'Notes' }).inputValue()).toBe('Prefers mornings')
    expect(await auditedEdits(id)).toEqual([])

    await name(page).fill('Otto Berger')
    await save(page).click()
    await notice(page, 'Otto Berger is saved.')
    expect(await fact(page, 'Notes').innerText()).toBe('Prefers mornings')
  })

  it('and is asked before leaving what was typed but not saved', async () => {
    const page = await office.visit({ as: as.manager, path: student('edit') })
    await phone(page).fill('0491 570 159')
    const question = page.getByRole('dialog', { name: 'Leave without saving?' })
    const leave = () => page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link').first().click()
    await leave()
    await question.waitFor()
    await page.keyboard.press('Escape')
    await question.waitFor({ state: 'detached' })
    expect(await phone(page).inputValue()).toBe('0491 570 159')
    await leave()
    await question.getByRole('button', { name: 'Leave' }).click()
    await page.getByRole('heading', { name: 'Students' }).waitFor()
    expect(await auditedEdits(harbour.studentId)).toEqual([])
  })

  it('and is asked before the back button leaves it, too', async () => {
    const page = await office.visit({ as: as.manager, path: student('show') })
    await page.getByRole('link', { name: 'Edit' }).click()
    await phone(page).fill('0491 570 159')
    const question = page.getByRole('dialog', { name: 'Leave without saving?' })
    await page.goBack()
    await question.getByRole('button', { name: 'Keep editing' }).click()
    await question.waitFor({ state: 'detached' })
    expect(new URL(page.url()).pathname).toBe(student('edit'))
    expect(await phone(page).inputValue()).toBe('0491 570 159')
    await page.goBack()
    await question.getByRole('button', { name: 'Leave' }).click()
    await page.getByRole('link', { name: 'Edit' }).waitFor()
    expect(new URL(page.url()).pathname).toBe(student('show'))
  })

  it('and a double click on Save saves once', async () => {
    const id = await newStudent('Pia Sund')
    const page = await office.visit({ as: as.manager, path: student('edit', id) })
    await phone(page).fill('0491 570 158')
    await save(page).dblclick()
    await notice(page, 'Pia Sund is saved.')
    expect((await auditedEdits(id)).map((row) => row.after)).toEqual([{ phone: '0491 570 158' }])
  })
})

describe('finance reads students and changes none', () => {
  it('no delete and no edit is offered, in the list or on the record', async () => {
    const page = await office.visit({ as: as.finance, path: '/admin/resources/Student' })
    await page.getByRole('link', { name: 'Mia Kowalski' }).waitFor()
    const offered = async () => [
      ...(await page.getByRole('main').getByRole('button').allInnerTexts()),
      ...(await page.getByRole('main').getByRole('link').allInnerTexts()),
    ]
    expect((await offered()).filter((label) => /edit|delete|new|actions/i.test(label))).toEqual([])
    expect(await page.getByRole('checkbox').count()).toBe(0)
    await page.getByRole('link', { name: 'Mia Kowalski' }).click()
    await page.getByRole('heading', { name: 'Mia Kowalski' }).waitFor()
    expect((await offered()).filter((label) => /edit|delete|actions/i.test(label))).toEqual([])
  })

  it('and who types the address of the form reads why it stays closed', async () => {
    const page = await office.visit({ as: as.finance, path: student('edit'), refusals: [403] })
    await readable(page, /Your role \(finance\) may not change this/)
  })
})

describe('an owner deletes', () => {
  it('one student, after a question in words that can be answered with no', async () => {
    await newStudent('Rosa Weg')
    const page = await office.visit({ as: as.owner, path: '/admin/resources/Student' })
    const ask = async () => {
      await page.getByRole('button', { name: 'Actions for Rosa Weg' }).click()
      await page.getByRole('menuitem', { name: 'Delete' }).click()
    }
    await ask()
    const question = page.getByRole('dialog', { name: 'Delete Rosa Weg?' })
    await question.getByRole('button', { name: 'Go back' }).click()
    await question.waitFor({ state: 'detached' })
    const menu = page.getByRole('button', { name: 'Actions for Rosa Weg' })
    await soon(() => menu.evaluate((button) => button === document.activeElement)).toBe(true)
    await ask()
    await question.getByRole('button', { name: 'Delete' }).click()
    await notice(page, 'Rosa Weg is deleted.')
    await page.getByRole('link', { name: 'Rosa Weg' }).waitFor({ state: 'detached' })
  })

  it('a student who has lessons only in vain, and reads why', async () => {
    await harbour.booking()
    const page = await office.visit({ as: as.owner, path: student('show') })
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page
      .getByRole('alert')
      .getByText(/refer to this one, so it cannot be deleted/)
      .waitFor()
    expect(await harbour.run('SELECT 1 FROM "Student" WHERE id = $1', [harbour.studentId])).toHaveLength(1)
  })

  it('a selection at once', async () => {
    for (const fullName of ['Guardian One', 'Guardian Two', 'Guardian Three'])
      await harbour.add('Guardian', { fullName, phone: '0491 570 159' })
    const page = await office.visit({ as: as.owner, path: '/admin/resources/Guardian' })
    await page.getByRole('checkbox', { name: 'Select Guardian One' }).check()
    await page.getByRole('checkbox', { name: 'Select Guardian Three' }).check()
    await page.getByRole('region', { name: 'Selected rows' }).getByRole('button', { name: 'Delete' }).click()
    const question = page.getByRole('dialog', { name: 'Delete 2 guardians' })
    await question.getByText('Delete 2 guardians?').waitFor()
    await question.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('link', { name: 'Guardian One' }).waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Guardian Two' }).waitFor()
    expect(await harbour.run('SELECT 1 FROM "Guardian" WHERE "fullName" LIKE $1', ['Guardian T%'])).toHaveLength(1)
  })
})

describe('where there is nothing to see, the screen says so', () => {
  it('an empty list', async () => {
    const page = await office.visit({ as: as.manager, path: '/admin/resources/Incident' })
    await page.getByRole('heading', { name: 'No incidents yet' }).waitFor()
  })

  it.each(['/admin/resources/Nothing', '/admin/nothing', '/nothing', '/admin/resources/LedgerEntry'])(
    'an address that does not exist, or not for the role: %s',
    async (path) => {
      const page = await office.visit({ as: as.manager, path, refusals: [404] })
      await readable(page, /no such page|does not exist|not found/i)
    },
  )

  it('a record of another school, exactly like one that never was', async () => {
    const other = await school(office.database, { name: 'Other Side' })
    const said = []
    for (const id of [other.studentId, '01890000-0000-7000-8000-000000000000']) {
      const page = await office.visit({ as: as.manager, path: student('show', id), refusals: [404] })
      said.push(await readable(page, /There is no such student in your school/))
    }
    expect(said[0]).toBe(said[1])
  })
})

describe.each(WAYS)('in a school with a name of another script, $how,', ({ look, hands }) => {
  const part = (page: Page, label: string) => page.getByRole('group', { name: label, exact: true })
  const isFocused = (what: Locator) => soon(() => what.evaluate((one) => one === document.activeElement)).toBe(true)
  let tokyo: School
  beforeAll(async () => {
    tokyo = await school(office.database, { name: '東京ドライブ', passwordHash: TEST_PASSWORD_HASH })
  })

  it('a form makes one record, however often it is sent, and opens where the record was looked at', async () => {
    const manager = `manager@${tokyo.slug}.example.test`
    const page = await office.visit({ as: manager, path: '/admin/resources/Student/actions/new', ...look })
    const create = page.getByRole('button', { name: 'Create' })
    await hands.press(create)
    await page.getByText('Full name is needed.').waitFor()
    await isFocused(name(page))
    await hands.type(part(page, 'Contact').getByLabel('Full name'), '山田 花子')
    await hands.choose(part(page, 'Permit').getByLabel('Licence type'), 'Provisional')
    await hands.pressTwice(create)
    await notice(page, '山田 花子 is added.')
    expect(await tokyo.run('SELECT 1 FROM "Student" WHERE "fullName" = $1', ['山田 花子'])).toHaveLength(1)

    await hands.press(page.getByRole('tab', { name: 'Permit' }))
    await hands.press(page.getByRole('link', { name: 'Edit' }))
    await isFocused(part(page, 'Permit'))
    const permit = page.getByRole('textbox', { name: 'Permit number' })
    expect(await permit.evaluate((one) => one.getBoundingClientRect().bottom <= window.innerHeight)).toBe(true)
    await hands.type(permit, 'L-200')
    await hands.press(save(page))
    await notice(page, '山田 花子 is saved.')
    await fact(page, 'Permit number').getByText('L-200').waitFor()
    expect(await page.getByRole('tab', { selected: true }).innerText()).toBe('Permit')
  })

  it('a long form has the parts that the record has as tabs, and leads to what is wrong in each', async () => {
    const page = await office.visit({
      as: `owner@${tokyo.slug}.example.test`,
      path: '/admin/resources/OrgSettings',
      ...look,
    })
    await hands.press(page.getByRole('rowheader').getByRole('link', { name: '東京ドライブ' }))
    await hands.press(page.getByRole('link', { name: 'Edit' }))
    const days = part(page, 'Bookings').getByLabel('Days ahead')
    const kept = part(page, 'Records').getByLabel('Days GPS is kept')
    await hands.type(days, 'many')
    await hands.type(kept, 'some')
    await hands.press(save(page))
    const problems = page.getByRole('alert').getByRole('link')
    await soon(() => problems.allInnerTexts()).toEqual(['Days ahead', 'Days GPS is kept'])
    await isFocused(days)
    await hands.press(problems.last())
    await isFocused(kept)
    expect(await kept.inputValue()).toBe('some')
    expect(await barriers(page)).toEqual([])
    await hands.type(days, '60')
    await hands.type(kept, '30')
    await hands.press(save(page))
    await page.getByText(/ saved\.$/).waitFor()
    const [row] = await tokyo.run('SELECT "maxAdvanceDays" AS ahead, "gpsRetentionDays" AS kept FROM "OrgSettings"')
    expect(row).toEqual({ ahead: 60, kept: 30 })
  })
})

describe('names of all the world', () => {
  it('are shown as they are written, in the list, on the record and in the title', async () => {
    const harbourInJapan = await school(office.database, {
      name: '港湾ドライビング',
      timeZone: 'Asia/Tokyo',
      passwordHash: TEST_PASSWORD_HASH,
    })
    const students = ['Ελένη Παπαδοπούλου', 'محمد', '山田 花子', 'Zoë Ångström-Łódź']
    for (const fullName of students) await harbourInJapan.add('Student', { fullName })
    const manager = `manager@${harbourInJapan.slug}.example.test`
    const page = await office.visit({ as: manager, path: '/admin/resources/Student' })
    for (const fullName of students) await page.getByRole('link', { name: fullName, exact: true }).waitFor()
    await page.getByText('in Tokyo').waitFor()
    await page.getByRole('link', { name: 'محمد' }).click()
    await page.getByRole('heading', { name: 'محمد' }).waitFor()
    await soon(() => page.title()).toBe('محمد · 港湾ドライビング')
  })

  it('are text, whatever they look like', async () => {
    const script = '</script><img src=x onerror=alert(1)>'
    const odd = await school(office.database, { name: script, passwordHash: TEST_PASSWORD_HASH })
    await office.database.console('superuser', 'UPDATE "User" SET "fullName" = $1 WHERE id = $2', [
      script,
      odd.people.manager,
    ])
    const id = (await odd.add('Student', { fullName: script, notes: script })).id
    const page = await office.visit({ as: `manager@${odd.slug}.example.test`, path: '/admin/resources/Student' })
    await page.getByRole('row').getByRole('link', { name: script }).click()
    await page.getByRole('heading', { name: script }).waitFor()
    await page.goto(student('edit', id))
    expect(await name(page).inputValue()).toBe(script)
    await phone(page).fill('0491 570 156')
    await save(page).click()
    await notice(page, `${script} is saved.`)
    expect(await page.locator('img').count()).toBe(0)
  })
})

/** The words of a page that could not be shown, if it says why and leads on. */
async function readable(page: Page, sentence: RegExp): Promise<string> {
  await page.getByText(sentence).first().waitFor()
  const words = (await page.getByRole('main').innerText()).trim()
  expect(words).not.toMatch(/[{}<>]|undefined|\bnull\b|stack|Error:/)
  expect(await page.getByRole('main').getByRole('link').count()).toBeGreaterThan(0)
  return words
}

const describedBy = (page: Page): Promise<string> =>
  name(page).evaluate((field) =>
    (field.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.querySelector(`#${CSS.escape(id)}`)?.textContent)
      .join(' '),
  )
