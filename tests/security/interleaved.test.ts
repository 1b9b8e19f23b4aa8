import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type TestServer, startServer } from '../support/server.ts'
import { api, listOf, record } from './cases.ts'
import { expectations } from './expectations.ts'
import { type CanarySchool, type Fixtures, type Snapshot, twoSchools } from './fixtures.ts'
import { type Actor, Findings, createOracles, jsonOf } from './oracles.ts'
import { modelOf } from '../../src/core/schema.ts'
import { type Answer, type Ask, type Wire, formBody, inParallel, openWire } from './wire.ts'

const REQUESTS = 400
const UNDER_WAY = 24
/** Fewer connections than requests under way, so that both schools' statements follow each other on each. */
const CONNECTIONS = 4
const LARGE_BYTES = 900_000

let database: TestDatabase
let fixtures: Fixtures

beforeAll(async () => {
  database = await cloneDatabase()
  fixtures = await twoSchools(database)
})

afterAll(async () => {
  await fixtures?.close()
  await database?.drop()
})

/** What one of them asks, and what must come back. */
interface Turn {
  readonly actor: Actor & { readonly school: CanarySchool }
  readonly ask: Ask
  readonly wants: (answer: Answer) => string | null
}

/** What a turn has written, to be looked for when all are done. */
interface Written {
  readonly key: string
  readonly text: string
}

const statusIs = (status: number) => (answer: Answer) =>
  answer.status === status ? null : `is answered ${answer.status}: ${answer.text.slice(0, 200)}`

function reads(actor: Turn['actor'], n: number): Turn {
  const models = ['Student', 'Booking', 'Payment', 'User', 'AuditLog', 'Vehicle']
  const model = models[n % models.length]!
  const own = actor.school.base[model]![0]!
  const path = n % 2 === 0 ? listOf(modelOf(model), 'perPage=100') : record(model, own, 'show')
  const wants = (answer: Answer) =>
    statusIs(200)(answer) ?? (answer.text.includes(actor.school.token) ? null : 'shows nothing of the own school')
  return { actor, ask: { path }, wants }
}

/** An edit of a student of their own; every third body is large, most of it in a field that no form has. */
function edits(actor: Turn['actor'], n: number, written: Map<string, Written>): Turn {
  const students = actor.school.base.Student!
  const id = students[n % students.length]!
  const text = `${actor.school.token} said ${n}`
  const form = formBody(
    { permitNumber: text, padding: n % 3 === 0 ? 'x'.repeat(LARGE_BYTES) : '' },
    (['multipart', 'json', 'urlencoded'] as const)[n % 3]!,
  )
  const wants = (answer: Answer) => {
    const saved = jsonOf(answer) as { notice?: { type: string }; record?: { params: Record<string, unknown> } } | null
    written.set(`${id} ${n}`, { key: `Student ${id}`, text })
    const isOwn = String(saved?.record?.params.permitNumber).startsWith(actor.school.token)
    return (
      statusIs(200)(answer) ?? (saved?.notice?.type === 'success' && isOwn ? null : 'is not saved in the own school')
    )
  }
  return { actor, ask: { path: record('Student', id, 'edit'), method: 'POST', ...form }, wants }
}

/** A record of the other school, which is not there. */
function trespasses(actor: Turn['actor'], other: CanarySchool, n: number): Turn {
  const path =
    n % 2 === 0
      ? record('Student', other.base.Student![0]!, 'edit')
      : api('Student', `bulk/bulkDelete?recordIds=${other.base.Student![0]!}`)
  return { actor, ask: { path, method: 'POST', ...formBody({ fullName: 'taken over' }, 'json') }, wants: statusIs(404) }
}

interface Outcome {
  findings: string[]
  written: Map<string, Written>
  before: Snapshot
  after: Snapshot
}

async function interleave(server: TestServer, wire: Wire): Promise<Outcome> {
  const { koala, quokka } = fixtures
  const actors = await Promise.all(
    [koala, quokka].map(async (school) => {
      const browser = await server.signIn(school.staff.owner.email)
      const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ')
      return { name: `owner of ${school.token}`, role: 'owner', school, cookie } as const
    }),
  )
  const before = await fixtures.snapshot()
  const oracles = createOracles([koala, quokka], before, await expectations())
  const findings = new Findings()
  const written = new Map<string, Written>()
  const turns = Array.from({ length: REQUESTS }, (_, index) => {
    const [actor, other] = index % 2 === 0 ? [actors[0]!, quokka] : [actors[1]!, koala]
    const n = Math.floor(index / 2)
    if (n % 10 === 9) return trespasses(actor, other, n)
    return n % 2 === 0 ? reads(actor, n) : edits(actor, n, written)
  })
  await inParallel(turns, UNDER_WAY, async ({ actor, ask, wants }) => {
    const answer = await wire.send(actor.cookie, ask)
    const wish = wants(answer)
    for (const problem of [...oracles.examine(actor, ask, answer), ...(wish ? [wish] : [])])
      findings.add(problem, `${actor.name}: ${ask.method ?? 'GET'} ${ask.path}`)
  })
  return { findings: findings.report(), written, before, after: await fixtures.snapshot() }
}

