import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { masked } from '../../src/admin/records/masking.ts'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type School, type StaffRole, school } from '../support/school.ts'
import { type Browser, TEST_PASSWORD_HASH, type TestServer, startServer } from '../support/server.ts'

let test: TestDatabase
let db: Database
let server: TestServer
let harbour: School
let as: Record<StaffRole, Browser>

beforeAll(async () => {
  test = await cloneDatabase()
  harbour = await school(test, { name: 'Harbour', passwordHash: TEST_PASSWORD_HASH })
  db = await openDatabase(test.url)
  server = await startServer({ db })
  const roles = ['owner', 'manager', 'finance'] as const
  const browsers = await Promise.all(roles.map((role) => server.signIn(`${role}@${harbour.slug}.example.test`)))
  as = Object.fromEntries(roles.map((role, index) => [role, browsers[index]!])) as Record<StaffRole, Browser>
})

afterAll(async () => {
  await server.close()
  await db.close()
  await test.drop()
})

interface Answer {
  record: {
    title: string
    params: Record<string, unknown>
    errors: Record<string, { message: string }>
    locked?: Record<string, string>
  }
  records: { title: string; params: Record<string, unknown> }[]
  meta: { total: number }
  notice?: { message: string; type: string }
  message?: string
}
const api = (path: string) => `/admin/api/resources/${path}`
const get = async (role: StaffRole, path: string): Promise<Answer> =>
  (await (await as[role](api(path))).json()) as Answer
const save = async (role: StaffRole, path: string, fields: Record<string, string>): Promise<Answer> =>
  (await (await as[role].post(api(path), fields)).json()) as Answer

describe('a masked field', () => {
  it('shows its end to finance and all of it to the manager', async () => {
    const values = { fullName: 'Nora Lind', phone: '0491 570 158', email: 'nora@example.test', permitNumber: 'L12' }
    const { id } = await harbour.add('Student', values)
    const path = `Student/records/${id}/show`
    expect((await get('manager', path)).record.params).toMatchObject(values)
    expect((await get('finance', path)).record.params).toMatchObject({
      fullName: 'Nora Lind',
      phone: '•••• 158',
      email: '•••• est',
      // its end would be all of it
      permitNumber: '••••',
    })
  })

  it('cannot be filtered, sorted, searched or chosen by whoever sees only the end', async () => {
    await harbour.add('Student', { fullName: 'Ola Berg', phone: '0491 570 159', email: 'ola@example.test' })
    expect((await get('manager', 'Student/actions/list?q=570159')).meta.total).toBe(1)
    expect((await get('finance', 'Student/actions/list?q=570159')).meta.total).toBe(0)
    for (const query of ['filters.phone=0491', 'sortBy=phone', 'filters.phone~~empty=true'])
      expect((await as.finance(api(`Student/actions/list?${query}`))).status).toBe(400)
  })

  it('leaves no trace in an export', async () => {
    const { id } = await harbour.add('Student', { fullName: 'Pia Holm', phone: '0491 570 110' })
    const file = async (role: StaffRole) => (await as[role].post('/admin/api/panel/export/Student')).text()
    expect(await file('manager')).toContain('0491 570 110')
    expect(await file('finance')).not.toContain('570 110')
    expect(await file('finance')).toContain('Pia Holm')
    expect(id).toBeDefined()
  })

  it('is written by nobody who sees only the end', async () => {
    const { id } = await harbour.add('Instructor', { displayName: 'Ida', abn: '51824753556' })
    const { record } = await save('manager', `Instructor/records/${id}/edit`, { displayName: 'Ida B', abn: '•••• 556' })
    expect(record.params).toMatchObject({ displayName: 'Ida B', abn: '•••• 556' })
    const [stored] = await harbour.run('SELECT abn FROM "Instructor" WHERE id = $1', [id])
    expect(stored!.abn).toBe('51824753556')
  })

  it.each([
    ['0491 570 156', '•••• 156'],
    ['acct_1', '••••'],
    ['🐨🐨🐨🐨🐨🐨🐨', '•••• 🐨🐨🐨'],
    ['', null],
    [null, null],
  ])('of %s shows %s', (value, shown) => expect(masked(value)).toBe(shown))
})

describe('a locked field', () => {
  it('says why it cannot be changed, with the record, and is not changed', async () => {
    const past = { cancelledAt: new Date(), cancellationReason: 'ill', status: 'cancelled' }
    const { id } = await harbour.booking(past)
    const path = `Booking/records/${id}/edit`
    const sentence = 'This lesson is cancelled: only its notes can change.'
    const { record } = await get('manager', path)
    expect(record.locked).toEqual({
      vehicle: sentence,
      location: sentence,
      pickupAddress: sentence,
      dropoffAddress: sentence,
    })
    const refused = await save('manager', path, { pickupAddress: '1 Elsewhere', notes: 'rings twice' })
    expect(refused.record.errors.pickupAddress?.message).toBe(sentence)
    // what was typed beside it comes back, and is not half saved
    expect(refused.record.params.notes).toBe('rings twice')
    const [stored] = await harbour.run('SELECT "pickupAddress", notes FROM "Booking" WHERE id = $1', [id])
    expect(stored).toEqual({ pickupAddress: null, notes: null })
    expect((await save('manager', path, { notes: 'rings twice' })).notice?.type).toBe('success')
  })

  it('is free in a record where nothing locks it', async () => {
    const { id } = await harbour.booking()
    expect((await get('owner', `Booking/records/${id}/edit`)).record.locked).toEqual({})
    const { notice } = await save('owner', `Booking/records/${id}/edit`, { pickupAddress: '2 Harbour Street' })
    expect(notice?.type).toBe('success')
  })

  it('is refused by the database too where it is about money, with the sentence beside the field', async () => {
    const begun = { name: 'Winter', validFrom: new Date(Date.now() - 86_400_000) }
    const { id: rateCardId } = await harbour.add('RateCard', begun)
    const { serviceId } = harbour
    const { id } = await harbour.add('RateCardItem', { rateCardId, serviceId, priceCents: 9000 })
    const { record } = await save('owner', `RateCardItem/records/${id}/edit`, { priceCents: '1' })
    expect(record.errors.priceCents?.message).toBe(
      'This price already applies and cannot change. Make a new rate card that begins later.',
    )
    expect((await get('owner', `RateCard/records/${rateCardId}/edit`)).record.locked).toMatchObject({
      currency: 'These prices already apply. Make a new rate card that begins later.',
    })
  })
})
