import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { confirmed, open, preview, recordAction, send } from '../support/actions.ts'
import { type School, type TestDatabase, cloneDatabase, school } from '../support/database.ts'
import { type Browser, TEST_PASSWORD, TEST_PASSWORD_HASH, type TestServer, startServer } from '../support/server.ts'

let test: TestDatabase
let db: Database
let server: TestServer
let harbour: School
let manager: Browser
let owner: Browser
let finance: Browser
let compliance: Browser

beforeAll(async () => {
  test = await cloneDatabase()
  harbour = await school(test, { name: 'Harbour', passwordHash: TEST_PASSWORD_HASH })
  db = await openDatabase(test.url)
  server = await startServer({ db })
  const as = (role: string) => server.signIn(`${role}@${harbour.slug}.example.test`)
  ;[manager, owner, finance, compliance] = (await Promise.all(
    ['manager', 'owner', 'finance', 'compliance'].map(as),
  )) as [Browser, Browser, Browser, Browser]
})
afterAll(async () => {
  await server.close()
  await db.close()
  await test.drop()
})

const adjust = () => recordAction('RateCard', harbour.rateCardId, 'adjust-prices')
const settle = (run: string, how: 'approve' | 'reject') => recordAction('ActionRun', run, how)
const price = async () =>
  Number(
    (await harbour.run('SELECT "priceCents" FROM "RateCardItem" WHERE "rateCardId" = $1', [harbour.rateCardId]))[0]!
      .priceCents,
  )
const runOf = async (id: string) => (await harbour.run('SELECT * FROM "ActionRun" WHERE id = $1', [id]))[0]!
const ask = async (browser: Browser, percent: number) => (await confirmed(browser, adjust(), { percent })).run
/** As if everybody had signed in some time ago. */
const passwordsAgo = (minutes: number) =>
  test.console(
    'superuser',
    `UPDATE auth.session SET sess = (jsonb_set(sess::jsonb, '{createdAt}', to_jsonb($1::bigint)) - 'confirmedAt')::json`,
    [Date.now() - minutes * 60_000],
  )

describe('money asks for the password again', () => {
  it('when it was given more than five minutes ago, and keeps what was typed', async () => {
    await passwordsAgo(6)
    expect((await open(manager, adjust())).needsPassword).toBe(true)
    const { preview: shown } = await preview(manager, adjust(), { percent: 1000 })
    const body = { key: randomUUID(), hash: shown.hash, input: { percent: 1000 } }
    expect((await send(manager, adjust(), body)).answer).toMatchObject({ state: 'password' })
    expect(await price()).toBe(8500)
    expect((await manager.post('/admin/api/reauthenticate', { password: TEST_PASSWORD })).status).toBe(200)
    expect((await send(manager, adjust(), body)).answer).toMatchObject({
      state: 'done',
      message: 'One price of Standard is changed.',
    })
    expect(await price()).toBe(9350)
    expect((await open(manager, adjust())).needsPassword).toBe(false)
    await owner.post('/admin/api/reauthenticate', { password: TEST_PASSWORD })
    await finance.post('/admin/api/reauthenticate', { password: TEST_PASSWORD })
  })
})

