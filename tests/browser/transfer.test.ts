import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { type Working, allJobs, work } from '../../src/core/jobs.ts'
import { type BackOffice, type Page, barriers, openBackOffice, soon } from '../support/browser.ts'
import { type School, school } from '../support/school.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'
import { WAYS } from '../support/ways.ts'

let office: BackOffice
let db: Database
let worker: Working | undefined
let harbour: School
let manager: string
const directory = mkdtempSync(join(tmpdir(), 'driveflow-files-'))

beforeAll(async () => {
  office = await openBackOffice()
  db = await openDatabase(office.database.url)
  harbour = await school(office.database, { name: 'Школа вождения', passwordHash: TEST_PASSWORD_HASH })
  manager = `manager@${harbour.slug}.example.test`
  await startWorker()
})

afterEach(() => office.endVisits())

afterAll(async () => {
  await worker?.stop()
  await db.close()
  await office.close()
  rmSync(directory, { recursive: true, force: true })
})

async function startWorker(): Promise<void> {
  const onError = (error: Error) => expect.soft(error).toBeUndefined()
  worker = await work(db, { jobs: await allJobs(), concurrency: 2, patienceMs: 5_000, onError })
}

/** A file on the reader's machine. */
function fileOf(name: string, content: string): string {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}

const importing = (how: object = {}) => ({ as: manager, path: '/admin/resources/Student/actions/import', ...how })

const continueButton = (page: Page) => page.getByRole('button', { name: 'Continue' })

const picture = (page: Page, name: string) =>
  process.env.PICTURES
    ? page.screenshot({ path: join(process.env.PICTURES, `${name}.png`), fullPage: true })
    : undefined

const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

const LEARNERS = [
  'Learner;E-mail;Born;Shoe size',
  'Аня Петрова;anya@x.test;2008-05-04;38',
  ';nobody@x.test;;41',
  'Tom Lee;tom@x.test;31/02/2008;40',
].join('\n')

describe.each(WAYS)('a manager exports a list, $how,', ({ look, hands }) => {
  it('and the file holds what the list shows, and is named after school and list', async () => {
    const page = await office.visit({ as: manager, path: '/admin/resources/Student?q=kowalski', ...look })
    await hands.press(page.getByRole('button', { name: 'Export and import' }))
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      hands.press(page.getByRole('menuitem', { name: 'Export' })),
    ])
    expect(download.suggestedFilename()).toMatch(/^Школа вождения Students \d{4}-\d{2}-\d{2}\.csv$/)
    const content = readFileSync(await download.path(), 'utf8')
    expect(content).toMatch(/^\uFEFFFull name,/)
    expect(content.trim().split('\r\n')).toHaveLength(2)
    await page.getByText(/is saved\. The audit log says/).waitFor()
  })

  it('and who may only read is offered no import', async () => {
    const page = await office.visit({
      as: manager.replace('manager', 'finance'),
      path: '/admin/resources/Student',
      ...look,
    })
    await hands.press(page.getByRole('button', { name: 'Export and import' }))
    await page.getByRole('menuitem', { name: 'Export' }).waitFor()
    expect(await page.getByRole('menuitem', { name: 'Import' }).count()).toBe(0)
  })
})

