import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { type Browser, TEST_PASSWORD_HASH, type TestServer, startServer } from '../support/server.ts'

interface SavedView {
  id: string
  name: string
  sharedWith: string | null
  isOwn: boolean
  by: string | null
  canDelete: boolean
  isPart: boolean
  settings: { filters?: Record<string, string>; columns?: string[]; sortBy?: string; scope?: string; q?: string }
}

let test: TestDatabase
let db: Database
let server: TestServer
let harbour: School
let owner: Browser
let manager: Browser
let finance: Browser
let stranger: Browser

beforeAll(async () => {
  test = await cloneDatabase()
  harbour = await school(test, { name: 'Harbour', passwordHash: TEST_PASSWORD_HASH })
  const torrens = await school(test, { name: 'Torrens', passwordHash: TEST_PASSWORD_HASH })
  db = await openDatabase(test.url)
  server = await startServer({ db })
  const person = (role: string, { slug }: School) => server.signIn(`${role}@${slug}.example.test`)
  ;[owner, manager, finance, stranger] = await Promise.all([
    person('owner', harbour),
    person('manager', harbour),
    person('finance', harbour),
    person('manager', torrens),
  ])
})

afterAll(async () => {
  await server.close()
  await db.close()
  await test.drop()
})

const UNPAID = { filters: { 'startAt~~from': '2026-11-01' }, scope: 'to-confirm', sortBy: 'startAt', direction: 'asc' }

async function post(browser: Browser, path: string, fields: Record<string, unknown>) {
  const { settings, ...rest } = fields as Record<string, string>
  const response = await browser.post(`/admin/api/panel/saved-views/${path}`, {
    ...rest,
    ...(settings === undefined ? {} : { settings: typeof settings === 'string' ? settings : JSON.stringify(settings) }),
  })
  return { status: response.status, ...((await response.json()) as { id?: string; message?: string }) }
}

async function views(browser: Browser, model = 'Booking'): Promise<SavedView[]> {
  const response = await browser(`/admin/api/panel/saved-views/${model}`)
  expect(response.status).toBe(200)
  return ((await response.json()) as { views: SavedView[] }).views
}

const named = async (browser: Browser, name: string, model?: string) =>
  (await views(browser, model)).find((view) => view.name === name)

describe('a manager', () => {
  it('saves a view of a list, finds it again, changes and deletes it', async () => {
    const { id } = await post(manager, 'Booking', { name: ' To call ', settings: UNPAID })
    expect(await named(manager, 'To call')).toMatchObject({
      id,
      isOwn: true,
      isPart: false,
      sharedWith: null,
      settings: UNPAID,
    })
    expect((await post(manager, `Booking/${id}`, { name: 'To ring' })).status).toBe(200)
    expect((await post(manager, `Booking/${id}`, { settings: { columns: ['startAt', 'student.phone'] } })).status).toBe(
      200,
    )
    expect(await named(manager, 'To ring')).toMatchObject({ settings: { columns: ['startAt', 'student.phone'] } })
    expect((await post(manager, `Booking/${id}/delete`, {})).status).toBe(200)
    expect(await views(manager)).toEqual([])
  })

  it('has one view of a name, and is told so', async () => {
    await post(manager, 'Student', { name: 'Twice', settings: {} })
    const again = await post(manager, 'Student', { name: 'Twice', settings: {} })
    expect(again).toMatchObject({ status: 409, message: 'You have a view of that name. Choose another name.' })
    expect((await post(finance, 'Student', { name: 'Twice', settings: {} })).status).toBe(200)
    const { id } = await post(manager, 'Student', { name: 'Thrice', settings: {} })
    expect(await post(manager, `Student/${id}`, { name: 'Twice' })).toMatchObject({
      status: 409,
      message: again.message,
    })
  })

  it.each([
    [{ name: '', settings: {} }, 'Give the view a name.'],
    [{ name: 'x'.repeat(61), settings: {} }, 'A name has at most 60 characters.'],
    [{ name: 'a', settings: 'nonsense' }, /^This view cannot be read/],
    [{ name: 'a', settings: { anything: 1 } }, /^This view cannot be read/],
    [{ name: 'a', settings: { filters: { priceCents: '1' } } }, 'There is no filter "priceCents" here.'],
    [{ name: 'a', settings: { filters: { status: 'finished' } } }, 'Status has no such value.'],
    [{ name: 'a', settings: { sortBy: 'vehicle' } }, 'The list cannot be sorted by "vehicle".'],
    [{ name: 'a', settings: { scope: 'nowhere' } }, 'There is no tab "nowhere" here.'],
    [{ name: 'a', settings: { columns: ['version'] } }, /is no column of this list/],
    [{ name: 'a', settings: {}, sharedWith: 'student' }, 'Choose a role that sees this list.'],
    [{ name: 'a\u0000', settings: {} }, 'The name has a character that cannot be stored.'],
  ])('is told what is wrong with %j', async (fields, sentence) => {
    const answer = await post(manager, 'Booking', fields)
    expect(answer.status).toBe(400)
    expect(answer.message).toMatch(sentence)
  })
})

