import { afterAll, beforeAll, expect, test } from 'vitest'
import { confirmed, type Desk, open, openDesk, preview, recordAction, resourceAction } from '../support/actions.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const invite = resourceAction('UserOrg', 'invite')
const zoe = { fullName: 'Zoë Brandt', email: 'zoe@example.test', role: 'finance' }

const membershipOf = async (role: 'finance' | 'owner') => {
  const [row] = await desk.harbour.run('SELECT id FROM "UserOrg" WHERE "userId" = $1', [desk.harbour.people[role]])
  return row!.id
}

test('an owner invites a colleague: a letter is on its way, and nobody is a member yet', async () => {
  const owner = await desk.as('owner')
  const { answer } = { answer: await confirmed(owner, invite, zoe) }
  expect(answer).toMatchObject({ state: 'done', message: 'An invitation is on its way to zoe@example.test.' })
  const jobs = await desk.test.console(
    'superuser',
    `SELECT data -> 'data' AS data FROM pgboss.job WHERE name = 'sign-in-link.send'`,
  )
  expect(jobs).toEqual([{ data: { purpose: 'invitation', ...zoe, school: 'Harbour' } }])
  expect(await desk.harbour.run(`SELECT id FROM "User" WHERE email = 'zoe@example.test'`)).toEqual([])
})

test('inviting somebody who is known elsewhere looks no different', async () => {
  await desk.test.console(
    'superuser',
    `INSERT INTO "User" (email, "fullName") VALUES ('known@example.test', 'Somebody')`,
  )
  const owner = await desk.as('owner')
  const shown = async (email: string) => {
    const { state, preview: seen } = await preview(owner, invite, { ...zoe, email })
    return [state, seen.changes, seen.messages, seen.question.replace(email, '')]
  }
  expect(await shown('known@example.test')).toEqual(await shown('nobody@example.test'))
})

test('an admin invites staff, but no owner; a manager nobody', async () => {
  const admin = await desk.as('admin')
  expect((await preview(admin, invite, zoe)).state).toBe('preview')
  const refused = await preview(admin, invite, { ...zoe, role: 'owner' })
  expect(refused.message).toBe('Only an owner invites another owner.')
  const manager = await (await desk.as('manager'))(invite, { headers: { accept: 'application/json' } })
  expect(manager.status).toBe(404)
})

test('a lost second step is reset by another owner, with a reason; one’s own is not', async () => {
  const owner = await desk.as('owner')
  await desk.test.console(
    'superuser',
    `INSERT INTO auth.second_factor ("userId", secret, "confirmedAt") VALUES ($1, 'x', now())`,
    [desk.harbour.people.finance],
  )
  const reason = 'Called from their own phone'
  const address = recordAction('UserOrg', await membershipOf('finance'), 'reset-second-factor')
  expect(await confirmed(owner, address, { reason })).toMatchObject({ state: 'done' })
  expect(await desk.test.console('superuser', 'SELECT 1 FROM auth.second_factor')).toEqual([])
  const log = await desk.harbour.run(
    `SELECT action FROM "AuditLog" WHERE "entityId" = $1 AND action = 'user.secondFactorReset'`,
    [desk.harbour.people.finance],
  )
  expect(log).toHaveLength(1)
  expect((await confirmed(owner, address, { reason })).message).toBe('This person has no second step.')
  const own = await open(owner, recordAction('UserOrg', await membershipOf('owner'), 'reset-second-factor'))
  expect(own.refused).toBe('You cannot reset your own second step. Ask another owner.')
})
