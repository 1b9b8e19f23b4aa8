import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Desk, bulkAction, confirmed, openDesk, recordAction } from '../support/actions.ts'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const message = (values: Record<string, unknown>) =>
  desk.harbour.add('Message', {
    toAddress: 'mia@example.test',
    channel: 'email',
    templateKey: 'booking_confirmed',
    subject: 'Your lesson',
    body: 'See you.',
    ...values,
  })

const jobs = () =>
  desk.test.console('superuser', `SELECT data #>> '{data,messageId}' AS id FROM pgboss.job WHERE name = 'message.send'`)

it('a manager sends messages again that could not go, and each gets its job', async () => {
  const ids = [
    (await message({ status: 'failed', error: '550 no' })).id,
    (await message({ status: 'not_sent', error: 'Not sent' })).id,
  ]
  const answer = await confirmed(await desk.as('manager'), bulkAction('Message', ids, 'resend'))
  expect(answer).toMatchObject({ state: 'done' })
  const rows = await desk.harbour.run('SELECT status, error, copies FROM "Message" WHERE id = ANY ($1)', [ids])
  expect(rows).toEqual([0, 0].map((copies) => ({ status: 'queued', error: null, copies })))
  expect((await jobs()).map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
})

it('one that waits is not sent again', async () => {
  const { id } = await message({})
  const answer = await confirmed(await desk.as('manager'), bulkAction('Message', [id], 'resend'))
  expect(answer).toMatchObject({ state: 'refused' })
  expect(JSON.stringify(answer)).toContain('This message waits to be sent already.')
})

it('a test goes to an address that is one, and only there', async () => {
  const { id } = await desk.harbour.add('MessageTemplate', {
    key: 'booking_reminder',
    channel: 'sms',
    body: 'Soon: {{when}}',
  })
  const path = recordAction('MessageTemplate', id, 'test')
  const manager = await desk.as('manager')
  expect(await confirmed(manager, path, { to: 'my telephone' })).toMatchObject({
    state: 'invalid',
    errors: { to: 'Write a mobile number, like 0491 570 156.' },
  })
  expect(await confirmed(manager, path, { to: '0491 570 156' })).toMatchObject({
    state: 'done',
    message: 'A test goes to +61491570156. The message log shows what becomes of it.',
  })
  const [row] = await desk.harbour.run(`SELECT body FROM "Message" WHERE "relatedType" = 'MessageTemplate'`)
  expect(row!.body).toMatch(/^Soon: Tue .*15:30$/)
})
