import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { openDatabase } from '../../src/core/db.ts'
import { root } from '../../src/core/root.ts'
import type { Lifecycle } from '../../src/launch/lifecycle.ts'
import { type Embedded, startEmbedded } from '../../src/postgres/embedded.ts'
import { migrate } from '../../src/postgres/migrate.ts'
import { Problem } from '../../src/postgres/problem.ts'
import { progress } from './figures.ts'

export const SCHOOLS = 50

/** A school of the data set, and how many bookings it has. */
export interface MeasuredSchool {
  readonly orgId: string
  readonly bookings: number
}

/** A running server with the bookings that are measured. */
export interface DataSet {
  readonly dataDir: string
  readonly appUrl: string
  readonly ownerUrl: string
  /** Bound by no policy: for the peers, which know no schools, and for preparing. */
  readonly superuserUrl: string
  readonly schools: Readonly<Record<'middling' | 'largest', MeasuredSchool>>
}

/**
 * Starts PostgreSQL as the product does, on bookings that are made at the first run and kept: one directory for each
 * number of rows. Further migrations are applied to what is there; it is made anew when one that it was made with changed.
 */
export async function provideDataSet(lifecycle: Lifecycle, rows: number): Promise<DataSet> {
  const dataDir = join(resolve(root(), process.env.BENCH_DIR ?? '.data-bench'), String(rows))
  const making = async (): Promise<void> => (isUsable(dataDir) ? undefined : await make(dataDir, rows))
  await lifecycle.begin('the data set', making, async () => {})
  const server = await lifecycle.begin(
    'the database',
    () => startEmbedded({ dataDir, onNotice: progress }),
    (embedded) => embedded.stop(),
  )
  await migrate(server.ownerUrl, server.appUrl)
  writeFileSync(markOf(dataDir), JSON.stringify(migrations()))
  const superuserUrl = superuserOf(server)
  return { ...server, dataDir, superuserUrl, schools: await chooseSchools(superuserUrl) }
}

/** Says that the directory is ours and, once the data set is complete, which migrations it has. */
const markOf = (dataDir: string): string => join(dataDir, 'data-set.json')

function isUsable(dataDir: string): boolean {
  if (!existsSync(markOf(dataDir))) return false
  const had = Object.entries(JSON.parse(readFileSync(markOf(dataDir), 'utf8')) as Record<string, string>)
  const now = migrations()
  return had.length > 0 && had.every(([name, hash]) => now[name] === hash)
}

/** The hash of every migration by its name. */
function migrations(): Record<string, string> {
  const folders = readdirSync(root('prisma/migrations'), { withFileTypes: true }).filter((one) => one.isDirectory())
  const hashOf = (name: string): string =>
    createHash('sha256')
      .update(readFileSync(root('prisma/migrations', name, 'migration.sql')))
      .digest('hex')
  return Object.fromEntries(folders.map(({ name }) => [name, hashOf(name)]))
}

async function make(dataDir: string, bookings: number): Promise<void> {
  const began = performance.now()
  clear(dataDir)
  progress(`making ${bookings} bookings in ${SCHOOLS} schools under ${dataDir}, once …`)
  const extraSettings = { max_wal_size: '4GB', maintenance_work_mem: '256MB' }
  const server = await startEmbedded({ dataDir, fsync: false, extraSettings })
  try {
    const { appUrl, ownerUrl } = server
    await migrate(ownerUrl, appUrl)
    const db = await openDatabase(appUrl)
    try {
      const { seedLarge } = await import('../../prisma/seed/main.ts')
      await seedLarge({ db, dataDir, appUrl, ownerUrl, schools: SCHOOLS, bookings })
    } finally {
      await db.close()
    }
    // what autovacuum does to a table that has been in use for a day: statistics, and pages known to be visible to all
    await query(superuserOf(server), 'VACUUM (FREEZE, ANALYZE)')
  } finally {
    await server.stop()
  }
  writeFileSync(markOf(dataDir), JSON.stringify(migrations()))
  progress(`made in ${Math.round((performance.now() - began) / 1000)} s`)
}

/** Empties the directory; never one that is not ours. */
function clear(dataDir: string): void {
  const isOurs = !existsSync(dataDir) || readdirSync(dataDir).length === 0 || existsSync(markOf(dataDir))
  if (!isOurs) throw new Problem(`${dataDir} is not a directory of the benchmarks. Set BENCH_DIR to another one.`)
  rmSync(dataDir, { recursive: true, force: true })
  mkdirSync(dataDir, { recursive: true })
  writeFileSync(markOf(dataDir), '{}')
}

function superuserOf({ superuserUrl }: Embedded): string {
  const url = new URL(superuserUrl)
  url.pathname = '/driveflow'
  return url.href
}

async function chooseSchools(superuserUrl: string): Promise<DataSet['schools']> {
  const rows = (await query(
    superuserUrl,
    `SELECT "orgId", count(*)::int AS bookings FROM "Booking" GROUP BY 1 ORDER BY 2 DESC, 1`,
  )) as MeasuredSchool[]
  return { largest: rows[0]!, middling: rows[Math.floor(rows.length / 2)]! }
}

/** One statement on a connection of its own. */
export async function query(url: string, text: string, values: unknown[] = []): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text, values)).rows
  } finally {
    await client.end()
  }
}
