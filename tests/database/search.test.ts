import { afterAll, beforeAll, expect, test } from 'vitest'
import { lookUps } from '../../src/admin/lists/search-condition.ts'
import { buildScreens } from '../../src/admin/screen.ts'
import { declarationGaps } from '../../src/core/checks.ts'
import type { Declaration } from '../../src/core/declaration.ts'
import { cloneDatabase, school, type School, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let harbour: School
let torrens: School
beforeAll(async () => {
  db = await cloneDatabase()
  harbour = await school(db)
  torrens = await school(db, { name: 'Torrens' })
})
afterAll(() => db.drop())

const PEOPLE = 10_000

/** How PostgreSQL goes about a statement in one school among others. */
async function plan(text: string, values: unknown[]): Promise<string> {
  const rows = await harbour.run(`EXPLAIN ${text}`, values)
  return rows.map((row) => row['QUERY PLAN']).join('\n')
}

test.each([
  ['Student', 'student_search'],
  ['Guardian', 'guardian_search'],
])('a search among %ss reads an index instead of the table', async (model, index) => {
  // as they come in: now one of this school, now nine of others
  await db.console(
    'superuser',
    `INSERT INTO "${model}" ("orgId", "fullName", phone, email)
      SELECT CASE n % 10 WHEN 0 THEN $1::uuid ELSE $2::uuid END, 'Person ' || n, '0491 570 ' || n, n || '@example.test'
        FROM generate_series(1, ${PEOPLE}) n`,
    [harbour.orgId, torrens.orgId],
  )
  // the server of the tests commits before it writes: VACUUM believes only in what is written
  await db.console('superuser', 'CHECKPOINT')
  await db.console('superuser', `VACUUM ANALYZE "${model}"`)
  const screen = buildScreens([]).get(model)!
  for (const paths of [['fullName', 'phone', 'email'], ['fullName'], ['phone']]) {
    const [query] = lookUps(harbour.orgId, { screen, paths }, '0491 570 110')
    expect(await plan(query!.text, query!.values)).toContain(`Index Only Scan using ${index}`)
  }
  const byShortId = `SELECT b.id FROM "${model}" b WHERE b."orgId" = $1::uuid AND "right"(b.id::text, 6) = $2`
  expect(await plan(byShortId, [harbour.orgId, '6a235f'])).toContain('Index Only Scan')
})

test('a person whose name is longer than an index holds is refused, not half stored', async () => {
  const letters = Array.from({ length: 9000 }, (_, at) => String.fromCodePoint(0x4e00 + ((at * 7919) % 20_000))).join(
    '',
  )
  await expect(harbour.add('Student', { fullName: letters })).rejects.toMatchObject({ code: '54000' })
})

const gaps = (model: string, said: Record<string, unknown>): string[] =>
  declarationGaps('message.ts', { model, ...said } as unknown as Declaration)
const here = 'src/resources/message.ts'

test('a search that would read a large table row by row is refused at the start', () => {
  expect(gaps('Message', { filters: { search: ['subject', 'createdAt', 'nothing.name'] }, findable: true })).toEqual([
    `${here} searches in createdAt, which is no column with text`,
    `${here} searches in nothing.name, which is no column with text`,
    `${here} searches in subject, which no index holds: add one as in migration 0024, or name the model in src/core/indexes.ts, when it stays small`,
    `${here} is findable without an index of short ids: add one as in migration 0024`,
  ])
  expect(gaps('Message', { findable: true })[0]).toBe(`${here} is findable but says no filters.search`)
})
