import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Action } from '../../src/core/action.ts'
import { discover } from '../../src/core/discover.ts'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { bulkAction, recordAction, resourceAction, send } from '../support/actions.ts'
import {
  STAFF_ROLES,
  type School,
  type StaffRole,
  type TestDatabase,
  cloneDatabase,
  school,
} from '../support/database.ts'
import { type Browser, TEST_PASSWORD_HASH, type TestServer, startServer } from '../support/server.ts'

// every action of src/actions, against every role and against another school's records

const actions = (await discover<Action>('actions')).map(({ value }) => value)
const NO_PAGE = 'There is no such page.'

let test: TestDatabase
let db: Database
let server: TestServer
let other: School
const browsers = {} as Record<StaffRole, Browser>

beforeAll(async () => {
  test = await cloneDatabase()
  const harbour = await school(test, { name: 'Harbour', passwordHash: TEST_PASSWORD_HASH })
  other = await school(test, { name: 'Other' })
  await other.booking()
  await other.add('Incident', { occurredAt: new Date(), severity: 'minor', description: 'A scratch' })
  await other.add('InstructorCredential', {
    instructorId: other.instructorId,
    kind: 'medical',
    number: 'M-1',
    expiresOn: '2099-01-01',
  })
  await other.add('ActionRun', {
    idempotencyKey: 'k',
    action: 'student.archive',
    inputHash: 'h',
    status: 'waiting',
    approvers: 'owner',
  })
  db = await openDatabase(test.url)
  server = await startServer({ db })
  for (const role of STAFF_ROLES) browsers[role] = await server.signIn(`${role}@${harbour.slug}.example.test`)
})
afterAll(async () => {
  await server.close()
  await db.close()
  await test.drop()
})

const pathOf = ({ model, name, on }: Action, id: string): string => {
  const address = name.slice(name.indexOf('.') + 1)
  if (on === 'resource') return resourceAction(model, address)
  return on === 'record' ? recordAction(model, id, address) : bulkAction(model, [id], address)
}
/** The other shapes: where an action is not, whoever asks. */
const elsewhere = ({ model, name, on }: Action, id: string): string[] => {
  const address = name.slice(name.indexOf('.') + 1)
  const paths = {
    resource: resourceAction(model, address),
    record: recordAction(model, id, address),
    bulk: bulkAction(model, [id], address),
  }
  return Object.entries(paths).flatMap(([shape, path]) => (shape === on ? [] : [path]))
}
const ask = async (browser: Browser, path: string): Promise<{ status: number; message?: string }> => {
  const response = await browser(path, { headers: { accept: 'application/json' } })
  return { status: response.status, ...((await response.json()) as { message?: string }) }
}

describe.each(actions.map((action) => [action.name, action] as const))('%s', (_name, action) => {
  it('is there for the roles that may, and for nobody else; in its own shape only', async () => {
    const open: string[] = []
    const closed: number[] = []
    for (const role of STAFF_ROLES) {
      const id = randomUUID()
      const { status, message } = await ask(browsers[role], pathOf(action, id))
      if (message !== NO_PAGE) open.push(role)
      else closed.push(status)
      for (const path of elsewhere(action, id))
        expect(await ask(browsers[role], path)).toMatchObject({ status: 404, message: NO_PAGE })
    }
    expect(closed.every((status) => status === 404)).toBe(true)
    expect(open.toSorted()).toEqual([...action.may].toSorted())
    expect((await ask(server.visit(), pathOf(action, randomUUID()))).status).toBe(401)
  })

  it('does not reach a record of another school, and cannot tell it from one that is not there', async () => {
    if (action.on === 'resource') return
    const [row] = await other.run(`SELECT id FROM "${action.model}" LIMIT 1`)
    const before = await other.run('SELECT count(*) AS n FROM "AuditLog"')
    const browser = browsers[action.may[0] as StaffRole]
    for (const body of [
      { preview: true, key: randomUUID() },
      { key: randomUUID(), hash: 'x' },
    ]) {
      const foreign = await send(browser, pathOf(action, row?.id ?? randomUUID()), body)
      const missing = await send(browser, pathOf(action, randomUUID()), { ...body, key: randomUUID() })
      expect(foreign).toEqual(missing)
      expect(foreign.status).toBe(404)
    }
    expect(await other.run('SELECT count(*) AS n FROM "AuditLog"')).toEqual(before)
  })
})
