import { afterAll, beforeAll, expect, it } from 'vitest'
import { constraintSentence, namedConstraints } from '../../src/core/constraints.ts'
import { fromDatabase } from '../../src/core/errors.ts'
import { models } from '../../src/core/schema.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'

let test: TestDatabase

beforeAll(async () => void (test = await cloneDatabase()))
afterAll(() => test.drop())

it('has a sentence for every named rule of the database, and none for rules that are gone', async () => {
  const rows = await test.console(
    'superuser',
    `SELECT conname AS name FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
      WHERE n.nspname = 'public' AND contype IN ('c', 'x')
    UNION SELECT indexrelid::regclass::text FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
      WHERE n.nspname = 'public' AND indisunique AND indpred IS NOT NULL`,
  )
  const known = rows.map((row) => String(row.name)).sort()
  expect(namedConstraints().sort()).toEqual(known)
})

it('names a column that exists in every sentence', () => {
  const columns = new Set([...models.values()].flatMap((model) => model.fields.map((field) => field.name)))
  expect(namedConstraints().filter((name) => !columns.has(constraintSentence(name)!.field))).toEqual([])
})

it('tells a key by its first column that is not the school', () => {
  expect(constraintSentence('Booking_studentId_orgId_fkey')).toEqual({ field: 'studentId' })
  expect(constraintSentence('Service_orgId_name_key')).toEqual({ field: 'name' })
})

it('tells nobody about a fault', () => {
  expect(fromDatabase(new Error('connection terminated'))).toBeNull()
  expect(
    fromDatabase(Object.assign(new Error('syntax error at or near "SELEC"'), { code: '42601', severity: 'ERROR' })),
  ).toBeNull()
})

it('never hands on the text of PostgreSQL, which names tables', () => {
  const error = Object.assign(
    new Error('null value in column "name" of relation "Service" violates not-null constraint'),
    { code: '23502', severity: 'ERROR', column: 'name' },
  )
  expect(fromDatabase(error)).toMatchObject({ field: 'name', message: 'This is needed.' })
})
