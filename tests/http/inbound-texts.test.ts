import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { wishOf } from '../../src/domain/messages/answer-text.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { type TestServer, startServer } from '../support/server.ts'
import { stubPanel } from './stub-panel.ts'

const TOKEN = 'the token of the provider'
const APP_URL = 'https://admin.school.example'
const MIA = '+61491570157'

let test: TestDatabase
let db: Database
let harbour: School
let hills: School
let strangers: School
let server: TestServer

beforeAll(async () => {
  test = await cloneDatabase()
  harbour = await school(test, { name: 'Harbour' })
  hills = await school(test, { name: 'Hills' })
  strangers = await school(test, { name: 'Strangers' })
  for (const one of [harbour, hills])
    await one.add('Message', { toAddress: MIA, channel: 'sms', templateKey: 'booking_reminder', body: 'Soon' })
  await strangers.add('Message', { toAddress: MIA, channel: 'whatsapp', templateKey: 'booking_reminder', body: 'Soon' })
  db = await openDatabase(test.url)
  const text = { url: 'https://api.twilio.com', account: 'AC1', token: TOKEN }
  server = await startServer({ db, panel: stubPanel(), config: { appUrl: APP_URL, text } })
})
beforeEach(async () => {
  for (const one of [harbour, hills, strangers]) await one.run('DELETE FROM "ContactOptOut"')
})
afterAll(async () => {
  await server.close()
  await db.close()
  await test.drop()
})

function signatureOf(fields: Record<string, string>, token = TOKEN): string {
  const text = Object.keys(fields)
    .toSorted()
    .map((name) => name + fields[name])
    .join('')
  return createHmac('sha1', token).update(`${APP_URL}/webhooks/texts${text}`).digest('base64')
}

const answer = async (body: string, more: { from?: string; signature?: string } = {}) => {
  const fields = { MessageSid: 'SM1', From: more.from ?? MIA, To: '+61480000000', Body: body }
  return await fetch(`${server.url}/webhooks/texts`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { 'x-twilio-signature': more.signature ?? signatureOf(fields) },
  })
}
const closedAt = async (one: School) =>
  (await one.run('SELECT channel, address, reason FROM "ContactOptOut" ORDER BY channel')).map(
    ({ channel, address, reason }) => `${String(channel)} ${String(address)} ${String(reason)}`,
  )

describe('a learner who answers a text', () => {
  it('with STOP gets no more texts from any school that wrote to that number, until START', async () => {
    const stopped = await answer(' Stop. ')
    expect([stopped.status, stopped.headers.get('content-type')]).toEqual([200, 'text/xml; charset=utf-8'])
    expect(await stopped.text()).toContain('<Response/>')
    await answer('STOP')
    for (const one of [harbour, hills]) expect(await closedAt(one)).toEqual([`sms ${MIA} asked`])
    expect(await closedAt(strangers)).toEqual([])
    const log = await harbour.run(`SELECT action, "actorKind" FROM "AuditLog" WHERE "entityType" = 'ContactOptOut'
      ORDER BY seq DESC LIMIT 1`)
    expect(log).toEqual([{ action: 'contactOptOut.create', actorKind: 'webhook' }])
    await answer('unstop')
    for (const one of [harbour, hills]) expect(await closedAt(one)).toEqual([])
  })

  it('on WhatsApp means WhatsApp', async () => {
    await answer('STOP', { from: `whatsapp:${MIA}` })
    expect([await closedAt(harbour), await closedAt(strangers)]).toEqual([[], [`whatsapp ${MIA} asked`]])
  })

  it('with START opens what the provider refused because of the STOP, and nothing that came back', async () => {
    const closed = { address: MIA, channel: 'sms', reason: 'bounced' }
    await harbour.add('ContactOptOut', { ...closed, detail: 'failed (21610)' })
    await hills.add('ContactOptOut', { ...closed, detail: 'undelivered (30005)' })
    await answer('START')
    expect([await closedAt(harbour), await closedAt(hills)]).toEqual([[], [`sms ${MIA} bounced`]])
  })

  it.each(['HELP', 'Please stop calling me', '', 'See you at nine'])('with %j changes nothing', async (body) => {
    expect((await answer(body)).status).toBe(200)
    expect(await closedAt(harbour)).toEqual([])
    expect(wishOf(body)).toBeNull()
  })

  it('is believed only when the provider has signed it', async () => {
    for (const signature of ['', 'x', signatureOf({ Body: 'STOP' }), signatureOf({ Body: 'STOP' }, 'another')])
      expect((await answer('STOP', { signature })).status).toBe(403)
    expect(await closedAt(harbour)).toEqual([])
    const without = await startServer({ db, panel: stubPanel() })
    const refused = await fetch(`${without.url}/webhooks/texts`, { method: 'POST' })
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('TEXT_TOKEN is not set')])
    await without.close()
  })
})
