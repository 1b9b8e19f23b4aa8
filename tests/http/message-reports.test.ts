import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { linkToken, messageIdOf } from '../../src/domain/messages/links.ts'
import { type Row, type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { type TestServer, startServer } from '../support/server.ts'
import { stubPanel } from './stub-panel.ts'

const SECRET = 'a secret that mail providers are told, once'

let test: TestDatabase
let db: Database
let harbour: School
let server: TestServer
let message: Row

beforeAll(async () => {
  test = await cloneDatabase()
  harbour = await school(test, { name: 'Harbour' })
  db = await openDatabase(test.url)
  server = await startServer({ db, panel: stubPanel(), config: { mailWebhookSecret: SECRET } })
})

beforeEach(async () => {
  await harbour.run('DELETE FROM "ContactOptOut"')
  message = await sent({})
})

afterAll(async () => {
  await server.close()
  await db.close()
  await test.drop()
})

const sent = (values: Record<string, unknown>): Promise<Row> =>
  harbour.add('Message', {
    toAddress: 'mia@example.test',
    channel: 'email',
    templateKey: 'booking_reminder',
    body: 'Soon',
    status: 'sent',
    ...values,
  })

const now = (): number => Math.floor(Date.now() / 1000)
const signature = (body: string, { secret = SECRET, at = now() } = {}): string =>
  `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`

const post = (body: string, headers: Record<string, string> = { 'x-signature': signature(body) }) =>
  fetch(`${server.url}/webhooks/messages`, { method: 'POST', body, headers })

const bounce = (more: object = {}, of: Row = message): string =>
  JSON.stringify({
    reports: [
      {
        messageId: messageIdOf({ id: of.id, orgId: harbour.orgId, copies: 0 }, 'office@school.example'),
        outcome: 'bounced',
        detail: '550 5.1.1 unknown user',
        ...more,
      },
    ],
  })

const stored = async (): Promise<Row> =>
  (await harbour.run('SELECT status, error FROM "Message" WHERE id = $1', [message.id]))[0]!
const reports = (): Promise<Row[]> =>
  harbour.run('SELECT outcome, detail FROM "MessageDelivery" WHERE "messageId" = $1', [message.id])
const optOuts = (): Promise<Row[]> => harbour.run('SELECT address, reason, detail FROM "ContactOptOut"')

describe('a mail provider', () => {
  it('reports a mail that came back: the message has failed, and the address is written to no more', async () => {
    const body = bounce()
    const response = await post(body)
    expect([response.status, await response.json()]).toEqual([200, { reports: 1, known: 1 }])
    expect(await stored()).toEqual({ status: 'failed', error: 'Came back: 550 5.1.1 unknown user' })
    expect(await optOuts()).toEqual([
      { address: 'mia@example.test', reason: 'bounced', detail: '550 5.1.1 unknown user' },
    ])
    // the same report again
    await post(body)
    expect(await reports()).toEqual([{ outcome: 'bounced', detail: '550 5.1.1 unknown user' }])
    expect(await optOuts()).toHaveLength(1)
  })

  it('reports a full mailbox: the message has failed, and the next one is tried', async () => {
    await post(bounce({ permanent: false, detail: '452 mailbox full' }))
    expect(await stored()).toEqual({ status: 'failed', error: 'Could not be delivered: 452 mailbox full' })
    expect(await optOuts()).toEqual([])
  })

  it('reports a delivery and a complaint', async () => {
    await post(bounce({ outcome: 'delivered', detail: '' }))
    expect(await stored()).toEqual({ status: 'delivered', error: null })
    await post(bounce({ outcome: 'complained', detail: 'abuse' }))
    expect(await optOuts()).toEqual([{ address: 'mia@example.test', reason: 'complained', detail: 'abuse' }])
  })

  it('is told how many of its reports were about mails of ours', async () => {
    const foreign = { messageId: '<abc@elsewhere.example>' }
    expect(await (await post(bounce(foreign))).json()).toEqual({ reports: 1, known: 0 })
    const nobody = { messageId: messageIdOf({ id: harbour.studentId, orgId: harbour.orgId, copies: 0 }, 'a@b.c') }
    expect(await (await post(bounce(nobody))).json()).toEqual({ reports: 1, known: 0 })
  })

  it.each([
    ['no signature', () => ({})],
    ['the wrong secret', (body: string) => ({ 'x-signature': signature(body, { secret: 'x'.repeat(32) }) })],
    ['an old signature', (body: string) => ({ 'x-signature': signature(body, { at: now() - 301 }) })],
    ['a signature of something else', () => ({ 'x-signature': signature('{}') })],
  ])('is refused with %s', async (_, headers) => {
    const body = bounce()
    expect((await post(body, headers(body))).status).toBe(403)
    expect(await stored()).toMatchObject({ status: 'sent' })
  })

  it('is told what is wrong with a report that cannot be read', async () => {
    for (const body of ['', 'x', '{}', '{"reports":[{"messageId":1}]}', bounce({ outcome: 'sent' })]) {
      const response = await post(body)
      expect(response.status).toBe(400)
      expect(await response.text()).toContain('could not be read')
    }
  })

  it('is refused where no secret is set', async () => {
    const open = await startServer({ db, panel: stubPanel() })
    const body = bounce()
    const response = await fetch(`${open.url}/webhooks/messages`, {
      method: 'POST',
      body,
      headers: { 'x-signature': signature(body) },
    })
    expect(response.status).toBe(403)
    await open.close()
  })
})

describe('an SMS provider', () => {
  const callback = async (fields: Record<string, string>, purpose: 'status' | 'unsubscribe' = 'status') => {
    const [row] = await harbour.run('SELECT "linkKey" FROM "OrgSettings"')
    const token = linkToken({ orgId: harbour.orgId, messageId: message.id }, purpose, String(row!.linkKey))
    return await fetch(`${server.url}/webhooks/messages/${token}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
    })
  }

  it('says at the address of the message what became of it', async () => {
    message = await sent({ channel: 'sms', toAddress: '+61491570157' })
    expect((await callback({ MessageStatus: 'queued' })).status).toBe(204)
    expect(await stored()).toMatchObject({ status: 'sent' })
    await callback({ MessageStatus: 'delivered' })
    expect(await stored()).toMatchObject({ status: 'delivered' })
    await callback({ MessageStatus: 'undelivered', ErrorCode: '30005' })
    expect(await stored()).toEqual({ status: 'failed', error: 'Came back: undelivered (30005)' })
    expect(await optOuts()).toEqual([{ address: '+61491570157', reason: 'bounced', detail: 'undelivered (30005)' }])
  })

  it('is believed at no other address', async () => {
    expect((await callback({ MessageStatus: 'failed' }, 'unsubscribe')).status).toBe(404)
    expect((await fetch(`${server.url}/webhooks/messages/x`, { method: 'POST' })).status).toBe(404)
    expect(await stored()).toMatchObject({ status: 'sent' })
  })
})
