import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Desk, confirmed, openDesk, preview, recordAction } from '../support/actions.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

it('an incident is closed once, with what came of it', async () => {
  const facts = { occurredAt: new Date(), severity: 'minor', description: 'A scratched fence' }
  const { id } = await desk.harbour.add('Incident', facts)
  const path = recordAction('Incident', id, 'close')
  const manager = await desk.as('manager')
  expect(await confirmed(manager, path, { reason: 'The fence is painted.' })).toMatchObject({ state: 'done' })
  const [row] = await desk.harbour.run('SELECT status, "closedAt" FROM "Incident" WHERE id = $1', [id])
  expect(row).toEqual({ status: 'closed', closedAt: expect.any(Date) as Date })
  expect(await preview(manager, path, { reason: 'Again' })).toMatchObject({
    message: 'This incident is closed already.',
  })
  expect((await (await desk.as('finance'))(path)).status).toBe(404)
})
