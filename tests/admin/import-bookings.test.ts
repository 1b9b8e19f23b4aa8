import { parse } from 'csv-parse/sync'
import { DateTime } from 'luxon'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { type Working, allJobs, work } from '../../src/core/jobs.ts'
import { Program, cleanUp, endPrograms, temporaryDirectory, untilTrue } from '../process/program.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { type Browser, TEST_PASSWORD_HASH, type TestServer, startServer } from '../support/server.ts'

interface State {
  message?: string
  note: string
  id: string
  status: string
  error: string | null
  mapping: (string | null)[]
  fields: { name: string; required: boolean; hint: string | null }[]
  rowsWritten: number
  rowsRefused: number
  problems: { number: number; problem: string }[]
}

const ZONE = 'Australia/Sydney'
const HEADER = 'Student,Instructor,Service,Starts,Ends,Status,Price,Meeting point,Pick up,Notes'

let test: TestDatabase
let db: Database
let server: TestServer
let harbour: School
let owner: Browser
let worker: Working

beforeAll(async () => {
  test = await cloneDatabase()
  harbour = await school(test, { name: 'Harbour', timeZone: ZONE, passwordHash: TEST_PASSWORD_HASH })
  const river = await school(test, { name: 'River', passwordHash: TEST_PASSWORD_HASH })
  await river.add('Student', { fullName: 'Rosa River', dob: '2000-01-01' })
  db = await openDatabase(test.url)
  server = await startServer({ db })
  owner = await server.signIn(`owner@${harbour.slug}.example.test`)
  await startWorker()
})

async function startWorker(): Promise<void> {
  const onError = (error: Error) => expect.soft(error).toBeUndefined()
  worker = await work(db, { jobs: await allJobs(), concurrency: 1, patienceMs: 5_000, onError })
}

afterAll(async () => {
  await worker.stop()
  await endPrograms()
  await cleanUp()
  await server.close()
  await db.close()
  await test.drop()
})

const path = (rest: string): string => `/admin/api/panel/import/Booking${rest}`
const json = async (response: Response): Promise<State & { httpStatus: number }> => ({
  ...((await response.json()) as State),
  httpStatus: response.status,
})

const upload = async (lines: readonly string[], browser = owner) =>
  await json(
    await browser(path('?name=lessons.csv'), {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: [HEADER, ...lines].join('\n'),
    }),
  )

async function step(state: State, name: string, { body = {}, browser = owner } = {}): Promise<State> {
  const headers = { 'content-type': 'application/json' }
  const address = path(`/${state.id}`)
  const begun = await json(await browser(`${address}/${name}`, { method: 'POST', headers, body: JSON.stringify(body) }))
  expect(begun.message).toBeUndefined()
  let now: State = begun
  await untilTrue(
    async () => {
      now = await json(await browser(address))
      return !['checking', 'running'].includes(now.status)
    },
    `the import to end, which is ${now.status}`,
    120_000,
  )
  expect(now.error).toBeNull()
  return now
}

async function checked(lines: readonly string[], browser = owner): Promise<State> {
  const state = await upload(lines, browser)
  expect(state.message).toBeUndefined()
  return await step(state, 'check', { body: { mapping: state.mapping }, browser })
}

const reasons = ({ problems }: State): string[] => problems.map(({ number, problem }) => `${number}: ${problem}`)
const count = async (table: string, condition = 'true'): Promise<number> =>
  Number((await harbour.run(`SELECT count(*) AS n FROM "${table}" WHERE ${condition}`))[0]!.n)

/** A time of a day that is so many days from today, on the school's wall. */
const wall = (days: number, time = '10:00'): string =>
  `${DateTime.now().setZone(ZONE).plus({ days }).toFormat('yyyy-MM-dd')} ${time}`
const instant = (text: string): Date => DateTime.fromFormat(text, 'yyyy-MM-dd HH:mm', { zone: ZONE }).toJSDate()

