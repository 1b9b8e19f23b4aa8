import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { type Browser, TEST_PASSWORD_HASH, type TestServer, startServer } from '../support/server.ts'

interface ListAnswer {
  status: number
  message?: string
  meta: { total: number; totalIsCapped: boolean; sortBy: string; next?: string; previous?: string }
  records: { id: string; title: string; params: Record<string, unknown> }[]
}

interface Counts {
  scopes: Record<string, { count: number; isCapped: boolean }>
  about: number
}

const NAMES = ['Zoë Álvarez', 'Bao Nguyen', 'mia khan', 'Ana Souza', 'Mia Kowalska', 'Łukasz Żak', 'Bao Nguyen']

let test: TestDatabase
let db: Database
let server: TestServer
let harbour: School
let manager: Browser
let finance: Browser
let owner: Browser

beforeAll(async () => {
  test = await cloneDatabase()
  harbour = await school(test, { name: 'Harbour', passwordHash: TEST_PASSWORD_HASH })
  await harbour.change('Student', harbour.studentId, { phone: '0491 570 006' })
  for (const [index, fullName] of NAMES.entries()) {
    const { id: studentId } = await harbour.add('Student', {
      fullName,
      phone: `0491 570 ${110 + index}`,
      archivedAt: index === 3 ? new Date('2026-01-01') : null,
      licenceType: index % 2 === 0 ? 'learner' : 'overseas',
      permitExpiresOn: index < 4 ? `2027-0${index + 1}-15` : null,
    })
    await harbour.booking({ studentId, status: index % 2 === 0 ? 'confirmed' : 'requested' })
    await harbour.booking({ studentId, vehicleId: index === 0 ? harbour.vehicleId : null })
  }
  db = await openDatabase(test.url)
  server = await startServer({ db })
  const person = (role: string) => server.signIn(`${role}@${harbour.slug}.example.test`)
  ;[manager, finance, owner] = await Promise.all([person('manager'), person('finance'), person('owner')])
})

afterAll(async () => {
  await server.close()
  await db.close()
  await test.drop()
})

async function list(browser: Browser, model: string, query: Record<string, string> = {}): Promise<ListAnswer> {
  const response = await browser(`/admin/api/resources/${model}/actions/list?${new URLSearchParams(query).toString()}`)
  return { status: response.status, ...((await response.json()) as Omit<ListAnswer, 'status'>) }
}

async function counts(browser: Browser, model: string, query: Record<string, string> = {}): Promise<Counts> {
  const response = await browser(`/admin/api/panel/list-counts/${model}?${new URLSearchParams(query).toString()}`)
  expect(response.status).toBe(200)
  return (await response.json()) as Counts
}

const names = ({ records }: ListAnswer): string[] => records.map(({ title }) => title)

describe('the columns of a list', () => {
  it("show the student's phone beside the booking, to those who read it", async () => {
    const { records } = await list(manager, 'Booking', { 'filters.student': harbour.studentId })
    expect(records).toEqual([])
    const all = await list(manager, 'Booking', { perPage: '100' })
    expect(all.records.every(({ params }) => String(params['student.phone']).startsWith('0491 570 1'))).toBe(true)
    expect(Object.keys((await list(finance, 'Booking')).records[0]!.params)).not.toContain('student.phone')
    expect(await (await finance('/admin')).text()).not.toContain('student.phone')
  })

  it('can be chosen, of those that the role reads', async () => {
    const { records } = await list(manager, 'Booking', { columns: 'student.phone,priceCents,endAt' })
    expect(Object.keys(records[0]!.params).toSorted()).toEqual([
      'currency',
      'endAt',
      'id',
      'priceCents',
      'student.phone',
    ])
  })

  it.each(['nothing', 'orgId', 'student.dob', 'version', 'startAt,__proto__', ''.padEnd(3, ',')])(
    'refuse %s with a sentence',
    async (columns) => {
      const answer = await list(manager, 'Booking', { columns })
      expect([answer.status, answer.message]).toEqual([400, expect.stringMatching(/is no column of this list/)])
    },
  )

  it('refuse what only other roles read', async () => {
    expect((await list(finance, 'Booking', { columns: 'notes' })).status).toBe(400)
    expect((await list(finance, 'Booking', { columns: 'student.phone' })).status).toBe(400)
  })
})

