import pg from 'pg'
import { encodeCursor, parseListRequest } from '../src/admin/lists/list-request.ts'
import { pageQueries } from '../src/admin/lists/page.ts'
import { type View, viewOf } from '../src/admin/records/records.ts'
import { buildScreens, propertiesFor } from '../src/admin/screen.ts'
import type { Query } from '../src/core/db.ts'
import type { Declaration } from '../src/core/declaration.ts'
import { discover } from '../src/core/discover.ts'
import { enumValues } from '../src/core/schema.ts'
import { Problem } from '../src/postgres/problem.ts'
import type { Bench } from './main.ts'
import { type DataSet, query } from './support/data-set.ts'
import { explain } from './support/explain.ts'
import { progress, report } from './support/figures.ts'

const LARGE_TABLE = 10_000

/** Explains the statements of the lists as the app's own role runs them: no large table may be read from end to end. */
export default async function plans({ dataSet }: Bench): Promise<void> {
  const { orgId } = dataSet.schools.largest
  const client = new pg.Client({ connectionString: dataSet.appUrl })
  await client.connect()
  try {
    await client.query(`SELECT set_config('app.org_id', $1, false)`, [orgId])
    const large = await largeTables(dataSet)
    const faults: string[] = []
    const times: number[] = []
    for (const { name, statement } of await statements(dataSet, large)) {
      const plan = await explain(client, statement)
      progress(`${name}: ${plan.summary}`)
      times.push(plan.ms)
      faults.push(...plan.scanned.filter((table) => large.has(table)).map((table) => `${name} reads all of ${table}`))
    }
    report({ name: 'plans.slowest_ms', value: Math.max(...times), unit: 'ms' })
    if (faults.length > 0)
      throw new Problem(`Statements without an index:\n${faults.map((one) => `  - ${one}`).join('\n')}`)
  } finally {
    await client.end()
  }
}

async function largeTables({ superuserUrl }: DataSet): Promise<Set<string>> {
  const rows = (await query(
    superuserUrl,
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND reltuples > ${LARGE_TABLE}`,
  )) as { name: string }[]
  return new Set(rows.map(({ name }) => name))
}

interface Named {
  readonly name: string
  readonly statement: Query
}

/** The list of every large table and its count, and of the bookings also what people look for and how far they page. */
async function statements({ schools, superuserUrl }: DataSet, large: ReadonlySet<string>): Promise<Named[]> {
  const screens = buildScreens((await discover<Declaration>('resources')).map(({ value }) => value))
  const tenant = { orgId: schools.largest.orgId, zone: 'Australia/Sydney' }
  const both = (view: View, what: string, asked: Record<string, string>): Named[] => {
    const [page, count] = pageQueries(view, parseListRequest(view, asked), tenant)
    return [
      { name: `${view.screen.model.name}, ${what}`, statement: page },
      { name: `${view.screen.model.name}, ${what}, count`, statement: count },
    ]
  }
  const views = [...screens.values()].map((screen) => viewOf(screens, screen, propertiesFor(screen, 'owner')))
  const bookings = views.find(({ screen }) => screen.model.name === 'Booking')!
  const asked = await questions(superuserUrl, schools.largest)
  return [
    ...Object.entries(asked).flatMap(([what, query]) => both(bookings, what, query)),
    ...views
      .filter((view) => view !== bookings && large.has(view.screen.model.name))
      .flatMap((view) => both(view, 'list', {})),
  ]
}

async function questions(
  superuserUrl: string,
  { orgId, bookings }: DataSet['schools']['largest'],
): Promise<Record<string, Record<string, string>>> {
  const [deep] = (await query(
    superuserUrl,
    `SELECT id, "startAt"::text AS value, "startAt"::date::text AS day, "studentId", "instructorId" FROM "Booking" WHERE "orgId" = $1
      ORDER BY "startAt" DESC, id DESC OFFSET $2 LIMIT 1`,
    [orgId, Math.floor(bookings / 4)],
  )) as { id: string; value: string; day: string; studentId: string; instructorId: string }[]
  const { id, value, day, studentId, instructorId } = deep!
  return {
    'first page': {},
    'second page': { page: '2' },
    'far page by number': { page: '200' },
    'deep page by cursor': { page: '2000', cursor: encodeCursor({ back: false, id, value }) },
    'page back by cursor': { page: '1999', cursor: encodeCursor({ back: true, id, value }) },
    'oldest first': { direction: 'asc' },
    ...Object.fromEntries(
      enumValues('BookingStatus').map((status) => [`status ${status}`, { 'filters.status': status }]),
    ),
    'two statuses': { 'filters.status': 'requested,pending_payment' },
    'a day': { 'filters.startAt~~from': day, 'filters.startAt~~to': day },
    'a day, one status': { 'filters.startAt~~from': day, 'filters.startAt~~to': day, 'filters.status': 'completed' },
    'a student': { 'filters.student': studentId },
    'an instructor': { 'filters.instructor': instructorId },
    'an instructor, one status': { 'filters.instructor': instructorId, 'filters.status': 'cancelled' },
  }
}
