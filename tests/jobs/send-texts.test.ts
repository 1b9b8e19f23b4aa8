import { once } from 'node:events'
import { type IncomingHttpHeaders, type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Context } from '../../src/core/context.ts'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { deliver } from '../../src/jobs/send-message.ts'
import { type Carriers, carriersOf } from '../../src/services/messages.ts'
import { type Row, type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'

interface Asked {
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly fields: URLSearchParams
}

let test: TestDatabase
let db: Database
let ours: School
let ctx: Context
let provider: Server
let carriers: Carriers
const asked: Asked[] = []
/** What the provider answers next; a hang-up when there is none. */
let answer: { status: number; body: object } | null

beforeAll(async () => {
  test = await cloneDatabase()
  db = await openDatabase(test.url)
  ours = await school(test)
  ctx = { db, orgId: ours.orgId, userId: null, role: null, actorKind: 'system', ip: null, requestId: 'text' }
  provider = createServer(async (req, res) => {
    let body = ''
    for await (const chunk of req) body += String(chunk)
    asked.push({ url: req.url!, headers: req.headers, fields: new URLSearchParams(body) })
    if (answer === null) req.socket.destroy()
    else res.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body))
  })
  provider.listen(0, '127.0.0.1')
  await once(provider, 'listening')
  const { port } = provider.address() as AddressInfo
  carriers = carriersOf({
    mailFrom: 'office@school.example',
    appUrl: 'https://admin.example',
    text: { url: `http://127.0.0.1:${port}/`, account: 'AC1', token: 'secret', smsFrom: '+61491570006' },
  })
})

afterEach(() => void asked.splice(0))

afterAll(async () => {
  provider.close()
  await db.close()
  await test.drop()
})

const write = (values: Record<string, unknown> = {}): Promise<Row> =>
  ours.add('Message', {
    toAddress: '+61491570157',
    channel: 'sms',
    templateKey: 'booking_reminder',
    body: 'Lesson at 9. Opt out: {{unsubscribe}}',
    ...values,
  })
const send = (id: string, now = new Date()) => deliver({ ...ctx, now }, id, carriers)
const stored = async (id: string): Promise<Row> => (await ours.run('SELECT * FROM "Message" WHERE id = $1', [id]))[0]!

it('an SMS goes to the provider with our sign-in, and comes back with its id', async () => {
  answer = { status: 201, body: { sid: 'SM77' } }
  const { id } = await write()
  await send(id)
  const [{ url, headers, fields }] = asked as [Asked]
  expect(url).toBe('/2010-04-01/Accounts/AC1/Messages.json')
  expect(headers.authorization).toBe(`Basic ${Buffer.from('AC1:secret').toString('base64')}`)
  expect(Object.fromEntries(fields)).toMatchObject({ From: '+61491570006', To: '+61491570157' })
  expect(fields.get('Body')).toMatch(/^Lesson at 9\. Opt out: https:\/\/admin\.example\/unsubscribe\/[\w.-]+$/)
  expect(fields.get('StatusCallback')).toMatch(/^https:\/\/admin\.example\/webhooks\/messages\/[\w.-]+$/)
  expect(await stored(id)).toMatchObject({ status: 'sent', providerId: 'SM77' })
})

it('a number that the provider cannot reach is written to no more', async () => {
  answer = { status: 400, body: { code: 21_614, message: 'Not a mobile number' } }
  const { id } = await write({ toAddress: '+61255501234' })
  await send(id)
  expect(await stored(id)).toMatchObject({ status: 'failed', error: '400 (21614): Not a mobile number' })
  const next = await write({ toAddress: '+61255501234' })
  await send(next.id)
  expect((await stored(next.id)).status).toBe('suppressed')
  expect(asked).toHaveLength(1)
})

it('a provider that is busy, or does not know us, is asked again later', async () => {
  const { id } = await write()
  answer = { status: 503, body: { message: 'Busy' } }
  await send(id)
  expect(await stored(id)).toMatchObject({ status: 'queued', error: '503: Busy' })
  answer = { status: 401, body: { message: 'Authenticate' } }
  await send(id, new Date(Date.now() + 2 * 60_000))
  expect((await stored(id)).error).toMatch(/refuses our sign-in \(TEXT_ACCOUNT, TEXT_TOKEN\)/)
  answer = { status: 201, body: { sid: 'SM78' } }
  await send(id, new Date(Date.now() + 20 * 60_000))
  expect(await stored(id)).toMatchObject({ status: 'sent', attempts: 3 })
})

it('a provider that hangs up with the message in its hands leaves it in doubt, and gets it no second time', async () => {
  answer = null
  const { id } = await write()
  await send(id)
  const row = await stored(id)
  expect(row.status).toBe('failed')
  expect(row.error).toMatch(/^In doubt/)
  await send(id, new Date(Date.now() + 3_600_000))
  expect(asked).toHaveLength(1)
})

it('WhatsApp without a sender is kept here, and says so', async () => {
  const { id } = await write({ channel: 'whatsapp' })
  await send(id)
  expect(await stored(id)).toMatchObject({
    status: 'not_sent',
    error: 'Not sent: no WhatsApp provider is configured (TEXT_API_URL, WHATSAPP_FROM). It is kept here only.',
  })
  expect(asked).toEqual([])
})
