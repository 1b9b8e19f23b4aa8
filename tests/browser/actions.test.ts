import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { allJobs, work } from '../../src/core/jobs.ts'
import { type BackOffice, PHONE, type Page, barriers, openBackOffice, signIn, soon } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD, TEST_PASSWORD_HASH } from '../support/server.ts'

let office: BackOffice
let harbour: School
let db: Database
const email = (role: string) => `${role}@${harbour.slug}.example.test`

beforeAll(async () => {
  office = await openBackOffice()
  harbour = await school(office.database, { name: 'Harbour 東京ドライブ', passwordHash: TEST_PASSWORD_HASH })
  db = await openDatabase(office.database.url)
})
afterEach(() => office.endVisits())
afterAll(async () => {
  await db.close()
  await office.close()
})

const student = async (fullName: string, values = {}) => (await harbour.add('Student', { fullName, ...values })).id
const record = (model: string, id: string, action = 'show') => `/admin/resources/${model}/records/${id}/${action}`
const archived = async (name: string) =>
  (await harbour.run(`SELECT count("archivedAt")::int AS n FROM "Student" WHERE "fullName" LIKE $1`, [name]))[0]!.n
const notice = (page: Page, words: string) => page.getByText(words, { exact: true }).first().waitFor()
const credential = (number: string) =>
  harbour.add('InstructorCredential', {
    instructorId: harbour.instructorId,
    kind: 'medical',
    number,
    expiresOn: '2099-01-01',
  })
const price = async () => (await harbour.run('SELECT "priceCents" FROM "RateCardItem"'))[0]!.priceCents
const forgetPasswords = () =>
  office.database.console(
    'superuser',
    `UPDATE auth.session SET sess = (jsonb_set(sess::jsonb, '{createdAt}', to_jsonb($1::bigint)) - 'confirmedAt')::json`,
    [Date.now() - 6 * 60_000],
  )

