import { request as httpRequest } from 'node:http'
import { parse } from 'csv-parse/sync'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { type Working, allJobs, work } from '../../src/core/jobs.ts'
import { Program, cleanUp, endPrograms, temporaryDirectory, untilTrue } from '../process/program.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { type Browser, TEST_PASSWORD_HASH, type TestServer, startServer } from '../support/server.ts'

interface State {
  message?: string
  id: string
  encoding: string
  separator: string
  status: string
  fields: { name: string; label: string; required: boolean }[]
  columns: { name: string; samples: string[] }[]
  mapping: (string | null)[]
  rowsTotal: number
  rowsDone: number
  rowsWritten: number
  rowsRefused: number
  error: string | null
  problems: { number: number; problem: string }[]
}

let test: TestDatabase
let db: Database
let server: TestServer
let harbour: School
let manager: Browser
let worker: Working | undefined

beforeAll(async () => {
  test = await cloneDatabase()
  harbour = await school(test, { name: 'Harbour', passwordHash: TEST_PASSWORD_HASH })
  db = await openDatabase(test.url)
  server = await startServer({ db })
  manager = await server.signIn(`manager@${harbour.slug}.example.test`)
})

afterEach(async () => {
  await worker?.stop()
  worker = undefined
  await endPrograms()
})

afterAll(async () => {
  await cleanUp()
  await server.close()
  await db.close()
  await test.drop()
})

async function startWorker(): Promise<void> {
  const onError = (error: Error) => expect.soft(error).toBeUndefined()
  worker ??= await work(db, { jobs: await allJobs(), concurrency: 2, patienceMs: 5_000, onError })
}

type Answer = State & { httpStatus: number }

const answered = async (response: Response): Promise<Answer> => ({
  ...((await response.json()) as State),
  httpStatus: response.status,
})

const upload = async (model: string, content: string | Uint8Array<ArrayBuffer>, browser = manager): Promise<Answer> =>
  answered(
    await browser(`/admin/api/panel/import/${model}?name=list.csv`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: content,
    }),
  )