describe('a manager filters', () => {
  it('by several values, by days and by what is empty or not', async () => {
    expect((await list(manager, 'Booking', { 'filters.status': 'confirmed,requested' })).meta.total).toBe(14)
    expect((await list(manager, 'Booking', { 'filters.vehicle~~empty': 'no' })).meta.total).toBe(1)
    expect((await list(manager, 'Booking', { 'filters.vehicle~~empty': 'yes' })).meta.total).toBe(13)
    const expiring = { 'filters.permitExpiresOn~~from': '2027-02-01', 'filters.permitExpiresOn~~to': '2027-03-15' }
    expect(names(await list(manager, 'Student', expiring))).toEqual(['mia khan', 'Bao Nguyen'])
    expect(names(await list(manager, 'Student', { 'filters.archivedAt~~empty': 'no' }))).toEqual(['Ana Souza'])
    expect((await list(manager, 'Vehicle', { 'filters.active': 'true' })).meta.total).toBe(1)
  })

  it('by days, and gets the rows in the order of those days', async () => {
    const { meta } = await list(manager, 'Student', { 'filters.permitExpiresOn~~from': '2027-02-01' })
    expect(meta.sortBy).toBe('permitExpiresOn')
    const byName = { 'filters.permitExpiresOn~~from': '2027-02-01', sortBy: 'fullName' }
    expect((await list(manager, 'Student', byName)).meta.sortBy).toBe('fullName')
  })

  it.each([
    ['Booking', { 'filters.priceCents~~from': '1' }, 'There is no filter "priceCents~~from" here.'],
    ['Booking', { 'filters.notes': 'x' }, 'There is no filter "notes" here.'],
    ['Booking', { 'filters.status~~empty': 'yes' }, 'There is no filter "status~~empty" here.'],
    ['Booking', { 'filters.vehicle~~empty': 'perhaps' }, 'Vehicle is either empty or not.'],
    ['Booking', { 'filters.student.phone': '1' }, 'There is no filter "student.phone" here.'],
    ['Booking', { scope: 'nowhere' }, 'There is no tab "nowhere" here.'],
    ['Booking', { q: 'x'.repeat(101) }, 'Search for at most 100 characters.'],
    ['Vehicle', { 'filters.year~~from': 'old' }, 'Year needs a number.'],
  ] as [string, Record<string, string>, string][])('but not %s by %j', async (model, query, sentence) => {
    const answer = await list(manager, model, query)
    expect([answer.status, answer.message]).toEqual([400, sentence])
  })
})

describe('a manager searches a list', () => {
  it.each([
    ['ZOE alvarez', ['Zoë Álvarez']],
    ['nguyen bao', ['Bao Nguyen', 'Bao Nguyen']],
    ['mia k', ['Mia Kowalska', 'Mia Kowalski', 'mia khan']],
    ['0491 570 113', ['Ana Souza']],
    ['%', []],
  ])('for "%s", whatever the case, the accents and the order of the words', async (q, found) => {
    expect(names(await list(manager, 'Student', { q })).toSorted()).toEqual(found.toSorted())
  })

  it('together with a filter and a tab', async () => {
    const { meta } = await list(manager, 'Booking', { q: 'bao', scope: 'confirmed' })
    expect(meta.total).toBe(3)
  })

  it('but finance finds nobody by a telephone number that it does not see', async () => {
    expect((await list(finance, 'Student', { q: '0491 570 113' })).records).toEqual([])
    expect(names(await list(finance, 'Student', { q: 'souza' }))).toEqual(['Ana Souza'])
  })
})

