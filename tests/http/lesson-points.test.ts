import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { completeLesson } from '../../src/domain/bookings/complete-lesson.ts'
import { issueToken } from '../../src/domain/lessons/issue-token.ts'
import { BATCHES_PER_MINUTE, MAX_BATCH_BYTES, WRONG_TOKENS } from '../../src/http/lesson-points.ts'
import { does, minutesLater } from '../domain/scheduling.ts'
import { type Row, type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { type TestServer, startServer } from '../support/server.ts'
import { stubPanel } from './stub-panel.ts'

let test: TestDatabase
let db: Database
let server: TestServer
let harbour: School
let lesson: Running

interface Running {
  readonly id: string
  readonly bookingId: string
  readonly studentId: string
  readonly token: string
}

beforeAll(async () => {
  test = await cloneDatabase()
  db = await openDatabase(test.url, { max: 10 })
  server = await startServer({ db, panel: stubPanel() })
})
beforeEach(async () => {
  harbour = await school(test, { name: 'Harbour' })
  lesson = await runningIn(harbour)
})
afterAll(async () => {
  await server.close()
  await db.close()
  await test.drop()
})

const BEGAN = minutesLater(new Date(), -30)

/** A lesson that began half an hour ago, of a learner who agreed to be tracked; learner and instructor are its own. */
async function runningIn(one: School): Promise<Running> {
  const instructorId = (await one.add('Instructor', { displayName: 'Noor Haddad' })).id
  const studentId = (await one.add('Student', { fullName: 'Leo Rossi' })).id
  await agrees(one, studentId, true, minutesLater(BEGAN, -60))
  const people = { instructorId, studentId }
  const booking = await one.booking({ startAt: BEGAN, status: 'in_progress', ...people })
  const { id } = await one.add('Lesson', { bookingId: booking.id, ...people, startedAt: BEGAN })
  return { id, bookingId: booking.id, studentId, token: await does(db, one, (work) => issueToken(work, id)) }
}

const agrees = (one: School, studentId: string, granted: boolean, effectiveAt = new Date()): Promise<Row> =>
  one.add('Consent', { studentId, kind: 'gps_tracking', granted, documentVer: '1', method: 'signature', effectiveAt })

/** A position a second, from the start of the lesson on. */
const positions = (number: number, from = 0) =>
  Array.from({ length: number }, (_, n) => ({
    ts: new Date(BEGAN.getTime() + (from + n) * 1000).toISOString(),
    lat: -33.8 + (from + n) / 10_000,
    lng: 151.1,
  }))

interface Sent {
  readonly id?: string
  readonly token?: string | null
  readonly body?: unknown
  readonly raw?: string | Buffer
  readonly headers?: Record<string, string>
  readonly method?: string
}

async function send({ id = lesson.id, token = lesson.token, body, raw, headers, method = 'POST' }: Sent = {}) {
  const response = await fetch(`${server.url}/api/lessons/${id}/points`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(method === 'GET' ? {} : { body: (raw ?? JSON.stringify(body ?? { points: positions(3) })) as string }),
  })
  const answer = (await response.json()) as { recorded?: number; known?: number; message?: string; field?: string }
  return { status: response.status, headers: response.headers, ...answer }
}

const kept = async () => (await harbour.run('SELECT count(*)::int AS n FROM "TripPoint"'))[0]!.n