const step = async (model: string, { id }: State, name: string, body: object = {}): Promise<Answer> =>
  answered(
    await manager(`/admin/api/panel/import/${model}/${id}/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  )

const stateOf = async (model: string, { id }: State): Promise<Answer> =>
  answered(await manager(`/admin/api/panel/import/${model}/${id}`))

async function ended(model: string, state: State, limitMs = 60_000): Promise<Answer> {
  let now = await stateOf(model, state)
  await untilTrue(
    async () => {
      now = await stateOf(model, state)
      return !['checking', 'running'].includes(now.status)
    },
    `the import to end, which is ${now.status}`,
    limitMs,
  )
  return now
}

/** Uploads, maps as guessed unless told otherwise, and checks. */
async function checked(model: string, content: string, mapping?: (string | null)[]): Promise<Answer> {
  await startWorker()
  const uploaded = await upload(model, content)
  expect(uploaded.message).toBeUndefined()
  const begun = await step(model, uploaded, 'check', { mapping: mapping ?? uploaded.mapping })
  expect(begun.message).toBeUndefined()
  return await ended(model, uploaded)
}

const count = async (table: string, condition = 'true'): Promise<number> =>
  Number((await harbour.run(`SELECT count(*) AS n FROM "${table}" WHERE ${condition}`))[0]!.n)

const reasons = (state: State): string[] => state.problems.map(({ number, problem }) => `${number}: ${problem}`)

describe('a manager chooses a file', () => {
  it('and sees its columns, what they were taken for, and some of its values', async () => {
    const state = await upload('Student', 'Name;E-Mail address;Mobile;Shoe size\nMia Khan;mia@x.test;0491 570 156;38\n')
    expect(state).toMatchObject({
      httpStatus: 200,
      status: 'uploaded',
      encoding: 'UTF-8',
      separator: 'semicolon',
      rowsTotal: 1,
      mapping: ['fullName', 'email', 'phone', null],
    })
    expect(state.columns[0]).toEqual({ name: 'Name', samples: ['Mia Khan'] })
    expect(state.fields.find(({ name }) => name === 'fullName')).toMatchObject({ required: true })
    expect(state.fields.map(({ name }) => name)).not.toContain('archivedAt')
  })

  it('as UTF-8 with the mark that Excel writes, or as Windows-1252', async () => {
    expect(await upload('Student', '\uFEFFName\nZoë Müller\n')).toMatchObject({
      encoding: 'UTF-8',
      columns: [{ name: 'Name', samples: ['Zoë Müller'] }],
    })
    const windows = await upload(
      'Student',
      Uint8Array.from(Buffer.from('Name\nZoë Müller – Řež'.slice(0, 15), 'latin1')),
    )
    expect(windows).toMatchObject({ encoding: 'Windows-1252', columns: [{ name: 'Name', samples: ['Zoë Müller'] }] })
  })

  it.each([
    ['nothing at all', '', 'This file is empty'],
    ['only empty lines', '\n\n  \n', 'This file is empty'],
    ['a header without rows', 'Name,E-mail\n', 'no rows below'],
    ['no header', 'Mia Khan,mia@x.test\nTom Khan,tom@x.test\n', 'first row has to name the columns'],
    ['two columns of one name', 'Name,Name\nMia,Khan\n', 'Two columns are called “Name”'],
    ['an open quotation mark', 'Name,Notes\nMia,"never closed\nTom,x\n', 'cannot be read at line 2'],
    ['a quotation mark in a cell', 'Name,Notes\nMia,5" nail\n', 'quotation mark stands in the middle'],
    ['a workbook', 'PK\u0003\u0004…', 'workbook'],
    ['bytes that are no text', 'Name\nMia\u0000', 'not plain text'],
  ])('and is told in words about %s', async (_what, content, sentence) => {
    const answer = await upload('Student', content)
    expect(answer.httpStatus).toBe(400)
    expect(answer.message).toContain(sentence)
  })

  it('or as UTF-16, which spreadsheet programs call Unicode text, either byte first', async () => {
    const bytes = Buffer.from('\uFEFFName\tPhone\nZoë 東京\t0491 570 156\n', 'utf16le')
    for (const file of [bytes, Buffer.from(bytes).swap16()])
      expect(await upload('Student', Uint8Array.from(file))).toMatchObject({
        encoding: 'UTF-16',
        columns: [{ samples: ['Zoë 東京'] }, { samples: ['0491 570 156'] }],
      })
    const torn = await upload('Student', Uint8Array.from(bytes.subarray(0, -1)))
    expect(torn.message).toContain('not plain text')
  })

  it('and one of 200 MB is refused at once, before it is read', async () => {
    const cookie = [...manager.cookies].map((pair) => pair.join('=')).join('; ')
    const begin = performance.now()
    const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
      const headers = {
        cookie,
        'content-type': 'text/csv',
        'content-length': 200 * 1024 * 1024,
        'sec-fetch-site': 'same-origin',
      }
      const request = httpRequest(`${server.url}/admin/api/panel/import/Student?name=x.csv`, {
        method: 'POST',
        headers,
      })
      request.on('error', reject)
      request.on('response', (response) => {
        let body = ''
        response.on('data', (part) => (body += part))
        response.on('end', () => resolve({ status: response.statusCode!, text: body }))
      })
      // never ended: whoever waits for the whole body waits for ever
      request.write('Name\n')
    })
    expect(status).toBe(413)
    expect(text).toContain('larger than 10 MB')
    expect(performance.now() - begin).toBeLessThan(2_000)
  })

  it('but not without a session, the right to add such records, or a list that takes files', async () => {
    expect((await upload('Student', 'Name\nMia\n', server.visit())).httpStatus).toBe(401)
    const finance = await server.signIn(`finance@${harbour.slug}.example.test`)
    expect((await upload('Student', 'Name\nMia\n', finance)).message).toContain('may not import')
    expect((await upload('Payment', 'Name\nMia\n')).httpStatus).toBeGreaterThanOrEqual(403)
    expect((await upload('Incident', 'Name\nMia\n')).message).toContain('Nothing can be imported')
  })

  it('and another school sees nothing of it', async () => {
    const torrens = await school(test, { name: 'Torrens', passwordHash: TEST_PASSWORD_HASH })
    const stranger = await server.signIn(`manager@${torrens.slug}.example.test`)
    const { id } = await upload('Student', 'Name\nMia\n')
    for (const address of [id, `${id}/refused`])
      expect((await stranger(`/admin/api/panel/import/Student/${address}`)).status).toBe(404)
    expect((await stranger.post(`/admin/api/panel/import/Student/${id}/start`)).status).toBe(404)
  })
})

describe('a manager checks a file', () => {
  it('and is told of every row that cannot be imported, and why; nothing is written', async () => {
    await harbour.add('Student', { fullName: 'Already There', email: 'there@x.test' })
    const before = await count('Student')
    const state = await checked(
      'Student',
      [
        'Full name,E-mail,Date of birth,Licence type,Phone',
        'Good One,good@x.test,2008-05-04,Learner,+61 (0)491 570 156',
        ',nobody@x.test,,,',
        'Bad Date,date@x.test,31/02/2008,,',
        'Bad Choice,choice@x.test,,Pilot,',
        "=HYPERLINK(1),formula@x.test,,,+cmd|' /C calc'!A0",
        'already THERE,There@x.test,,,',
        'Twice,twice@x.test,,,',
        'twice,TWICE@x.test,,,',
        'Too,many,,,,,cells',
        "'=Harmless,'+61@x.test,,,",
      ].join('\n'),
    )
    expect(state.status).toBe('checked')
    expect(reasons(state)).toEqual([
      '3: Full name is needed.',
      '4: Date of birth needs a date like 2026-11-24.',
      expect.stringMatching(/^5: Licence type has no “Pilot”: it is one of .*Learner/),
      expect.stringMatching(/^6: Full name holds a formula .*Put the value itself there\. Phone holds a formula/),
      '7: Your school already has one with the same Full name and E-mail.',
      '9: Row 8 has the same Full name and E-mail.',
      expect.stringContaining('10: The row has 7 cells and the header 5 columns'),
    ])
    expect(state).toMatchObject({ rowsTotal: 10, rowsDone: 10, rowsRefused: 7 })
    expect(await count('Student')).toBe(before)
  })

  it('also for an e-mail address that is none', async () => {
    const state = await checked('Guardian', 'Name,E-mail\nTom,tom@x.test\nUma,uma@x\n')
    expect(reasons(state)).toEqual(['3: E-mail needs an e-mail address like mia@example.com.'])
  })

  it('also by rules that only the database knows', async () => {
    const state = await checked(
      'Vehicle',
      'Registration,Registered in,Make,Model,Year,Transmission\nAAA111,NSW,Kia,Rio,1066,automatic\nAAA112,NSW,Kia,Rio,2020,automatic\n',
    )
    expect(state.rowsRefused).toBe(1)
    expect(state.problems[0]).toMatchObject({ number: 2 })
    expect(state.problems[0]!.problem).not.toMatch(/constraint|Prisma|violates/)
    expect(await count('Vehicle', `rego LIKE 'AAA%'`)).toBe(0)
  })

  it('and references are found by the name they are shown by', async () => {
    const content = (name: string) =>
      `Registration,Registered in,Make,Model,Transmission,Default instructor\nBBB1,NSW,Kia,Rio,Manual,${name}\n`
    expect((await checked('Vehicle', content('ines okafor'))).rowsRefused).toBe(0)
    expect(reasons(await checked('Vehicle', content('Nobody Known')))).toEqual([
      '2: Default instructor: there is no instructor called “Nobody Known” in your school.',
    ])
  })

  it('and cannot leave out what every record needs, or send two columns to one field', async () => {
    const state = await upload('Student', 'Name,Other\nMia,Khan\n')
    const asked = (mapping: unknown) => step('Student', state, 'check', { mapping })
    expect((await asked([null, null])).message).toContain('Say which column holds Full name')
    expect((await asked(['fullName', 'fullName'])).message).toContain('Two columns go into Full name')
    expect((await asked(['anonymisedAt', 'fullName'])).message).toContain('cannot be imported')
    expect((await asked(['fullName'])).message).toContain('every column')
    expect((await step('Student', state, 'start')).message).toContain('being worked on')
  })
})

/** 10,000 learners, 37 of whom cannot be imported. */
function manyLearners(): { content: string; bad: number[] } {
  const bad: number[] = []
  const rows = Array.from({ length: 10_000 }, (_, index) => {
    if (index % 270 !== 7 || bad.length === 37) return `Pupil ${index},pupil${index}@x.test,2008-05-04`
    bad.push(index + 2)
    return [`,no-name-${index}@x.test,2008-05-04`, `Pupil ${index},x${index}@x.test,2008-13-45`][index % 2]!
  })
  return { content: `Name,E-mail,Date of birth\n${rows.join('\n')}\n`, bad }
}

describe('a manager imports 10,000 rows with 37 bad ones', () => {
  it('and has the others once, although the button is pressed twice and the worker is killed in the middle', async () => {
    const { content, bad } = manyLearners()
    expect(bad).toHaveLength(37)
    const state = await checked('Student', content)
    expect(state).toMatchObject({ status: 'checked', rowsRefused: 37, rowsTotal: 10_000 })
    expect(state.problems.map(({ number }) => number)).toEqual(bad)
    await worker!.stop()
    worker = undefined

    const settings = { DATABASE_URL: test.url, DATA_DIR: temporaryDirectory() }
    const killed = Program.main('worker', settings)
    await killed.says(/The worker is running/)
    const pressed = await Promise.all([step('Student', state, 'start'), step('Student', state, 'start')])
    expect(pressed.map(({ httpStatus }) => httpStatus)).toEqual([200, 200])
    await untilTrue(async () => (await count('Student', `"fullName" LIKE 'Pupil%'`)) > 1_000, 'the first rows')
    await killed.signal('SIGKILL')
    const soFar = await stateOf('Student', state)
    expect(soFar).toMatchObject({ status: 'running' })
    expect(soFar.rowsWritten).toBe(await count('Student', `"fullName" LIKE 'Pupil%'`))
    expect(soFar.rowsWritten).toBeLessThan(9_963)

    await Program.main('worker', { ...settings, DATA_DIR: temporaryDirectory() }).says(/The worker is running/)
    const finished = await ended('Student', state)
    expect(finished).toMatchObject({ status: 'finished', rowsWritten: 9_963, rowsRefused: 37, rowsDone: 10_000 })
    expect(await count('Student', `"fullName" LIKE 'Pupil%'`)).toBe(9_963)
    const [names] = await harbour.run(
      `SELECT count(DISTINCT "fullName") AS n FROM "Student" WHERE "fullName" LIKE 'Pupil%'`,
    )
    expect(Number(names!.n)).toBe(9_963)
    expect(await step('Student', state, 'start')).toMatchObject({ status: 'finished' })
    expect(await count('AuditLog', `action = 'student.create' AND after ->> 'fullName' LIKE 'Pupil%'`)).toBe(9_963)
  }, 180_000)

  it('and gets the refused rows as a file with the reasons, which can be imported when it is corrected', async () => {
    const state = await checked('Student', 'Name,E-mail\n=1+1,a@x.test\nFine,b@x.test\n')
    await step('Student', state, 'start')
    await ended('Student', state)
    const response = await manager(`/admin/api/panel/import/Student/${state.id}/refused`)
    expect(response.headers.get('content-disposition')).toContain('list not imported')
    const rows = parse(Buffer.from(await response.arrayBuffer()), { bom: true })
    expect(rows).toEqual([
      ['Name', 'E-mail', 'Row', 'Why it was not imported'],
      ["'=1+1", 'a@x.test', '2', expect.stringContaining('holds a formula')],
    ])
  })
})

describe('what our own export wrote', () => {
  it('is read back as it was', async () => {
    await startWorker()
    const before = { fullName: "'=quoted", phone: '+61 491 570 156', email: 'round@trip.test' }
    await harbour.add('Guardian', before)
    const exported = await manager.post(
      '/admin/api/panel/export/Guardian?columns=fullName,phone,email&q=round@trip.test',
    )
    const content = await exported.text()
    await harbour.run(`DELETE FROM "Guardian" WHERE email = 'round@trip.test'`)
    const state = await checked('Guardian', content)
    expect(reasons(state)).toEqual([])
    await step('Guardian', state, 'start')
    expect((await ended('Guardian', state)).rowsWritten).toBe(1)
    const [row] = await harbour.run(`SELECT "fullName", phone, email FROM "Guardian" WHERE email = 'round@trip.test'`)
    expect(row).toEqual(before)
  })
})
