import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { type Browser, TEST_PASSWORD_HASH, type TestServer, startServer } from '../support/server.ts'

interface Answer {
  status: number
  message?: string
  groups: {
    model: string
    label: string
    more: boolean
    records: { id: string; title: string; details: string[]; badge: { label: string; tone: string } | null }[]
  }[]
}

let test: TestDatabase
let db: Database
let server: TestServer
let harbour: School
let torrens: School
let owner: Browser
let manager: Browser
let finance: Browser
let bookingId: string
let paymentId: string

beforeAll(async () => {
  test = await cloneDatabase()
  harbour = await school(test, { name: 'Harbour', passwordHash: TEST_PASSWORD_HASH })
  torrens = await school(test, { name: 'Torrens', passwordHash: TEST_PASSWORD_HASH })
  for (const values of [
    { fullName: 'Zoë Nguyễn-Smith', phone: '0491 570 110', email: 'zoe@example.test' },
    { fullName: 'Đức Võ', phone: '+61 491 570 158' },
    { fullName: 'Мария Петровић' },
    { fullName: '王婷' },
    { fullName: '100% Sure_Thing' },
  ])
    await harbour.add('Student', values)
  for (let number = 1; number <= 7; number++) await harbour.add('Student', { fullName: `Learner Lee ${number}` })
  await torrens.add('Student', { fullName: 'Zoe Elsewhere', phone: '0491 570 110', email: 'zoe@elsewhere.test' })
  bookingId = (await harbour.booking()).id
  paymentId = (await harbour.payment({ bookingId })).id
  await torrens.booking()
  db = await openDatabase(test.url)
  server = await startServer({ db })
  owner = await server.signIn(`owner@${harbour.slug}.example.test`)
  manager = await server.signIn(`manager@${harbour.slug}.example.test`)
  finance = await server.signIn(`finance@${harbour.slug}.example.test`)
})

afterAll(async () => {
  await server.close()
  await db.close()
  await test.drop()
})

async function find(browser: Browser, q: string): Promise<Answer> {
  const response = await browser(`/admin/api/panel/find?${new URLSearchParams({ q }).toString()}`)
  return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) }
}

/** Titles by the words above them. */
async function titles(browser: Browser, q: string): Promise<Record<string, string[]>> {
  const { groups } = await find(browser, q)
  return Object.fromEntries(groups.map(({ label, records }) => [label, records.map(({ title }) => title)]))
}

/** The students that a search in their list finds. */
async function listed(q: string): Promise<string[]> {
  const response = await manager(`/admin/api/resources/Student/actions/list?${new URLSearchParams({ q }).toString()}`)
  return ((await response.json()) as { records: { title: string }[] }).records.map(({ title }) => title)
}

const tail = (id: string, characters: number): string => id.replaceAll('-', '').slice(-characters)

describe('a manager finds a person', () => {
  it.each([
    ['zoe', 'Zoë Nguyễn-Smith'],
    ['ZOË', 'Zoë Nguyễn-Smith'],
    ['nguyen', 'Zoë Nguyễn-Smith'],
    ['smith zo', 'Zoë Nguyễn-Smith'],
    ['duc vo', 'Đức Võ'],
    ['мария', 'Мария Петровић'],
    ['ПЕТРОВИЋ мар', 'Мария Петровић'],
    ['王', '王婷'],
    ['100%', '100% Sure_Thing'],
    ['e_t', '100% Sure_Thing'],
    ['0491 570 110', 'Zoë Nguyễn-Smith'],
    ['+61491570110', 'Zoë Nguyễn-Smith'],
    ['(0491) 570-110', 'Zoë Nguyễn-Smith'],
    ['zoe 570 110', 'Zoë Nguyễn-Smith'],
    ['0491570158', 'Đức Võ'],
    ['61 491 570 158', 'Đức Võ'],
    ['ZOE@Example', 'Zoë Nguyễn-Smith'],
  ])('by "%s", above every screen and in the list', async (text, name) => {
    expect((await titles(manager, text)).Students).toEqual([name])
    expect(await listed(text)).toEqual([name])
  })

  it('with what tells them from others of the same name', async () => {
    const { groups } = await find(manager, 'zoe')
    expect(groups).toMatchObject([
      { model: 'Student', more: false, records: [{ details: ['0491 570 110', 'zoe@example.test'], badge: null }] },
    ])
  })

  it('whoever they are: learners, guardians and instructors side by side', async () => {
    expect(await titles(manager, 'kowalski')).toMatchObject({
      Students: ['Mia Kowalski'],
      Guardians: ['Tom Kowalski'],
    })
    expect(await titles(manager, '0491 570 156')).toEqual({ Instructors: ['Ines Okafor'] })
  })

  it('at most five of a kind, and is told that there are others', async () => {
    const { groups } = await find(manager, 'lee learner')
    expect(groups[0]).toMatchObject({ label: 'Students', more: true })
    expect(groups[0]!.records).toHaveLength(5)
  })

  it('and a sign that LIKE reads is only itself', async () => {
    expect(await titles(manager, '%%')).toEqual({})
    expect(await titles(manager, '__')).toEqual({})
    expect(await titles(manager, '\\\\')).toEqual({})
  })
})

