import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { inject } from 'vitest'

export { school, type School, STAFF_ROLES, type StaffRole } from './school.ts'

/** A row as pg reads it; named are the columns that tests go on with. */
export interface Row {
  readonly id: string
  readonly bookingId: string
  readonly startAt: Date
  readonly endAt: Date
  readonly blockedUntil: Date
  readonly [column: string]: unknown
}
export type Run = (text: string, values?: unknown[]) => Promise<Row[]>

/** What a transaction says about itself: `app.<name>` → value; see docs/data.md. */
export type Settings = Readonly<Record<string, string>>

/** A database of one test file, empty but migrated. */
export interface TestDatabase {
  /** The app's login: what the program itself gets as DATABASE_URL. */
  readonly url: string
  readonly ownerUrl: string
  readonly superuserUrl: string
  /** One transaction of the app's login; rolled back when `fn` throws. */
  transaction<T>(settings: Settings, fn: (run: Run) => Promise<T>): Promise<T>
  /** One statement of another login, without settings: `owner` has migrated, `superuser` is bound by nothing. */
  console(login: 'owner' | 'superuser', text: string, values?: unknown[]): Promise<Row[]>
  drop(): Promise<void>
}

/** Copies the migrated database; call `drop` when the file is done. */
export async function cloneDatabase(): Promise<TestDatabase> {
  const template = inject('template')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const inClone = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href
  const [url, ownerUrl, superuserUrl] = [template.appUrl, template.ownerUrl, template.superuserUrl].map(inClone) as [
    string,
    string,
    string,
  ]
  await once(template.superuserUrl, `CREATE DATABASE ${name} TEMPLATE driveflow OWNER driveflow_owner`)
  const pool = new pg.Pool({ connectionString: url, max: 20 })
  // dropping the database ends connections that are still saying goodbye
  pool.on('connect', (client) => client.on('error', () => {}))
  return {
    url,
    ownerUrl,
    superuserUrl,
    transaction: (settings, fn) => transaction(pool, settings, fn),
    console: (login, text, values) => once(login === 'owner' ? ownerUrl : superuserUrl, text, values),
    drop: async () => {
      await pool.end()
      await connected(template.superuserUrl, (client) => dropOnceLeft(client, name))
    },
  }
}

async function transaction<T>(pool: pg.Pool, settings: Settings, fn: (run: Run) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  const run: Run = async (text, values) => (await client.query(text, values)).rows as Row[]
  try {
    await run('BEGIN')
    for (const [key, value] of Object.entries(settings))
      await run(`SELECT set_config($1, $2, true)`, [`app.${key}`, value])
    const result = await fn(run)
    await run('COMMIT')
    return result
  } catch (error) {
    await run('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

const once = async (url: string, text: string, values: unknown[] = []): Promise<Row[]> =>
  await connected(url, async (client) => (await client.query(text, values)).rows as Row[])

async function connected<T>(url: string, fn: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await fn(client)
  } finally {
    await client.end()
  }
}

const PATIENCE_MS = 1_000

/** Lets connections say goodbye first: one that is cut off while it does so is an error that nobody catches. */
async function dropOnceLeft(client: pg.Client, name: string): Promise<void> {
  const limit = Date.now() + PATIENCE_MS
  const others = 'SELECT FROM pg_stat_activity WHERE datname = $1'
  while (Date.now() < limit && (await client.query(others, [name])).rowCount! > 0) await pause(10)
  await client.query(`DROP DATABASE ${name} WITH (FORCE)`)
}