/** Every edit is in the record it was about, and in the audit log of its school under the name of who made it. */
function expectKept({ findings, written, before, after }: Outcome): void {
  expect(findings).toEqual([])
  expect(written.size).toBeGreaterThan(100)
  const schools = [fixtures.koala, fixtures.quokka]
  const touched = new Set([...written.values()].map(({ key }) => key))
  const strange: string[] = []
  for (const [key, { orgId, values }] of after) {
    const school = schools.find((one) => one.orgId === orgId)
    if (touched.has(key) && !String(values.permitNumber).startsWith(String(school?.token))) strange.push(key)
    if (!key.startsWith('AuditLog ') || before.has(key)) continue
    const told = JSON.stringify(values.after)
    if (!school || values.actorUserId !== school.staff.owner.id || !told.includes(school.token))
      strange.push(`${key} ${told}`)
  }
  expect(strange).toEqual([])
  const recorded = [...after]
    .filter(([key]) => key.startsWith('AuditLog ') && !before.has(key))
    .map(([, row]) => JSON.stringify(row.values.after))
  const lost = [...written.values()].filter(({ text }) => !recorded.some((told) => told.includes(`"${text}"`)))
  expect(lost).toEqual([])
}

describe(`${REQUESTS} requests of two schools at the same time`, () => {
  it('each get and change what is their own, with bodies small and large', { timeout: 120_000 }, async () => {
    const db = await openDatabase(database.url, { max: CONNECTIONS })
    const server = await startServer({ db })
    const wire = openWire(server.url)
    const outcome = await interleave(server, wire)
    wire.close()
    await server.close()
    await db.close()
    expectKept(outcome)
  })
})

const PGBOUNCER = [
  '/usr/sbin/pgbouncer',
  '/usr/bin/pgbouncer',
  '/usr/local/bin/pgbouncer',
  '/opt/homebrew/bin/pgbouncer',
].find((path) => existsSync(path))

describe('behind PgBouncer, where a connection changes hands after every transaction', () => {
  const why = PGBOUNCER ? '' : ' — NOT TRIED: pgbouncer is not installed on this machine'

  it.skipIf(!PGBOUNCER)(
    `each get and change what is their own, and nothing stays on a connection${why}`,
    { timeout: 120_000 },
    async () => {
      const bouncer = await startPgBouncer(database.url)
      let db: Database | undefined
      try {
        db = await openDatabase(bouncer.url, { max: 16 })
        const server = await startServer({ db })
        const wire = openWire(server.url)
        const outcome = await interleave(server, wire)
        wire.close()
        await server.close()
        expectKept(outcome)
        expect(await leftOver(bouncer.url)).toEqual([])
      } finally {
        await db?.close()
        await bouncer.stop()
      }
    },
  )
})

/** What a new client finds on the connections that the others used. */
async function leftOver(url: string): Promise<unknown[]> {
  const look = `SELECT current_setting('app.org_id', true) AS org, current_setting('app.user_id', true) AS person,
    current_setting('app.override', true) AS override, current_user <> session_user AS disguised,
    (SELECT count(*)::int FROM "Student") AS students`
  const clients = Array.from({ length: CONNECTIONS }, () => new pg.Client({ connectionString: url }))
  await Promise.all(clients.map((client) => client.connect()))
  // in transactions that overlap, so that each takes another of the server's connections
  await Promise.all(clients.map((client) => client.query('BEGIN')))
  const answers = await Promise.all(clients.map(async (client) => (await client.query(look)).rows[0] as Left))
  await Promise.all(clients.map(async (client) => await client.query('COMMIT').then(() => client.end())))
  return answers.filter(
    ({ org, person, override, disguised, students }) => org || person || override || disguised || students > 0,
  )
}

interface Left {
  org: string | null
  person: string | null
  override: string | null
  disguised: boolean
  students: number
}

interface PgBouncer {
  /** The same database, through the pooler. */
  url: string
  stop(): Promise<void>
}

async function startPgBouncer(url: string): Promise<PgBouncer> {
  const target = new URL(url)
  const name = target.pathname.slice(1)
  const folder = mkdtempSync(join(tmpdir(), 'driveflow-pgbouncer-'))
  const port = await freePort()
  const host = target.searchParams.get('host') ?? target.hostname
  const settings = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    pool_mode: 'transaction',
    default_pool_size: CONNECTIONS,
    max_client_conn: 100,
    auth_type: 'trust',
    auth_file: join(folder, 'users.txt'),
    ignore_startup_parameters: 'extra_float_digits,options',
  }
  const lines = Object.entries(settings).map(([key, value]) => `${key} = ${value}`)
  const database = `${name} = host=${host} port=${target.port || 5432} dbname=${name}`
  writeFileSync(join(folder, 'pgbouncer.ini'), ['[databases]', database, '[pgbouncer]', ...lines, ''].join('\n'))
  const password = decodeURIComponent(target.password).replaceAll('"', '""')
  writeFileSync(join(folder, 'users.txt'), `"${decodeURIComponent(target.username)}" "${password}"\n`)
  // it refuses to run as root; whom it becomes has to read its two files
  const asOther = userInfo().uid === 0 ? ['-u', 'nobody'] : []
  chmodSync(folder, 0o755)
  const child = spawn(PGBOUNCER!, ['-q', ...asOther, join(folder, 'pgbouncer.ini')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const said: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  await answering(child, port, said)
  const pooled = new URL(`postgresql://127.0.0.1:${port}/${name}`)
  pooled.username = target.username
  return {
    url: pooled.href,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Resolves when the pooler takes connections. @throws Error with its own words when it ended instead */
async function answering(child: ChildProcess, port: number, said: readonly Buffer[]): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`pgbouncer did not start: ${Buffer.concat(said).toString('utf8')}`)
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
      socket.once('close', () => socket.destroy())
      socket.once('connect', () => socket.end())
    })
    if (open) return
    await new Promise((resolve) => setImmediate(resolve))
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