/** 490 lessons that are in order: 440 over, 50 to come, of 20 learners with 10 instructors. */
async function goodRows(): Promise<string[]> {
  for (let index = 0; index < 20; index++)
    await harbour.add('Student', {
      fullName: `Pupil ${index}`,
      email: `pupil${index}@x.test`,
      phone: `0491 570 ${100 + index}`,
      dob: '2000-01-01',
    })
  for (let index = 0; index < 10; index++) await harbour.add('Instructor', { displayName: `Teacher ${index}` })
  return Array.from({ length: 490 }, (_, index) => {
    const [pupil, teacher] = [index % 20, index % 10]
    const student = [`Pupil ${pupil}`, `PUPIL${pupil}@x.test`, `0491 570 ${100 + pupil}`][index % 3]
    const lap = Math.floor(index / 10)
    if (lap >= 44) return `${student},Teacher ${teacher},One hour,${wall(lap - 40)},,,,,,`
    const status = ['Completed', 'completed', 'No-show', 'Cancelled'][lap % 4]
    return `${student},Teacher ${teacher},One hour,${wall(-3 - lap)},${wall(-3 - lap, '10:45')},${status},70.05,Office,1 Bay Rd,moved`
  })
}

/** One of every kind that cannot be, and why. */
const badRows = (): [row: string, why: RegExp][] => [
  [`Nobody,Teacher 0,One hour,${wall(9, '15:00')},,,,,,`, /^Student: there is no student called “Nobody”/],
  [`Rosa River,Teacher 0,One hour,${wall(9, '15:00')},,,,,,`, /^Student: there is no student called “Rosa River”/],
  ['Pupil 0,Teacher 0,One hour,2027-10-03 02:30,,,,,,', /date and time that exists in Australia\/Sydney/],
  [`Pupil 0,Teacher 0,One hour,${wall(-90)},,,,,,`, /has passed: say whether it was Completed/],
  [`Pupil 0,Teacher 0,One hour,${wall(9, '15:00')},,Completed,,,,`, /is still to come: its status is Confirmed/],
  [`Pupil 0,Teacher 0,One hour,${wall(9, '15:00')},,Draft,,,,`, /^Status has no “Draft”: it is one of Confirmed, /],
  [`Pupil 0,Teacher 0,One hour,${wall(9, '15:00')},,,A$85,,,`, /amount like 85\.00/],
  [`Pupil 0,Teacher 0,Unpriced,${wall(9, '15:00')},,,,,,`, /has no price on .* Add it to the rate card/],
  [`Young Kim,Teacher 0,One hour,${wall(9, '15:00')},,,,,,`, /is under 18 and has no guardian's consent/],
  [`Pupil 13,Teacher 0,One hour,${wall(-3, '10:30')},,Completed,,,,`, /^Row 2 of this file has the same instructor/],
  [
    `Twin,Teacher 0,One hour,${wall(9, '15:00')},,,,,,`,
    /^Student: 2 are called “Twin”\. Put the e-mail, phone or end of the id of/,
  ],
]

describe('an owner whose school moves here', () => {
  it('is told of what cannot be taken over, and has the rest once, though the worker is killed, and nobody hears of it', async () => {
    await harbour.add('Service', { name: 'Unpriced', durationMin: 60 })
    for (const email of ['one@x.test', 'two@x.test']) await harbour.add('Student', { fullName: 'Twin', email })
    await harbour.add('Student', { fullName: 'Young Kim', dob: '2015-05-04' })
    const good = await goodRows()
    const bad = badRows()
    const rows = [...good, ...bad.map(([row]) => row)]

    const state = await checked(rows)
    expect(state.status).toBe('checked')
    expect(state.problems.map(({ number }) => number)).toEqual(bad.map((_, index) => index + good.length + 2))
    state.problems.forEach(({ problem }, index) => expect(problem).toMatch(bad[index]![1]))
    expect(await count('Booking')).toBe(0)
    expect(await count('Outbox')).toBe(0)

    await worker.stop()
    const killed = Program.main('worker', { DATABASE_URL: test.url, DATA_DIR: temporaryDirectory() })
    await killed.says(/The worker is running/)
    const running = step(state, 'start')
    await untilTrue(async () => (await count('Booking')) > 50, 'the first lessons')
    await killed.signal('SIGKILL')
    const soFar = await count('Booking')
    expect(soFar).toBeLessThan(490)
    await startWorker()
    const done = await running
    expect(done).toMatchObject({ status: 'finished', rowsWritten: 490, rowsRefused: bad.length })
    expect(await count('Booking')).toBe(490)
    expect(await count('Booking', `status = 'confirmed'`)).toBe(50)
    expect(await count('Lesson')).toBe(await count('Booking', `status = 'completed'`))
    expect(await count('LessonStateHistory', `"fromStatus" IS NULL AND reason = 'Imported'`)).toBe(490)
    // the clock has to do with lessons to come alone: it asks where the learner is, and marks
    expect(await count('ScheduledStateTransition')).toBe(100)
    expect(await count('Outbox')).toBe(490)
    expect(await count('Outbox', `"relayedAt" IS NULL OR "processedAt" IS NULL`)).toBe(0)
    expect(await count('OutboxDelivery')).toBe(0)
    expect(await count('Message')).toBe(0)
    expect(await count('AuditLog', `action = 'booking.create' AND "actorUserId" = '${harbour.people.owner}'`)).toBe(490)

    const [first] = await harbour.run('SELECT * FROM "Booking" WHERE "startAt" = $1 ORDER BY id', [instant(wall(-3))])
    expect(first).toMatchObject({ status: 'completed', priceCents: 7005, platformFeeBps: 1500, rateCardId: null })
    expect(first).toMatchObject({ platformFeeCents: 1051, instructorShareCents: 5954, locationId: harbour.locationId })
    expect(first!.endAt).toEqual(instant(wall(-3, '10:45')))
    const [coming] = await harbour.run('SELECT * FROM "Booking" WHERE "startAt" = $1 LIMIT 1', [instant(wall(4))])
    expect(coming).toMatchObject({ status: 'confirmed', priceCents: 8500, rateCardId: harbour.rateCardId })
  }, 240_000)

  it('has nothing twice when the same file comes again: each row says that it is there', async () => {
    const rows = [
      `Pupil 0,Teacher 0,One hour,${wall(-3)},${wall(-3, '10:45')},Completed,70.05,,,`,
      `Pupil 10,Teacher 0,One hour,${wall(-6)},${wall(-6, '10:45')},Cancelled,70.05,,,`,
      `Pupil 1,Teacher 2,One hour,${wall(4, '10:30')},,,,,,`,
    ]
    expect(reasons(await checked(rows))).toEqual([
      '2: This lesson has been imported already. Leave the row out.',
      '3: This lesson has been imported already. Leave the row out.',
      expect.stringMatching(/^4: .*already/),
    ])
  }, 60_000)
})

describe('who takes lessons over', () => {
  it('is told before that nobody hears of them, what a row needs, and how a lesson may stand', async () => {
    const target = await json(await owner(path('')))
    expect(target.note).toContain('no confirmations are sent')
    expect(target.fields.filter(({ required }) => required).map(({ name }) => name)).toEqual([
      'student',
      'instructor',
      'service',
      'startAt',
    ])
    expect(target.fields.find(({ name }) => name === 'status')?.hint).toBe(
      'One of: Confirmed, Completed, Cancelled, No show',
    )
  })

  it('needs the right to: not finance, not compliance; and a manager may not set rules aside as an owner does', async () => {
    for (const role of ['finance', 'compliance']) {
      const browser = await server.signIn(`${role}@${harbour.slug}.example.test`)
      expect(await upload(['a,b,c,d,,,,,,'], browser)).toMatchObject({ httpStatus: 403 })
    }
    const late = `Pupil 19,Teacher 9,One hour,${wall(12, '23:00')},,,,,,`
    const manager = await server.signIn(`manager@${harbour.slug}.example.test`)
    expect(reasons(await checked([late], manager))[0]).toContain('is not free on')
    const state = await step(await checked([late]), 'start')
    expect(state.rowsWritten).toBe(1)
    const [history] = await harbour.run(
      `SELECT h.metadata FROM "LessonStateHistory" h JOIN "Booking" b ON b.id = h."bookingId" WHERE b."startAt" = $1`,
      [instant(wall(12, '23:00'))],
    )
    expect(history!.metadata).toEqual({ imported: true, overridden: ['instructor.hours'] })
    expect(await count('AuditLog', `action = 'booking.create' AND reason = 'Imported'`)).toBeGreaterThan(0)
  }, 60_000)

  it('gets the refused rows as a file', async () => {
    const state = await checked([badRows()[0]![0]])
    const response = await owner(path(`/${state.id}/refused`))
    const [header, row] = parse(Buffer.from(await response.arrayBuffer()), { bom: true })
    expect(header!.slice(-2)).toEqual(['Row', 'Why it was not imported'])
    expect(row!.at(-1)).toContain('no student called “Nobody”')
  }, 60_000)
})