describe('what somebody else must agree to', () => {
  it('waits, shows its consequences to whoever decides, and happens once with both people in the record', async () => {
    const before = await price()
    const asked = await confirmed(manager, adjust(), { percent: 5000 })
    expect(asked).toMatchObject({
      state: 'waiting',
      message: 'This waits for the approval of somebody else: owner, finance.',
    })
    expect(await price()).toBe(before)
    const { preview: shown } = await preview(finance, settle(asked.run, 'approve'))
    expect(shown.question).toBe('Approve “Adjust prices: Standard”?')
    expect(shown.changes.map(({ singular }) => singular)).toContain('Price')
    const key = randomUUID()
    const press = () => send(finance, settle(asked.run, 'approve'), { key, hash: shown.hash })
    const twice = await Promise.all([press(), press()])
    expect(twice.map(({ answer }) => answer.message)).toEqual(Array(2).fill('Approved: Adjust prices: Standard.'))
    expect(await price()).toBe(Math.round(before * 1.5))
    expect(await runOf(asked.run)).toMatchObject({
      status: 'succeeded',
      actorUserId: harbour.people.manager,
      approvedById: harbour.people.finance,
    })
    const [event] = await harbour.run(
      `SELECT "actorUserId", after FROM "AuditLog" WHERE action = 'rate-card.adjust-prices' ORDER BY seq DESC LIMIT 1`,
    )
    expect(event).toMatchObject({ actorUserId: harbour.people.finance, after: { run: asked.run, approved: true } })
    const { answer } = await send(owner, settle(asked.run, 'approve'), { preview: true, key: randomUUID() })
    expect(answer.message).toBe('Nobody waits for an approval of this any more.')
  })

  it('is refused to whoever asked and to other roles, with the rule, by the database too', async () => {
    const run = await ask(owner, 4000)
    expect(await preview(owner, settle(run, 'approve'))).toMatchObject({
      state: 'refused',
      message: 'You asked for this yourself, so somebody else must approve it: four eyes.',
    })
    expect(await preview(compliance, settle(run, 'approve'))).toMatchObject({
      state: 'refused',
      message: 'Only these roles may approve this: owner, finance.',
    })
    expect((await manager(settle(run, 'approve'))).status).toBe(404)
    const self = harbour.change('ActionRun', run, { approvedById: harbour.people.owner })
    await expect(self).rejects.toMatchObject({ constraint: 'action_run_two_people' })
    await expect(harbour.change('ActionRun', run, { status: 'succeeded' })).rejects.toMatchObject({
      constraint: 'action_run_approved',
    })
  })

  it('can be refused with a reason, which whoever asked reads', async () => {
    const before = await price()
    const run = await ask(manager, -3000)
    expect(await preview(finance, settle(run, 'reject'))).toMatchObject({ errors: { reason: 'Reason is needed.' } })
    const answer = await confirmed(finance, settle(run, 'reject'), { reason: 'Not before the holidays' })
    expect(answer).toMatchObject({ state: 'done', message: 'Adjust prices: Standard is rejected.' })
    expect(await price()).toBe(before)
    const told = (await (await manager(`/admin/api/panel/runs/${run}`)).json()) as { answer: { message: string } }
    expect(told.answer.message).toBe('This was rejected: Not before the holidays')
    expect((await server.visit()(`/admin/api/panel/runs/${run}`)).status).not.toBe(200)
  })

  it('is not done any more when whoever asked may no longer do it', async () => {
    const run = await ask(manager, 6000)
    await harbour.run(`UPDATE "UserOrg" SET status = 'suspended' WHERE "userId" = $1`, [harbour.people.manager])
    expect(await preview(finance, settle(run, 'approve'))).toMatchObject({
      state: 'refused',
      message: 'Whoever asked for this may no longer do it. Reject it.',
    })
    await harbour.run(`UPDATE "UserOrg" SET status = 'active' WHERE "userId" = $1`, [harbour.people.manager])
  })

  it('shows in the list of those who may decide, without codes', async () => {
    const response = await finance('/admin/api/resources/ActionRun/actions/list?scope=to-approve')
    const { records } = (await response.json()) as {
      records: { title: string; params: object; recordActions: string[] }[]
    }
    const first = records.find(({ recordActions }) => recordActions.includes('approve'))
    expect(first!.title).toBe('Adjust prices: Standard')
    expect(first!.recordActions).toEqual(expect.arrayContaining(['show', 'approve', 'reject']))
    for (const hidden of ['request', 'result', 'inputHash', 'recordId', 'idempotencyKey'])
      expect(first!.params).not.toHaveProperty(hidden)
  })
})