describe('a manager finds bookings and payments', () => {
  it('by the name of the learner', async () => {
    const { groups } = await find(manager, 'kowalski mia')
    expect(groups.map(({ model }) => model)).toEqual(['Student', 'Booking', 'Payment'])
    expect(groups[1]!.records[0]).toMatchObject({ id: bookingId, badge: { label: 'Confirmed', tone: 'info' } })
    expect(groups[1]!.records[0]!.title).toMatch(/^Mia Kowalski · /)
    expect(groups[2]!.records[0]).toMatchObject({ id: paymentId, title: 'Mia Kowalski · A$85.00' })
  })

  it('by the end of their id, as screens show it or longer', async () => {
    for (const text of [`#${tail(bookingId, 6)}`, tail(bookingId, 8).toUpperCase(), bookingId]) {
      const { groups } = await find(manager, text)
      expect(groups.find(({ model }) => model === 'Booking')?.records.map(({ id }) => id)).toEqual([bookingId])
    }
    const { groups } = await find(manager, tail(paymentId, 6))
    expect(groups.find(({ model }) => model === 'Payment')?.records.map(({ id }) => id)).toEqual([paymentId])
  })
})

describe('what is not for somebody is not found', () => {
  it("another school's people, bookings and ids", async () => {
    expect(await titles(manager, 'elsewhere')).toEqual({})
    expect(await titles(owner, 'torrens')).toEqual({})
    const theirs = await torrens.booking()
    expect(await titles(manager, `#${tail(theirs.id, 8)}`)).toEqual({})
  })

  it('people with a sign-in by those who may not see them', async () => {
    expect(await titles(owner, 'compliance of')).toEqual({ 'People with a sign-in': [`Compliance of ${harbour.slug}`] })
    expect(await titles(manager, 'compliance of')).toEqual({})
  })

  it('a telephone number and an e-mail address by those who see only its end', async () => {
    expect(await titles(finance, '0491 570 110')).toEqual({})
    expect(await titles(finance, 'zoe@example')).toEqual({})
    expect((await find(finance, 'zoe')).groups).toMatchObject([
      { records: [{ title: 'Zoë Nguyễn-Smith', details: [] }] },
    ])
  })

  it('anything by somebody who is not signed in', async () => {
    expect((await server.visit()('/admin/api/panel/find?q=zoe')).status).toBe(401)
  })
})

describe('what cannot be looked for is answered with a sentence', () => {
  it.each([
    ['', 'Type at least two characters of a name, telephone number, e-mail address or id.'],
    [' z ', 'Type at least two characters of a name, telephone number, e-mail address or id.'],
    ['z'.repeat(500), 'Search for at most 200 characters.'],
    ['zo\u0000e', 'This has a character that cannot be looked for.'],
  ])('%j', async (text, sentence) => {
    expect(await find(manager, text)).toMatchObject({ status: 400, message: sentence })
  })

  it('two searches in one', async () => {
    const response = await manager('/admin/api/panel/find?q=zoe&q=mia')
    expect([response.status, await response.json()]).toMatchObject([400, { message: '"q" is given more than once.' }])
  })

  it.each(["' OR 1=1 --", '"; DROP', '((((', '+61', '000', '-- --', '#ffffff', 'a b c d e f g h i j'])(
    'nothing is found for %j, and nothing breaks',
    async (text) => {
      expect(await find(manager, text)).toMatchObject({ status: 200, groups: [] })
    },
  )
})
