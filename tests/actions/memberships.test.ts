import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { StaffRole } from '../support/database.ts'
import { type Desk, confirmed, openDesk, preview, recordAction, send } from '../support/actions.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const membership = async (role: StaffRole) =>
  (
    await desk.harbour.run('SELECT id FROM "UserOrg" WHERE "userId" = $1 ORDER BY "createdAt"', [
      desk.harbour.people[role],
    ])
  )[0]!.id
const suspend = (id: string) => recordAction('UserOrg', id, 'suspend')
const reason = 'Left the school'

it('a suspended person is out at the next click, and back when reactivated', async () => {
  const owner = await desk.as('owner')
  const finance = await desk.as('finance')
  const id = await membership('finance')
  expect(await confirmed(owner, suspend(id), { reason })).toMatchObject({ state: 'done' })
  expect((await finance('/admin/api/resources/Student/actions/list')).status).toBe(401)
  const back = recordAction('UserOrg', id, 'reactivate')
  expect(await confirmed(owner, back)).toMatchObject({
    message: 'Finance of harbour-' + desk.harbour.orgId.slice(0, 8) + ' · Finance is active again.',
  })
  expect(await preview(owner, back)).toMatchObject({ message: 'Only a suspended membership can be reactivated.' })
})

it('nobody suspends themselves', async () => {
  expect(await preview(await desk.as('owner'), suspend(await membership('owner')), { reason })).toMatchObject({
    message: 'You cannot suspend yourself. Ask another owner.',
  })
})

it('two owners who suspend each other at the same moment leave one', async () => {
  await desk.harbour.run(`UPDATE "UserOrg" SET role = 'owner' WHERE "userId" = $1`, [desk.harbour.people.admin])
  const pair = [
    { browser: await desk.as('owner'), path: suspend(await membership('admin')) },
    { browser: await desk.as('admin'), path: suspend(await membership('owner')) },
  ]
  const shown = await Promise.all(pair.map(({ browser, path }) => preview(browser, path, { reason })))
  const answers = await Promise.all(
    pair.map(async ({ browser, path }, index) => {
      const body = { key: randomUUID(), hash: shown[index]!.preview.hash, input: { reason } }
      return (await send(browser, path, body)).answer
    }),
  )
  expect(answers.filter(({ state }) => state === 'done')).toHaveLength(1)
  const left = await desk.harbour.run(`SELECT 1 FROM "UserOrg" WHERE role = 'owner' AND status = 'active'`)
  expect(left).toHaveLength(1)
})

it('others than owners have no such action', async () => {
  const id = await membership('manager')
  expect((await (await desk.as('compliance'))(suspend(id))).status).toBe(404)
})
