import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { changedBy } from '../../src/core/money.ts'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { allJobs, work } from '../../src/core/jobs.ts'
import { type BackOffice, PHONE, type Page, barriers, openBackOffice, signIn, soon } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD, TEST_PASSWORD_HASH } from '../support/server.ts'
import { WAYS } from '../support/ways.ts'

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
const price = async () => Number((await harbour.run('SELECT "priceCents" FROM "RateCardItem"'))[0]!.priceCents)
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
    const { hands } = WAYS[1]
    const more = page.getByRole('button', { name: 'More actions' })
    await hands.press(more)
    await hands.press(page.getByRole('menuitem', { name: 'Archive' }))
    await page.getByText('Archive Leo Rossi?').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await soon(() => more.evaluate((element) => element === document.activeElement)).toBe(true)
    expect(await archived('Leo Rossi')).toBe(0)
    await page.keyboard.press('Enter')
    await hands.press(page.getByRole('menuitem', { name: 'Archive' }))
    await page.getByText('Archive Leo Rossi?').waitFor()
    const confirm = page.getByRole('dialog').getByRole('button', { name: 'Archive' })
    for (let tab = 0; tab < 6 && !(await confirm.evaluate((one) => one === document.activeElement)); tab++)
      await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await notice(page, 'Leo Rossi is archived.')
    await hands.press(more)
    await page.getByRole('menuitem', { name: 'Restore' }).waitFor()
  })
})

describe.each(WAYS)('on several records, $how, an action', ({ look, hands }) => {
  it('on everything that the list shows names the number', async () => {
    const crew = `Crew ${look.theme}`
    for (let n = 0; n < 26; n++) await student(`${crew} ${n}`)
    await student(`${crew} archived`, { archivedAt: new Date() })
    const page = await office.visit({ as: email('manager'), path: `/admin/resources/Student?q=${crew}`, ...look })
    await hands.tick(page.getByLabel(`Select ${crew} 0`, { exact: true }))
    const bar = page.getByRole('region', { name: 'Selected rows' })
    const archive = bar.getByRole('button', { name: 'Archive' })
    await hands.press(bar.getByRole('button', { name: 'Select all 27' }))
    await bar.getByText('All 27 selected').waitFor()
    await hands.press(archive)
    const dialog = page.getByRole('dialog', { name: 'Archive 27 students' })
    await dialog.getByText('1 of 27 cannot: nothing has been done.').waitFor()
    await dialog.getByText(`${crew} archived is archived already.`).waitFor()
    await hands.press(dialog.getByRole('button', { name: 'Cancel' }))
    await harbour.run(`UPDATE "Student" SET "archivedAt" = NULL WHERE "fullName" = $1`, [`${crew} archived`])
    await hands.press(archive)
    await dialog.getByText('Archive 27 students?').waitFor()
    expect(await barriers(page)).toEqual([])
    await hands.press(dialog.getByRole('button', { name: 'Archive' }))
    await notice(page, '27 students are archived.')
    expect(await archived(`${crew} %`)).toBe(27)
  })

  it('says which of them refuse and why before anything happens, and can go on without them', async () => {
    const tam = `Tam ${look.theme}`
    for (const name of ['One', 'Two', 'Three']) await student(`${tam} ${name}`)
    await student(`${tam} Gone`, { archivedAt: new Date() })
    const page = await office.visit({ as: email('manager'), path: `/admin/resources/Student?q=${tam}`, ...look })
    for (const name of ['One', 'Two', 'Three', 'Gone'])
      await hands.tick(page.getByLabel(`Select ${tam} ${name}`, { exact: true }))
    const bar = page.getByRole('region', { name: 'Selected rows' })
    await hands.press(bar.getByRole('button', { name: 'Archive', exact: true }))
    await page.getByText('1 of 4 cannot: nothing has been done.').waitFor()
    await page.getByText(`${tam} Gone is archived already.`).waitFor()
    expect(await barriers(page)).toEqual([])
    await hands.press(page.getByRole('button', { name: 'Go on without this one' }))
    const dialog = page.getByRole('dialog', { name: 'Archive 3 students' })
    await dialog.getByText('Archive 3 students?').waitFor()
    await hands.press(dialog.getByRole('button', { name: 'Archive' }))
    await notice(page, '3 students are archived.')
    expect(await archived(`${tam} %`)).toBe(4)
  })
})

