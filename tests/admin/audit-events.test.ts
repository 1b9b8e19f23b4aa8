import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { confirmed, type Desk, openDesk, preview, recordAction, send } from '../support/actions.ts'
import { type Browser, TEST_PASSWORD_HASH } from '../support/server.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(async () => await desk.close())

const json = { accept: 'application/json' }
const read = async (browser: Browser, path: string) => (await browser(`/admin/api/${path}`, { headers: json })).status
const student = () => `resources/Student/records/${desk.harbour.studentId}`
const staff = (role: 'owner' | 'manager' | 'compliance' | 'finance') => desk.as(role)

async function approve(): Promise<void> {
  const prices = recordAction('RateCard', desk.harbour.rateCardId, 'adjust-prices')
  const { run } = await confirmed(await staff('manager'), prices, { percent: 5000 })
  const owner = await staff('owner')
  const address = recordAction('ActionRun', run, 'approve')
  const shown = (await preview(owner, address)).preview
  await send(owner, address, { key: randomUUID(), hash: shown.hash, input: {} })
}

async function comeIn(): Promise<Browser> {
  const email = `${randomUUID()}@platform.example.test`
  await desk.test.console(
    'superuser',
    `INSERT INTO "User" (email, "fullName", password, "platformRole") VALUES ($1, 'Odile', $2, 'support')`,
    [email, TEST_PASSWORD_HASH],
  )
  const browser = await desk.server.signIn(email)
  const wish = { school: desk.harbour.orgId, minutes: '15', reason: 'Ticket 4711: nobody gets reminders' }
  await browser.post('/admin/platform/enter', wish)
  return browser
}

/** What happens, and what the log of the school calls it. */
const happenings: [what: string, happen: () => Promise<unknown>, entry: Record<string, unknown>][] = [
  ['somebody signs in', () => staff('compliance'), { action: 'user.signIn', actorKind: 'user' }],
  [
    'a password is wrong',
    async () => {
      const email = `finance@${desk.harbour.slug}.example.test`
      await desk.server.visit().post('/admin/login', { email, password: 'not the one that it is' })
    },
    { action: 'user.signInRefused', actorUserId: null },
  ],
  [
    'somebody tries what their role may not',
    async () => await read(await staff('manager'), 'panel/audit'),
    { action: 'access.denied', actorRole: 'manager', after: { method: 'GET', path: '/admin/api/panel/audit' } },
  ],
  [
    'the record of a person is opened',
    async () => await read(await staff('finance'), `${student()}/show`),
    { action: 'personal-data.viewed', entityType: 'Student', actorRole: 'finance', after: {} },
  ],
  [
    'a list of people is read',
    async () => await read(await staff('finance'), 'resources/Guardian/actions/list'),
    { action: 'personal-data.viewed', entityType: 'Guardian', after: { as: 'list' } },
  ],
  [
    'a list is taken as a file',
    async () => await (await (await staff('owner')).post('/admin/api/panel/export/Student')).text(),
    { action: 'student.export', actorRole: 'owner' },
  ],
  ['something that waits is approved', approve, { action: 'action-run.approve', actorRole: 'owner' }],
  [
    'a rule is overridden',
    async () => {
      const { harbour } = desk
      const acting = { user_id: harbour.people.owner, role: 'owner', override: 'Agreed by phone with the mother' }
      await harbour.change('Booking', (await harbour.booking()).id, { notes: 'See reason' }, acting)
    },
    { action: 'booking.update', reason: 'Agreed by phone with the mother', actorRole: 'owner' },
  ],
  ['somebody of the platform comes in', comeIn, { action: 'operator.enter', actorKind: 'operator' }],
]

test.each(happenings)('when %s the audit log of the school says so', async (_what, happen, entry) => {
  await happen()
  await vi.waitFor(async () => {
    const found = await desk.harbour.run(
      `SELECT action, "actorKind"::text, "actorUserId", "actorRole", "entityType", after, reason FROM "AuditLog" WHERE action = $1`,
      [entry.action],
    )
    expect(found).toContainEqual(expect.objectContaining(entry))
  }, 5_000)
})

test('who looks at the same person again within the hour is noted once, and never what they saw', async () => {
  const manager = await staff('manager')
  for (const path of [`${student()}/show`, `${student()}/edit`, `${student()}/show`])
    expect(await read(manager, path)).toBe(200)
  const entries = async () =>
    await desk.harbour.run(
      `SELECT after::text FROM "AuditLog" WHERE action = 'personal-data.viewed' AND "entityId" = $1 AND "actorRole" = 'manager'`,
      [desk.harbour.studentId],
    )
  await vi.waitFor(async () => expect(await entries()).toEqual([{ after: '{}' }]), 5_000)
  // in a new session it is noted anew
  const again = await desk.server.signIn(`manager@${desk.harbour.slug}.example.test`)
  expect(await read(again, `${student()}/show`)).toBe(200)
  await vi.waitFor(async () => expect(await entries()).toHaveLength(2), 5_000)
})
