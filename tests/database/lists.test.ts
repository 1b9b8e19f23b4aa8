import { afterAll, beforeAll, expect, test } from 'vitest'
import { cloneDatabase, school, type School, type TestDatabase } from '../support/database.ts'

// PostgreSQL walks an index only by conditions it may look at before the policy has been; see the migration "lists".

let db: TestDatabase
let harbour: School
beforeAll(async () => {
  db = await cloneDatabase()
  harbour = await school(db)
})
afterAll(() => db.drop())

/** The plan the app gets when reading everything is out of the question, as it is in a large table. */
const plan = (query: string): Promise<string> =>
  harbour.transaction(async (run) => {
    await run('SET LOCAL enable_seqscan = off')
    await run('SET LOCAL enable_sort = off')
    return (await run(`EXPLAIN (COSTS OFF) ${query}`)).map((row) => row['QUERY PLAN']).join('\n')
  })

const newest = 'ORDER BY "startAt" DESC, id DESC LIMIT 50'

test.for(['draft', 'pending_payment', 'requested', 'confirmed', 'in_progress', 'completed', 'cancelled', 'no_show'])(
  'the list of %s bookings walks the index of that status',
  async (status) => {
    const steps = await plan(`SELECT id FROM "Booking" WHERE status = '${status}' ${newest}`)
    expect(steps).toContain(`bookings_${status}`)
    expect(steps).not.toMatch(/Filter: .*status/)
  },
)

test('the list of all bookings walks the index of its order', async () => {
  expect(await plan(`SELECT id FROM "Booking" ${newest}`)).toContain('Booking_orgId_startAt_id_idx')
})

test('a name is looked for inside one school', async () => {
  const steps = await plan(`SELECT id FROM "Student" WHERE "fullName" ILIKE '%kowal%'`)
  expect(steps).toMatch(/Index Cond: \("orgId" = /)
})