describe.each(WAYS)('an action with a form, $how,', ({ look, hands }) => {
  it('says beside the field what is missing, and leads back to the record', async () => {
    const { id } = await credential(`M-${look.theme}`)
    const page = await office.visit({ as: email('compliance'), path: record('InstructorCredential', id), ...look })
    await hands.press(page.getByRole('button', { name: 'More actions' }))
    await hands.press(page.getByRole('menuitem', { name: 'Reject' }))
    await page.getByRole('heading', { name: /^Reject Ines Okafor/ }).waitFor()
    const reject = page.getByRole('button', { name: 'Reject' })
    await hands.press(reject)
    await page.getByText('Reason is needed.').first().waitFor()
    const reason = page.getByLabel('Reason')
    await soon(() => reason.evaluate((element) => element === document.activeElement)).toBe(true)
    expect(await barriers(page)).toEqual([])
    await hands.type(reason, 'The scan cannot be read')
    await page.getByText(/Reject Ines Okafor.*\?/).waitFor()
    expect(await page.getByRole('region', { name: 'What will happen' }).innerText()).toMatch(
      /Pending\s+becomes\s+Rejected/,
    )
    await hands.press(reject)
    await notice(page, 'Ines Okafor · Medical is rejected.')
    await soon(() => page.url()).toContain(record('InstructorCredential', id))
  })

  it('does what was looked at and nothing else, asks for the password where money is concerned, and does it once', async () => {
    const path = record('RateCard', harbour.rateCardId, 'adjust-prices')
    const page = await office.visit({ as: email('owner'), path, refusals: [400], ...look })
    const adjust = page.getByRole('button', { name: 'Adjust prices' })
    const question = page.getByText('Raise the prices of Standard by 10 %?')
    await hands.type(page.getByRole('textbox', { name: 'Change' }), '10')
    await question.waitFor()

    await harbour.run('UPDATE "RateCardItem" SET "priceCents" = "priceCents" + 100')
    const before = await price()
    await hands.press(adjust)
    await page
      .getByText('Something has changed since you looked. Nothing was done: look again, then confirm.')
      .waitFor()
    await question.waitFor()
    expect(await price()).toBe(before)

    await forgetPasswords()
    await hands.press(adjust)
    const password = page.getByLabel('Your password')
    await soon(() => password.evaluate((one) => one === document.activeElement)).toBe(true)
    expect(await price()).toBe(before)
    await hands.type(password, 'wrong')
    await hands.press(adjust)
    await page.getByText('That is not your password. Check it and try again.').waitFor()
    expect(await page.getByRole('textbox', { name: 'Change' }).inputValue()).toBe('10')
    await hands.type(password, TEST_PASSWORD)
    await hands.pressTwice(adjust)
    await notice(page, 'One price of Standard is changed.')
    expect(await price()).toBe(changedBy(before, 1_000))
  })

  it('that cannot be done says why, and offers nothing to press', async () => {
    const { id } = await harbour.add('RateCard', { name: `Old ${look.theme}`, validFrom: new Date('2020-01-01') })
    const path = record('RateCard', id, 'adjust-prices')
    const page = await office.visit({ as: email('owner'), path, ...look })
    await page.getByText('These prices already apply. Make a new rate card that begins later.').waitFor()
    expect(await page.getByRole('button', { name: 'Adjust prices' }).count()).toBe(0)
    await hands.press(page.getByRole('button', { name: 'Back' }))
    await page.getByRole('heading', { name: `Old ${look.theme}` }).waitFor()
  })
})

describe('an action with a form', () => {
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
    const change = page.getByRole('textbox', { name: 'Change' })
    const older = page.waitForRequest((request) => request.postData()?.includes('"percent":100}') ?? false)
    await change.fill('1')
    // the first is under way before the second is typed
    await older
    await change.fill('2')
    await page.getByText('Raise the prices of Standard by 2 %?').waitFor()
    letGo()
    await page.unrouteAll({ behavior: 'wait' })
    expect(await page.getByRole('region', { name: 'What will happen' }).innerText()).toMatch(
      new RegExp(`becomes\\s+A\\$${(changedBy(await price(), 200) / 100).toFixed(2)}`),
    )
    await page.getByRole('link', { name: 'Rate cards' }).first().click()
    await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Leave' }).click()
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

describe.each(WAYS)('what takes long, $how,', ({ look, hands }) => {
  it('shows its progress, survives a reload, and ends with a result', async () => {
    const idle = `Idle ${look.theme}`
    for (let n = 0; n < 5; n++) await student(`${idle} ${n}`, { createdAt: new Date('2020-01-01') })
    const path = '/admin/resources/Student/actions/archive-inactive'
    const page = await office.visit({ as: email('owner'), path, ...look })
    await page.getByText('Archive 5 students without a lesson for 12 months?').waitFor()
    await hands.press(page.getByRole('button', { name: 'Archive inactive students' }))
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
    expect(await archived(`${idle} %`)).toBe(5)
    await hands.press(page.getByRole('link', { name: 'Back to the list' }))
    await page.getByRole('heading', { name: 'Students' }).waitFor()
  })
})

describe('what needs two people', () => {
  it('waits for the other', async () => {
    const path = record('RateCard', harbour.rateCardId, 'adjust-prices')
    const page = await office.visit({ as: email('admin'), path })
    await page.getByRole('textbox', { name: 'Change' }).fill('50')
    await page.getByText('Raise the prices of Standard by 50 %?').waitFor()
    await page.getByRole('button', { name: 'Adjust prices' }).click()
    await page.getByRole('heading', { name: 'Waiting for approval' }).waitFor()
    const finance = await office.visit({ as: email('finance'), path: '/admin/resources/ActionRun' })
    await finance.getByRole('link', { name: 'Adjust prices: Standard' }).first().click()
    await finance.getByRole('button', { name: 'Approve' }).click()
    const dialog = finance.getByRole('dialog', { name: 'Approve Adjust prices: Standard' })
    await dialog.getByText('Approve “Adjust prices: Standard”?').waitFor()
    const before = await price()
    await dialog.getByRole('button', { name: 'Approve' }).click()
    await notice(finance, 'Approved: Adjust prices: Standard.')
    expect(await price()).toBe(Math.round(before * 1.5))
  })
})