describe.each(WAYS)('a manager imports students, $how,', ({ look, hands }) => {
  it('from the list to the list, and is told of the rows that stay behind', async () => {
    const { theme } = look
    const page = await office.visit({ as: manager, path: '/admin/resources/Student', ...look })
    await hands.press(page.getByRole('button', { name: 'Export and import' }))
    await page.getByRole('menuitem', { name: 'Import' }).waitFor()
    await picture(page, `import-0-menu-${theme}`)
    await hands.press(page.getByRole('menuitem', { name: 'Import' }))
    await page.getByRole('heading', { name: 'Import students' }).waitFor()
    await hands.press(page.getByText('What the columns may be'))
    await page.getByText('One of: ').first().waitFor()
    expect(await barriers(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
    await picture(page, `import-1-file-${theme}`)

    const mailbox = `${theme}.x.test`
    await page
      .getByLabel('CSV file')
      .setInputFiles(fileOf('learners.csv', LEARNERS.replaceAll('@x.test', `@${mailbox}`)))
    await hands.press(continueButton(page))
    const learner = page.getByLabel('Learner')
    await learner.waitFor()
    expect(await learner.inputValue()).toBe('fullName')
    expect(await page.getByLabel('Born').inputValue()).toBe('dob')
    expect(await page.getByLabel('Shoe size').inputValue()).toBe('')
    await page.getByText('3 rows, read as UTF-8 with a semicolon').waitFor()
    expect(await barriers(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
    await picture(page, `import-2-columns-${theme}`)

    await hands.press(page.getByRole('button', { name: 'Check the rows' }))
    await page.getByRole('heading', { name: '1 row can be imported' }).waitFor()
    const reasons = page.getByRole('region', { name: 'Rows that cannot be imported' })
    expect(await reasons.getByRole('row').allInnerTexts()).toEqual([
      expect.stringContaining('Row'),
      expect.stringMatching(/^3\s+Full name is needed\.$/),
      expect.stringMatching(/^4\s+Date of birth needs a date like 2026-11-24\.$/),
    ])
    expect(await barriers(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
    await picture(page, `import-3-check-${theme}`)

    await page.reload()
    await hands.press(page.getByRole('button', { name: 'Import 1 row' }))
    await page.getByRole('heading', { name: '1 row imported' }).waitFor()
    expect(await barriers(page)).toEqual([])
    await picture(page, `import-4-summary-${theme}`)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      hands.press(page.getByRole('button', { name: 'Save these rows with their reasons' })),
    ])
    expect(readFileSync(await download.path(), 'utf8')).toContain('Full name is needed.')
    await hands.press(page.getByRole('link', { name: 'Show the students' }))
    await page.getByText(`anya@${mailbox}`).first().waitFor()
  })
})

describe('a manager who imports', () => {
  it('changes a column on the way', async () => {
    const keyboard = WAYS[1].hands
    const page = await office.visit(importing())
    const path = fileOf('keyboard.csv', 'Who,Post\nKey Board,key@x.test\n')
    await page.getByLabel('CSV file').setInputFiles(path)
    await continueButton(page).press('Enter')
    await page.getByText('Still needed: Full name').waitFor()
    await keyboard.choose(page.getByLabel('Who'), 'Full name (required)')
    expect(await page.getByText('Still needed').count()).toBe(0)
    await page.getByRole('button', { name: 'Check the rows' }).press('Enter')
    await page.getByRole('button', { name: 'Change the columns' }).press('Enter')
    await keyboard.choose(page.getByLabel('Post'), 'E-mail')
    await page.getByRole('button', { name: 'Check the rows' }).press('Enter')
    await page.getByRole('button', { name: 'Import 1 row' }).press('Enter')
    const heading = page.getByRole('heading', { name: '1 row imported' })
    await heading.waitFor()
    await soon(() => heading.evaluate((element) => element === document.activeElement)).toBe(true)
    const [row] = await harbour.run(`SELECT email FROM "Student" WHERE "fullName" = 'Key Board'`)
    expect(row?.email).toBe('key@x.test')
  })

  it.each([
    ['is empty', '', 'This file is empty'],
    ['has no header', 'Mia Khan,mia@x.test\nTom,tom@x.test\n', 'The first row has to name the columns'],
    ['is malformed', 'Name,Notes\nMia,"open\n', 'cannot be read at line 2'],
    ['is too large', `Name\n${'x'.repeat(11 * 1024 * 1024)}`, 'larger than 10 MB'],
  ])('is told beside the field when the file %s, and chooses another', async (_what, content, sentence) => {
    const page = await office.visit(importing({ refusals: [400] }))
    await page.getByLabel('CSV file').setInputFiles(fileOf('bad.csv', content))
    await continueButton(page).click()
    await page.getByRole('alert').getByText(sentence).waitFor()
    await page.getByLabel('CSV file').setInputFiles(fileOf('good.csv', 'Name\nMia\n'))
    await continueButton(page).click()
    await page.getByText('1 row, read as UTF-8').waitFor()
  })

  it('sees how far it is after a reload, and in the end what came of it', async () => {
    await worker!.stop()
    const page = await office.visit(importing())
    const rows = Array.from({ length: 700 }, (_, index) => `Reload ${index},reload${index}@x.test`)
    await page.getByLabel('CSV file').setInputFiles(fileOf('many.csv', `Name,E-mail\n${rows.join('\n')}\n`))
    await continueButton(page).click()
    await page.getByRole('button', { name: 'Check the rows' }).click()
    await page.getByRole('progressbar', { name: 'Checking the rows' }).waitFor()
    await page.reload()
    await page.getByRole('progressbar', { name: 'Checking the rows' }).waitFor()
    await page.getByText('0 of 700 rows').waitFor()
    await picture(page, 'import-progress')
    expect(await barriers(page)).toEqual([])
    await startWorker()
    await page.getByRole('button', { name: 'Import 700 rows' }).click()
    await page.getByRole('heading', { name: '700 rows imported' }).waitFor()
    await page.getByText('All of many.csv is in.').waitFor()
  })

  it('keeps the choice of columns when the session has ended meanwhile', async () => {
    const page = await office.visit(importing({ refusals: [401] }))
    await page.getByLabel('CSV file').setInputFiles(fileOf('late.csv', 'Who\nLate Comer\n'))
    await continueButton(page).click()
    await page.getByLabel('Who').selectOption('fullName')
    await page.context().clearCookies()
    await page.getByRole('button', { name: 'Check the rows' }).click()
    await page.getByText('You have been signed out. What you typed is still here').waitFor()
    expect(await page.getByLabel('Who').inputValue()).toBe('fullName')
  })
})