describe('the tabs of a list', () => {
  it('hold what their words say, and are counted in one further answer', async () => {
    const { scopes } = await counts(manager, 'Booking')
    expect(scopes['to-confirm']).toEqual({ count: 3, isCapped: false })
    expect(scopes.confirmed!.count).toBe(11)
    expect((await list(manager, 'Booking', { scope: 'to-confirm' })).meta.total).toBe(3)
    expect((await list(manager, 'Student', { scope: 'active' })).meta.total).toBe(7)
    expect((await counts(manager, 'Student')).scopes.active!.count).toBe(7)
  })

  it('are counted for nobody who does not see the list', async () => {
    expect((await manager('/admin/api/panel/list-counts/Payout')).status).toBe(404)
    expect((await server.visit()('/admin/api/panel/list-counts/Booking')).status).toBe(401)
  })
})

describe('a list in the order of whom it refers to', () => {
  it('pages forward and back along their names, each row once', async () => {
    for (const direction of ['asc', 'desc']) {
      const order = { sortBy: 'student', direction, perPage: '4' }
      const pages: string[][] = []
      let answer = await list(manager, 'Booking', order)
      for (let page = 2; ; page++) {
        pages.push(answer.records.map(({ id }) => id))
        if (!answer.meta.next) break
        answer = await list(manager, 'Booking', { ...order, page: String(page), cursor: answer.meta.next })
      }
      expect(new Set(pages.flat()).size).toBe(14)
      const back = await list(manager, 'Booking', { ...order, page: '3', cursor: answer.meta.previous! })
      expect(back.records.map(({ id }) => id)).toEqual(pages.at(-2))
      const byNumber = await list(manager, 'Booking', { ...order, page: '2' })
      expect(byNumber.records.map(({ id }) => id)).toEqual(pages[1])
    }
    const first = await list(manager, 'Booking', { sortBy: 'student', direction: 'asc', perPage: '1' })
    expect(first.records[0]!.title).toMatch(/^Ana Souza/)
  })

  it('is not offered along a reference that has no such index', async () => {
    const answer = await list(manager, 'Booking', { sortBy: 'vehicle' })
    expect([answer.status, answer.message]).toEqual([400, 'The list cannot be sorted by "vehicle".'])
  })
})

describe('a list of more than 10,000', () => {
  it('stops counting there, and says about how many there are when asked', async () => {
    const torrens = await school(test, { name: 'Torrens', passwordHash: TEST_PASSWORD_HASH })
    await torrens.run(
      `INSERT INTO "Guardian" ("orgId", "fullName") SELECT $1, 'Guardian ' || n FROM generate_series(1, 12345) n`,
      [torrens.orgId],
    )
    await test.console('superuser', 'ANALYZE "Guardian"')
    const browser = await server.signIn(`manager@${torrens.slug}.example.test`)
    const { meta } = await list(browser, 'Guardian')
    expect(meta).toMatchObject({ total: 10_000, totalIsCapped: true })
    const { about } = await counts(browser, 'Guardian')
    expect(about).toBeGreaterThan(11_000)
    expect(about).toBeLessThan(13_700)
    expect((await counts(manager, 'Guardian')).about).toBeLessThan(1_000)
  })
})

it('an owner is offered what each list declares, and what is generated where it declares nothing', async () => {
  expect((await list(owner, 'AuditLog', { 'filters.reason~~empty': 'yes' })).meta.total).toBeGreaterThan(20)
  expect((await list(owner, 'AuditLog', { 'filters.entityType': 'Student,Booking' })).meta.total).toBeGreaterThan(20)
  expect((await list(owner, 'Service', { 'filters.durationMin~~from': '61' })).meta.total).toBe(0)
  expect((await list(owner, 'Service', { 'filters.durationMin~~from': '59.5' })).meta.total).toBe(1)
})