describe('an action without a form', () => {
  it('shows what it does and asks, by mouse from the list', async () => {
    await student('Mia Khan')
    const page = await office.visit({ as: email('manager'), path: '/admin/resources/Student' })
    await page.getByRole('button', { name: 'Actions for Mia Khan' }).click()
    await page.getByRole('menuitem', { name: 'Archive', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Archive Mia Khan' })
    await dialog.getByText('Archive Mia Khan?').waitFor()
    expect(await dialog.innerText()).toMatch(/Student Mia Khan\s+Changed\s+Archived\s+empty/)
    expect(await barriers(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Archive' }).dblclick()
    await notice(page, 'Mia Khan is archived.')
    await soon(() => archived('Mia Khan')).toBe(1)
    await page.getByRole('button', { name: 'Actions for Mia Khan' }).click()
    await page.getByRole('menuitem', { name: 'Restore' }).waitFor()
    expect(await page.getByRole('menuitem', { name: 'Archive', exact: true }).count()).toBe(0)
  })

  it('by keyboard from the record; Escape does nothing and gives the focus back', async () => {
    const id = await student('Leo Rossi')
    const page = await office.visit({ as: email('manager'), path: record('Student', id) })
    const button = page.getByRole('button', { name: 'Archive' })
    await button.focus()
    await page.keyboard.press('Enter')
    await page.getByText('Archive Leo Rossi?').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true)
    expect(await archived('Leo Rossi')).toBe(0)
    await page.keyboard.press('Enter')
    await page.getByText('Archive Leo Rossi?').waitFor()
    const confirm = page.getByRole('dialog').getByRole('button', { name: 'Archive' })
    for (let tab = 0; tab < 6 && !(await confirm.evaluate((one) => one === document.activeElement)); tab++)
      await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await notice(page, 'Leo Rossi is archived.')
    await page.getByRole('button', { name: 'Restore' }).waitFor()
  })

  it('on everything that the list shows names the number, on a telephone in the dark', async () => {
    for (let n = 0; n < 40; n++) await student(`Crew ${n}`, { licenceType: 'overseas' })
    await student('Crew archived', { licenceType: 'overseas', archivedAt: new Date() })
    const path = '/admin/resources/Student?filters.licenceType=overseas'
    const page = await office.visit({ as: email('manager'), path, size: PHONE, theme: 'dark' })
    await page.getByLabel('Select Crew 0', { exact: true }).check()
    const bar = page.getByRole('region', { name: 'Selected rows' })
    await bar.getByRole('button', { name: 'Select all 41' }).click()
    await bar.getByText('All 41 selected').waitFor()
    await bar.getByRole('button', { name: 'Archive' }).click()
    const dialog = page.getByRole('dialog', { name: 'Archive 41 students' })
    await dialog.getByText('1 of 41 cannot: nothing has been done.').waitFor()
    await dialog.getByText('Crew archived is archived already.').waitFor()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await harbour.run(`UPDATE "Student" SET "archivedAt" = NULL WHERE "fullName" = 'Crew archived'`)
    await bar.getByRole('button', { name: 'Archive' }).click()
    await dialog.getByText('Archive 41 students?').waitFor()
    expect(await barriers(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Archive' }).click()
    await notice(page, '41 students are archived.')
    expect(await archived('Crew %')).toBe(41)
  })
})

describe('of several records some refuse', () => {
  it('is said with the reasons before anything happens, and it can go on without them', async () => {
    for (const name of ['Tam One', 'Tam Two', 'Tam Three']) await student(name, { licenceType: 'full' })
    await student('Tam Gone', { licenceType: 'full', archivedAt: new Date() })
    const path = '/admin/resources/Student?filters.licenceType=full'
    const page = await office.visit({ as: email('manager'), path })
    for (const name of ['Tam One', 'Tam Two', 'Tam Three', 'Tam Gone'])
      await page.getByLabel(`Select ${name}`, { exact: true }).check()
    const bar = page.getByRole('region', { name: 'Selected rows' })
    await bar.getByRole('button', { name: 'Archive', exact: true }).click()
    await page.getByText('1 of 4 cannot: nothing has been done.').waitFor()
    await page.getByText('Tam Gone is archived already.').waitFor()
    expect(await barriers(page)).toEqual([])
    await page.getByRole('button', { name: 'Go on without this one' }).click()
    const dialog = page.getByRole('dialog', { name: 'Archive 3 students' })
    await dialog.getByText('Archive 3 students?').waitFor()
    await dialog.getByRole('button', { name: 'Archive' }).click()
    await notice(page, '3 students are archived.')
    expect(await archived('Tam %')).toBe(4)
  })
})

describe('an action with a form', () => {
  it('says beside the field what is missing, and leads back to the record', async () => {
    const { id } = await credential('M-100')
    const page = await office.visit({ as: email('compliance'), path: record('InstructorCredential', id) })
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Reject' }).click()
    await page.getByRole('heading', { name: /^Reject Ines Okafor/ }).waitFor()
    await page.getByRole('button', { name: 'Reject' }).click()
    await page.getByText('Reason is needed.').first().waitFor()
    const reason = page.getByLabel('Reason')
    expect(await reason.evaluate((element) => element === document.activeElement)).toBe(true)
    expect(await barriers(page)).toEqual([])
    await reason.fill('The scan cannot be read')
    await page.getByText(/Reject Ines Okafor.*\?/).waitFor()
    expect(await page.getByRole('region', { name: 'What will happen' }).innerText()).toMatch(
      /Pending\s+becomes\s+Rejected/,
    )
    await page.getByRole('button', { name: 'Reject' }).click()
    await notice(page, 'Ines Okafor · Medical is rejected.')
    await soon(() => page.url()).toContain(record('InstructorCredential', id))
  })

  it('chooses a record of the school by its name, on a telephone', async () => {
    const path = record('Student', harbour.studentId, 'record')
    const page = await office.visit({ as: email('manager'), path, size: PHONE })
    await page.getByLabel('What for').selectOption({ label: 'Lessons under the age of 18' })
    await page.getByLabel('How').fill('signature')
    await page.getByLabel('Version of the text').fill('2026-01')
    await page.getByText('For lessons under the age of 18 a guardian agrees: choose who.').first().waitFor()
    await page.getByLabel('Given by').fill('Tom')
    await page.getByRole('option', { name: 'Tom Kowalski' }).click()
    await page.getByText('Record that Mia Kowalski agrees to: lessons under the age of 18?').waitFor()
    expect(await barriers(page)).toEqual([])
    await page.getByRole('button', { name: 'Record consent' }).click()
    await notice(page, 'The consent of Mia Kowalski is recorded.')
    expect(await harbour.run('SELECT kind, granted, "guardianId" FROM "Consent"')).toMatchObject([
      { kind: 'minor_lessons', granted: true, guardianId: harbour.guardianId },
    ])
  })

  it('shows the newest preview, also when an older answer comes later', async () => {
    const path = record('RateCard', harbour.rateCardId, 'adjust-prices')
    const page = await office.visit({ as: email('owner'), path })
    let letGo = () => {}
    const held = new Promise<void>((resolve) => (letGo = resolve))
    await page.route('**/adjust-prices', async (route) => {
      if (route.request().postData()?.includes('"percent":100}')) await held
      await route.continue().catch(() => {})
    })
    const change = page.getByLabel('Change')
    await change.fill('1')
    // the first is under way before the second is typed
    await page.waitForRequest((request) => request.postData()?.includes('"percent":100}') ?? false)
    await change.fill('2')
    await page.getByText('Raise the prices of Standard by 2 %?').waitFor()
    letGo()
    await page.waitForLoadState('networkidle')
    expect(await page.getByRole('region', { name: 'What will happen' }).innerText()).toMatch(
      /A\$85\.00\s+becomes\s+A\$86\.70/,
    )
    expect(await page.locator('.preview-money').innerText()).toMatch(/\+A\$1\.70/)
    await page.getByRole('link', { name: 'Rate cards' }).first().click()
    await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Leave' }).click()
  })

  it('asks for the password again where money is concerned, and keeps what was typed', async () => {
    const path = record('RateCard', harbour.rateCardId, 'adjust-prices')
    const page = await office.visit({ as: email('owner'), path, refusals: [400] })
    await page.getByLabel('Change').fill('10')
    await page.getByText('Raise the prices of Standard by 10 %?').waitFor()
    await forgetPasswords()
    await page.getByRole('button', { name: 'Adjust prices' }).click()
    const password = page.getByLabel('Your password')
    await password.waitFor()
    expect(await price()).toBe(8500)
    await page.getByText('Raise the prices of Standard by 10 %?').waitFor()
    await password.fill('wrong')
    await page.getByRole('button', { name: 'Adjust prices' }).click()
    await page.getByText('That is not your password. Check it and try again.').waitFor()
    await password.fill(TEST_PASSWORD)
    await page.keyboard.press('Enter')
    await notice(page, 'One price of Standard is changed.')
    expect(await price()).toBe(9350)
  })

  it('keeps what was typed when the session has ended meanwhile', async () => {
    const { id } = await harbour.add('Incident', {
      occurredAt: new Date(),
      severity: 'minor',
      description: 'A scratch',
    })
    const page = await office.visit({ as: email('manager'), path: record('Incident', id, 'close'), refusals: [401] })
    await page.getByLabel('What came of it').fill('The owner of the fence is content.')
    await page.getByRole('region', { name: 'What will happen' }).getByText('?').waitFor()
    await office.database.console('superuser', 'DELETE FROM auth.session WHERE "userId" = $1', [harbour.people.manager])
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByText('You have been signed out. What you typed is still here').waitFor()
    const tab = await page.context().newPage()
    await tab.goto('/admin/login')
    await signIn(tab, email('manager'))
    await tab.getByRole('navigation', { name: 'Areas' }).waitFor()
    await tab.close()
    expect(await page.getByLabel('What came of it').inputValue()).toBe('The owner of the fence is content.')
    await page.getByRole('button', { name: 'Close' }).click()
    await soon(async () => (await harbour.run('SELECT status FROM "Incident" WHERE id = $1', [id]))[0]!.status).toBe(
      'closed',
    )
  })
})

describe('what takes long', () => {
  it('shows its progress, survives a reload, and ends with a result', async () => {
    for (let n = 0; n < 5; n++) await student(`Idle ${n}`, { createdAt: new Date('2020-01-01') })
    const page = await office.visit({ as: email('owner'), path: '/admin/resources/Student/actions/archive-inactive' })
    await page.getByText('Archive 5 students without a lesson for 12 months?').waitFor()
    await page.getByRole('button', { name: 'Archive inactive students' }).click()
    await page.getByText('You can leave this page; it goes on.').waitFor()
    expect(await barriers(page)).toEqual([])
    await page.reload()
    await page.getByRole('progressbar', { name: 'Progress' }).waitFor()
    const working = await work(db, { jobs: await allJobs(), concurrency: 1, patienceMs: 5_000, onError: () => {} })
    try {
      await page.getByText('5 students are archived.').waitFor()
    } finally {
      await working.stop()
    }
    expect(await archived('Idle %')).toBe(5)
    await page.getByRole('link', { name: 'Back to the list' }).click()
    await page.getByRole('heading', { name: 'Students' }).waitFor()
  })

  it('and what somebody else must agree to waits for them', async () => {
    const path = record('RateCard', harbour.rateCardId, 'adjust-prices')
    const page = await office.visit({ as: email('admin'), path })
    await page.getByLabel('Change').fill('50')
    await page.getByText('Raise the prices of Standard by 50 %?').waitFor()
    await page.getByRole('button', { name: 'Adjust prices' }).click()
    await page.getByRole('heading', { name: 'Waiting for approval' }).waitFor()
    const finance = await office.visit({ as: email('finance'), path: '/admin/resources/ActionRun' })
    await finance.getByRole('link', { name: 'Adjust prices: Standard' }).first().click()
    await finance.getByRole('button', { name: 'Approve' }).click()
    const dialog = finance.getByRole('dialog', { name: 'Approve Adjust prices: Standard' })
    await dialog.getByText('Approve “Adjust prices: Standard”?').waitFor()
    const before = Number(await price())
    await dialog.getByRole('button', { name: 'Approve' }).click()
    await notice(finance, 'Approved: Adjust prices: Standard.')
    expect(await price()).toBe(Math.round(before * 1.5))
  })
})
