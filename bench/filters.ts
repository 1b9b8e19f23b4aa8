import pg from 'pg'
import { parseListRequest } from '../src/admin/lists/list-request.ts'
import { scopeQuery } from '../src/admin/lists/list-counts.ts'
import { pageQueries } from '../src/admin/lists/page.ts'
import { type View, viewOf } from '../src/admin/records/records.ts'
import { screensFor } from '../src/admin/role-screens.ts'
import { buildScreens } from '../src/admin/screen.ts'
import { idsIn, lookUps, searchedIn } from '../src/admin/lists/search-condition.ts'
import type { Query } from '../src/core/db.ts'
import type { Declaration } from '../src/core/declaration.ts'
import { discover } from '../src/core/discover.ts'
import { Problem } from '../src/postgres/problem.ts'
import type { Bench } from './main.ts'
import { type DataSet, query } from './support/data-set.ts'
import { progress, report } from './support/figures.ts'
import { explain } from './support/explain.ts'

const LARGE_TABLE = 10_000
const SLOW_MS = 100
const TRIES = 5

/**
 * Everything that the lists of the large tables offer, asked for the largest school: each filter, order, tab, search and
 * count, as the app's own role. Fails where the median is above 100 ms.
 */
export default async function filters({ dataSet }: Bench): Promise<void> {
  const { orgId } = dataSet.schools.largest
  const client = new pg.Client({ connectionString: dataSet.appUrl })
  await client.connect()
  try {
    await client.query(`SELECT set_config('app.org_id', $1, false)`, [orgId])
    const slow: string[] = []
    const times: number[] = []
    for (const view of await largeLists(dataSet)) {
      for (const { name, statements } of await questions(view, dataSet)) {
        const { ms, plan } = await measure(client, statements)
        progress(`${ms.toFixed(1).padStart(7)} ms  ${view.screen.model.name}, ${name}: ${plan}`)
        times.push(ms)
        if (ms > SLOW_MS) slow.push(`${view.screen.model.name}, ${name}: ${ms.toFixed(0)} ms`)
      }
    }
    report({ name: 'filters.slowest_ms', value: Math.max(...times), unit: 'ms' })
    if (slow.length > 0) throw new Problem(`Offered, but slow:\n${slow.map((one) => `  - ${one}`).join('\n')}`)
  } finally {
    await client.end()
  }
}

