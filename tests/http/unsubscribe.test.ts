import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { linkToken, type Purpose } from '../../src/domain/messages/links.ts'
import { type Row, type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { type TestServer, startServer } from '../support/server.ts'
import { stubPanel } from './stub-panel.ts'

let test: TestDatabase
let db: Database
let harbour: School
let river: School
let server: TestServer
let message: Row

beforeAll(async () => {
  test = await cloneDatabase()
  harbour = await school(test, { name: 'Harbour <City>' })
  river = await school(test, { name: 'River' })
  db = await openDatabase(test.url)
  server = await startServer({ db, panel: stubPanel() })
})

beforeEach(async () => {
  await harbour.run('DELETE FROM "ContactOptOut"')
  message = await harbour.add('Message', {
    toAddress: 'mia@example.test',
    channel: 'email',
    templateKey: 'booking_reminder',
    subject: 'Reminder',
    body: 'Soon',
    status: 'sent',
  })
})

afterAll(async () => {
  await server.close()
  await db.close()
  await test.drop()
})

const keyOf = async (of: School): Promise<string> =>
  String((await of.run('SELECT "linkKey" FROM "OrgSettings"'))[0]!.linkKey)

async function link(of: School = harbour, purpose: Purpose = 'unsubscribe', key?: string): Promise<string> {
  const linked = { orgId: of.orgId, messageId: message.id }
  return `/unsubscribe/${linkToken(linked, purpose, key ?? (await keyOf(of)))}`
}

const optOuts = (): Promise<Row[]> => harbour.run('SELECT address, channel, "templateKey", reason FROM "ContactOptOut"')

it('looking at the link asks, and changes nothing: mail programs look at links by themselves', async () => {
  const response = await server.visit()(await link())
  const page = await response.text()
  expect(response.status).toBe(200)
  expect(page).toContain('Harbour &lt;City&gt; writes to m••@example.test')
  expect(page).toContain('Reminder of a lesson')
  expect(page).not.toContain('mia@example.test')
  expect(await optOuts()).toEqual([])
})

it('pressing opts out of this kind, or of all, and can be taken back', async () => {
  const visitor = server.visit()
  const path = await link()
  expect(await (await visitor.post(path, { scope: 'kind' })).text()).toContain('gets no more')
  const address = 'mia@example.test'
  expect(await optOuts()).toEqual([{ address, channel: 'email', templateKey: 'booking_reminder', reason: 'asked' }])
  await visitor.post(path, { scope: 'all' })
  await visitor.post(path, { scope: 'all' })
  expect(await optOuts()).toHaveLength(2)
  expect(await (await visitor.post(path, { scope: 'back' })).text()).toContain('Welcome back')
  expect(await optOuts()).toEqual([])
})

it('a mail program opts out in one request, in either form, without a cookie (RFC 8058)', async () => {
  const path = await link()
  const asForm = await fetch(server.url + path, {
    method: 'POST',
    body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
  })
  expect(asForm.status).toBe(200)
  expect(await optOuts()).toHaveLength(1)
  await harbour.run('DELETE FROM "ContactOptOut"')
  const boundary = '----b'
  const asMultipart = await fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: `--${boundary}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--${boundary}--\r\n`,
  })
  expect(asMultipart.status).toBe(200)
  expect(await optOuts()).toHaveLength(1)
})

it('what somebody asked for can be taken back by them; what bounced cannot', async () => {
  await harbour.add('ContactOptOut', { channel: 'email', address: 'mia@example.test', reason: 'bounced' })
  await server.visit().post(await link(), { scope: 'back' })
  expect(await optOuts()).toHaveLength(1)
})

it('a link that we did not write opens nothing, and does not tell whether there is such a message', async () => {
  const genuine = await link()
  const another = genuine.endsWith('A') ? 'B' : 'A'
  const forged = [
    genuine.slice(0, -1) + another,
    genuine.split('.')[0]!,
    `${genuine}x`,
    await link(harbour, 'status'),
    await link(harbour, 'unsubscribe', await keyOf(river)),
    // a genuine link of another school for this message
    await link(river),
    '/unsubscribe/x',
    `/unsubscribe/${'A'.repeat(43)}.${'A'.repeat(43)}`,
  ]
  for (const path of forged) {
    const visitor = server.visit()
    for (const response of [await visitor(path), await visitor.post(path, { scope: 'all' })]) {
      expect([path, response.status]).toEqual([path, 404])
      expect(await response.text()).toContain('was not made by us')
    }
  }
  expect(await optOuts()).toEqual([])
})

it('another website cannot press the button', async () => {
  const response = await server.visit()(await link(), {
    method: 'POST',
    headers: { 'sec-fetch-site': 'cross-site' },
    body: new URLSearchParams({ scope: 'all' }),
  })
  expect(response.status).toBe(403)
  expect(await optOuts()).toEqual([])
})