describe('a view that is shared with a role', () => {
  it('is seen by that role and no other, nor by another school', async () => {
    await post(manager, 'Booking', { name: 'For finance', settings: UNPAID, sharedWith: 'finance' })
    expect(await named(finance, 'For finance')).toMatchObject({ isOwn: false, canDelete: false, sharedWith: 'finance' })
    expect((await named(finance, 'For finance'))!.by).toMatch(/^Manager of/)
    expect(await named(owner, 'For finance')).toBeUndefined()
    expect(await named(stranger, 'For finance')).toBeUndefined()
  })

  it('is applied without what the role does not see, and says so', async () => {
    const settings = { ...UNPAID, q: 'mia', columns: ['startAt', 'student.phone', 'notes', 'status'] }
    await post(manager, 'Booking', { name: 'With telephone numbers', settings, sharedWith: 'finance' })
    const seen = await named(finance, 'With telephone numbers')
    expect(seen).toMatchObject({ isPart: true, settings: { ...settings, columns: ['startAt', 'status'] } })
    expect(JSON.stringify(seen)).not.toMatch(/phone"|notes/)
  })

  it('cannot be given to a role that does not see the list', async () => {
    const answer = await post(owner, 'Payout', { name: 'Held', settings: { scope: 'held' }, sharedWith: 'manager' })
    expect([answer.status, answer.message]).toEqual([400, 'Choose a role that sees this list.'])
  })

  it('is changed by nobody else, and removed by who keeps order', async () => {
    const { id } = await post(manager, 'Booking', { name: 'For owners', settings: {}, sharedWith: 'owner' })
    const { id: own } = await post(manager, 'Booking', { name: 'My own', settings: {} })
    expect((await post(owner, `Booking/${id}`, { name: 'Ours' })).status).toBe(404)
    expect((await post(finance, `Booking/${id}/delete`, {})).status).toBe(404)
    expect((await post(stranger, `Booking/${id}/delete`, {})).status).toBe(404)
    expect((await post(owner, `Booking/${own}/delete`, {})).status).toBe(404)
    expect(await named(owner, 'For owners')).toMatchObject({ canDelete: true })
    expect((await post(owner, `Booking/${id}/delete`, {})).status).toBe(200)
    expect(await named(owner, 'For owners')).toBeUndefined()
    expect(await named(manager, 'My own')).toBeDefined()
  })
})

it('nobody keeps views of a list that is not theirs to see', async () => {
  expect((await post(manager, 'Payout', { name: 'x', settings: {} })).status).toBe(404)
  expect((await manager('/admin/api/panel/saved-views/Payout')).status).toBe(404)
  expect(
    (await server.visit().post('/admin/api/panel/saved-views/Booking', { name: 'x', settings: '{}' })).status,
  ).toBe(401)
})