describe('a device in the car', () => {
  it('sends its positions in batches, and again what it had no answer to', async () => {
    expect(await send({ body: { points: positions(10) } })).toMatchObject({ status: 200, recorded: 10, known: 0 })
    expect(await send({ body: { points: positions(10) } })).toMatchObject({ status: 200, recorded: 0, known: 10 })
    const more = positions(5, 8).map((one) => ({ ...one, speedKph: 48.5 }))
    expect(await send({ body: { points: more } })).toMatchObject({ recorded: 3, known: 2 })
    expect(await kept()).toBe(13)
  })

  it('keeps each position once when twenty send the same batch at the same moment', async () => {
    const body = { points: positions(40) }
    const answers = await Promise.all(Array.from({ length: 20 }, () => send({ body })))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(answers.reduce((sum, { recorded = 0 }) => sum + recorded, 0)).toBe(40)
    expect(await kept()).toBe(40)
  })

  it('needs no session and no page of ours: it may be any program', async () => {
    const answer = await send({ headers: { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' } })
    expect(answer).toMatchObject({ status: 200 })
    expect(answer.headers.get('set-cookie')).toBeNull()
  })

  it('is told when the lesson is over, and nothing more is kept', async () => {
    await does(db, harbour, (work) => completeLesson(work, lesson.bookingId))
    expect(await send()).toMatchObject({ status: 409, message: expect.stringContaining('not under way') })
    expect(await kept()).toBe(0)
  })

  it('is told when the learner has withdrawn the consent', async () => {
    await agrees(harbour, lesson.studentId, false)
    expect(await send()).toMatchObject({ status: 403, message: expect.stringContaining('withdrawn') })
    expect(await kept()).toBe(0)
  })
})

describe('nobody else', () => {
  const unproven = { status: 401, message: expect.stringContaining('not valid for this lesson') }

  it.each([
    ['without a token', null],
    ['with something that is none', 'guessed'],
    ['with the shape of one', `${'A'.repeat(22)}.${'A'.repeat(43)}`],
  ])('%s', async (_case, token) => {
    const answer = await send({ token })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  })

  it('with the token of another lesson of the school, or one that was replaced', async () => {
    const other = await runningIn(harbour)
    expect(await send({ token: other.token })).toMatchObject(unproven)
    await does(db, harbour, (work) => issueToken(work, lesson.id))
    expect(await send()).toMatchObject(unproven)
    expect(await kept()).toBe(0)
  })

  it('of another school, who learns no more than of a lesson that is nowhere', async () => {
    const river = await school(test, { name: 'River' })
    const theirs = await runningIn(river)
    const foreign = await send({ token: theirs.token })
    const nowhere = await send({ token: theirs.token, id: randomUUID() })
    expect(foreign).toMatchObject(unproven)
    expect(foreign.message).toBe(nowhere.message)
    // the school that a token names is not believed
    const mixed = `${lesson.token.split('.')[0]}.${theirs.token.split('.')[1]}`
    expect(await send({ token: mixed })).toMatchObject(unproven)
    expect(await kept()).toBe(0)
  })

  it('whose school is closed', async () => {
    await test.console('superuser', `UPDATE "Org" SET status = 'suspended' WHERE id = $1`, [harbour.orgId])
    expect(await send()).toMatchObject(unproven)
  })
})

describe('what cannot be recorded is refused in a sentence, and nothing of it is kept', () => {
  const [point] = positions(1)
  const among = (values: object) => ({ points: [...positions(2, 5), { ...point, ...values }] })

  it.each<[string, Sent, number, string]>([
    ['no JSON', { raw: '{"points": [' }, 400, 'no JSON'],
    ['a form', { raw: 'points=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415, 'Send JSON'],
    ['packed', { raw: gzipSync('{}'), headers: { 'content-encoding': 'gzip' } }, 415, 'uncompressed'],
    ['too much', { raw: `{"points":[${' '.repeat(MAX_BATCH_BYTES)}]}` }, 413, 'at most 128 kB'],
    ['no list', { body: { points: 'all' } }, 422, 'points is a list'],
    ['an empty one', { body: { points: [] } }, 422, '1 to 500'],
    ['too many', { body: { points: Array.from({ length: 501 }, () => point) } }, 422, '1 to 500'],
    ['more than points', { body: { points: [point], school: 'other' } }, 422, 'nothing else'],
    ['a field of its own', { body: among({ tripId: randomUUID() }) }, 422, 'ts, lat, lng'],
    ['text for a number', { body: among({ lat: '-33.8' }) }, 422, 'lat and lng are numbers'],
    ['a place that is none', { body: among({ lat: 91 }) }, 422, 'Latitude is from -90'],
    ['a time without its zone', { body: among({ ts: '2026-11-24T15:30:00' }) }, 422, 'an instant with its zone'],
    ['tomorrow', { body: among({ ts: minutesLater(new Date(), 1500).toISOString() }) }, 422, 'not in the future'],
    ['a speed that nobody drives', { body: among({ speedKph: 900 }) }, 422, 'The speed is from 0'],
    ['no lesson', { id: 'nothing' }, 404, 'no such lesson'],
    ['a question', { method: 'GET' }, 404, 'no such page'],
  ])('%s', async (_case, sent, status, sentence) => {
    const answer = await send(sent)
    expect(answer).toMatchObject({ status, message: expect.stringContaining(sentence) })
    expect(await kept()).toBe(0)
  })

  it('names the field that is wrong', async () => {
    expect(await send({ body: among({ lng: 181 }) })).toMatchObject({ field: 'points.2' })
    expect(await send({ body: among({ lng: null }) })).toMatchObject({ field: 'points.2.lng' })
  })
})

describe('who sends too much', () => {
  it('waits a minute, and other lessons do not', async () => {
    const body = { points: positions(1) }
    const answers = await Promise.all(Array.from({ length: BATCHES_PER_MINUTE }, () => send({ body })))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    const answer = await send({ body })
    expect(answer).toMatchObject({ status: 429, message: expect.stringContaining('batches a minute') })
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await send({ ...(await runningIn(harbour)) })).toMatchObject({ status: 200 })
  })

  it('is not heard any more once too many tokens were wrong', async () => {
    const guess = () =>
      send({ token: `${lesson.token.split('.')[0]}.${randomUUID().replaceAll('-', '')}${'x'.repeat(11)}` })
    for (let n = 0; n < WRONG_TOKENS; n++) await guess()
    expect(await guess()).toMatchObject({ status: 429, message: expect.stringContaining('wrong tokens') })
  })
})
