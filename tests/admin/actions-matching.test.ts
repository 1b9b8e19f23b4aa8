import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Desk, confirmed, open, openDesk, preview } from '../support/actions.ts'
import type { Browser } from '../support/server.ts'

let desk: Desk
let manager: Browser

beforeAll(async () => {
  desk = await openDesk()
  manager = await desk.as('manager')
})
afterAll(() => desk.close())

const all = (licenceType: string, more = '') =>
  `/admin/api/panel/matching/Student/archive?filters.licenceType=${licenceType}${more}`
const WITHOUT = '&without=refused'
/** Learners, of whom the first so many are archived already. */
const learners = (licenceType: string, many: number, archived: number) =>
  desk.harbour.run(
    `INSERT INTO "Student" ("orgId", "fullName", "licenceType", "archivedAt")
     SELECT $1, 'Learner ' || n, $2, CASE WHEN n <= $4::int THEN now() END FROM generate_series(1, $3::int) n`,
    [desk.harbour.orgId, licenceType, many, archived],
  )
const active = async (licenceType: string) => {
  const text = 'SELECT count(*)::int AS n FROM "Student" WHERE "licenceType" = $1 AND "archivedAt" IS NULL'
  return (await desk.harbour.run(text, [licenceType]))[0]!.n
}

it('everything that a list shows goes on without those that refuse, also when they are more than are named', async () => {
  await learners('overseas', 140, 120)
  const refused = await preview(manager, all('overseas'))
  expect(refused).toMatchObject({ message: '120 of 140 cannot: nothing has been done.', refused: 120, left: 20 })
  expect(refused.reasons).toHaveLength(100)
  expect((await open(manager, all('overseas', WITHOUT))).title).toBe('Archive 20 students')
  expect((await preview(manager, all('overseas', WITHOUT))).preview.question).toBe('Archive 20 students?')
  expect(await confirmed(manager, all('overseas', WITHOUT))).toMatchObject({ message: '20 students are archived.' })
  expect(await active('overseas')).toBe(0)
})

it('where all of them refuse, that is said, and there is nothing to go on with', async () => {
  await learners('full', 3, 3)
  const answer = await preview(manager, all('full', WITHOUT))
  expect(answer).toMatchObject({ state: 'refused', refused: 3, left: 0 })
  expect(answer.message).toBe('3 of 3 cannot: nothing has been done.')
})

it('who begins to refuse after the question was read is left out only after another look', async () => {
  await learners('provisional', 3, 1)
  const { preview: shown } = await preview(manager, all('provisional', WITHOUT))
  await desk.harbour.run(`UPDATE "Student" SET "archivedAt" = now() WHERE "fullName" = 'Learner 2'`)
  const response = await manager(all('provisional', WITHOUT), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key: '01900000-0000-7000-8000-000000000001', hash: shown.hash, input: {} }),
  })
  const { answer } = (await response.json()) as { answer: { state: string; preview: { question: string } } }
  expect(answer).toMatchObject({ state: 'stale', preview: { question: 'Archive Learner 3?' } })
  expect(await active('provisional')).toBe(1)
})

it('nothing else can be left out', async () => {
  const response = await manager(all('full', '&without=everybody'))
  expect([response.status, ((await response.json()) as { message: string }).message]).toEqual([
    400,
    'Only those that refuse can be left out.',
  ])
})