async function largeLists({ superuserUrl }: DataSet): Promise<View[]> {
  const rows = (await query(
    superuserUrl,
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND reltuples > ${LARGE_TABLE}`,
  )) as { name: string }[]
  const large = new Set(rows.map(({ name }) => name))
  const screens = screensFor(
    buildScreens((await discover<Declaration>('resources')).map(({ value }) => value)),
    'owner',
  )
  return [...screens.values()]
    .filter(({ model }) => large.has(model.name))
    .map((screen) => viewOf(screens, screen, screen.properties))
}

interface Question {
  readonly name: string
  readonly statements: readonly Query[]
}

/** Each with its page and its count, as the list asks them; a search with its look-up too. */
async function questions(view: View, dataSet: DataSet): Promise<Question[]> {
  const { orgId } = dataSet.schools.largest
  const tenant = { orgId, zone: 'Australia/Sydney' }
  const ask = (name: string, asked: Record<string, string>): Question => ({
    name,
    statements: pageQueries(view, parseListRequest(view, asked), tenant),
  })
  const samples = await sampled(view, dataSet)
  return [
    ask('the list', {}),
    ...[...view.screen.sortable].flatMap((sortBy) => [
      ask(`sorted by ${sortBy}`, { sortBy, direction: 'asc' }),
      ask(`sorted by ${sortBy}, last first`, { sortBy, direction: 'desc' }),
    ]),
    ...filterQuestions(view, samples).map(([name, asked]) => ask(name, asked)),
    ...view.offers.scopes.flatMap((scope) => [
      ask(`tab ${scope.label}`, { scope: scope.name }),
      ...(scope.counted
        ? [{ name: `count of ${scope.label}`, statements: [scopeQuery(view, scope.name, tenant)] }]
        : []),
    ]),
    ...(view.offers.search.length > 0 ? await searches(view, dataSet) : []),
  ]
}

/** In many names, in few, in none: what is looked up, and the page and the count of what was found. */
async function searches(view: View, { appUrl, schools }: DataSet): Promise<Question[]> {
  const { orgId } = schools.largest
  const asked = ['a', 'ng', 'mia k', 'nobody is called so'].map(async (q) => {
    const looked = lookUps(orgId, searchedIn(view), q)
    const found = await Promise.all(
      looked.map(async ({ text, values }) => idsIn(await rowsOf(appUrl, orgId, { text, values }))),
    )
    const pages = pageQueries(view, { ...parseListRequest(view, { q }), found }, { orgId, zone: 'Australia/Sydney' })
    return { name: `search for "${q}"`, statements: [...looked, ...pages] }
  })
  return await Promise.all(asked)
}

async function rowsOf(appUrl: string, orgId: string, { text, values }: Query): Promise<unknown[][]> {
  const client = new pg.Client({ connectionString: appUrl })
  await client.connect()
  try {
    await client.query(`SELECT set_config('app.org_id', $1, false)`, [orgId])
    return (await client.query({ text, values, rowMode: 'array' })).rows
  } finally {
    await client.end()
  }
}

type Sample = Readonly<Record<string, string | null>>

/** For each value that a choice has, for the middle of each range, for one record of each relation, for empty and not. */
function filterQuestions({ offers, properties }: View, { middle, most }: { middle: Sample; most: Sample }) {
  const columnOf = (name: string) => properties.find((one) => one.name === name)!.column
  const choices = (name: string) => Object.keys(properties.find((one) => one.name === name)!.values ?? {})
  const asked: [string, Record<string, string>][] = []
  for (const name of offers.multi) {
    for (const value of choices(name)) asked.push([`${name} ${value}`, { [`filters.${name}`]: value }])
    asked.push([`${name}, two values`, { [`filters.${name}`]: choices(name).slice(0, 2).join(',') }])
  }
  for (const name of offers.range) {
    const value = middle[columnOf(name)]
    if (!value) continue
    asked.push([`${name} from the middle`, { [`filters.${name}~~from`]: value }])
    asked.push([`${name} up to the middle`, { [`filters.${name}~~to`]: value }])
    asked.push([`${name} of one day or amount`, { [`filters.${name}~~from`]: value, [`filters.${name}~~to`]: value }])
  }
  for (const name of offers.relation) {
    for (const [which, sample] of Object.entries({ 'of the middle': middle, 'most referred to': most })) {
      const value = sample[columnOf(name)]
      if (value) asked.push([`${name} ${which}`, { [`filters.${name}`]: value }])
    }
  }
  for (const name of offers.flag)
    for (const value of ['true', 'false']) asked.push([`${name} ${value}`, { [`filters.${name}`]: value }])
  for (const name of offers.null)
    for (const value of ['yes', 'no']) asked.push([`${name} empty: ${value}`, { [`filters.${name}~~empty`]: value }])
  return asked
}

/** A row from the middle of the table, and of each relation the record that most rows of the school refer to. */
async function sampled({ screen, offers, properties }: View, { superuserUrl, schools }: DataSet) {
  const columns = [...offers.range, ...offers.relation].map((name) => properties.find((one) => one.name === name)!)
  const table = `"${screen.model.name}" WHERE "orgId" = '${schools.largest.orgId}'`
  const entries = await Promise.all(
    columns.map(async ({ column, kind }) => {
      const cut = kind === 'datetime' || kind === 'date' ? `::date::text` : '::text'
      const [of] = (await query(
        superuserUrl,
        `SELECT (SELECT "${column}"${cut} FROM ${table} AND "${column}" IS NOT NULL ORDER BY "${column}"
           OFFSET (SELECT count("${column}") / 2 FROM ${table}) LIMIT 1) AS middle,
          (SELECT mode() WITHIN GROUP (ORDER BY "${column}")${cut} FROM ${table}) AS most`,
      )) as { middle: string | null; most: string | null }[]
      return [column, of!] as const
    }),
  )
  return {
    middle: Object.fromEntries(entries.map(([column, { middle }]) => [column, middle])),
    most: Object.fromEntries(entries.map(([column, { most }]) => [column, most])),
  }
}

/** The slowest of the statements, at the median of its tries, with its plan. */
async function measure(client: pg.Client, statements: readonly Query[]): Promise<{ ms: number; plan: string }> {
  let slowest = { ms: 0, plan: '' }
  for (const statement of statements) {
    const tries = []
    for (let turn = 0; turn < TRIES; turn++) tries.push(await explain(client, statement))
    const median = tries.toSorted((a, b) => a.ms - b.ms)[Math.floor(TRIES / 2)]!
    if (median.ms >= slowest.ms) slowest = { ms: median.ms, plan: median.summary }
  }
  return slowest
}
