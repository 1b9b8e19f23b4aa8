import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Office, openOffice } from '../support/records.ts'
import type { School } from '../support/school.ts'
import type { Browser } from '../support/server.ts'

interface ListAnswer {
  message?: string
  meta: { total: number; totalIsCapped: boolean; page: number; next?: string; previous?: string }
  records: {
    id: string
    title: string
    params: Record<string, unknown>
    populated: Record<string, { id: string; title: string }>
    recordActions: string[]
  }[]
}

let office: Office
let harbour: School
let manager: Browser
let finance: Browser

beforeAll(async () => {
  office = await openOffice()
  ;({ harbour } = office)
  for (let day = 1; day <= 60; day++) {
    const start = Date.UTC(2026, 8, day, 22) // 08:00 of the next day in Sydney, 09:00 once the clocks went forward
    const at = (minutes: number) => new Date(start + minutes * 60_000)
    await harbour.booking({
      startAt: at(0),
      endAt: at(60),
      blockedUntil: at(75),
      status: day % 3 === 0 ? 'completed' : 'confirmed',
    })
  }
  ;[manager, finance] = await Promise.all([office.as('manager'), office.as('finance')])
})

afterAll(() => office.close())

const list = (browser: Browser, model: string, query: Record<string, string> = {}) =>
  office.get<ListAnswer>(browser, `/admin/api/resources/${model}/actions/list?${new URLSearchParams(query).toString()}`)

describe('a manager reads the bookings', () => {
  it('newest first, people and services by name, only the columns of the list', async () => {
    const { records, meta } = await list(manager, 'Booking', { perPage: '3' })
    expect(meta).toMatchObject({ total: 60, totalIsCapped: false, page: 1 })
    expect(records[0]!.title).toBe('Mia Kowalski · Sat 31 Oct, 09:00')
    expect(records[0]!.populated.student!.title).toBe('Mia Kowalski')
    expect(records[0]!.params).toMatchObject({
      startAt: '2026-10-30T22:00:00.000Z',
      status: 'completed',
      priceCents: 8500,
      currency: 'AUD',
    })
    expect(Object.keys(records[0]!.params)).not.toContain('platformFeeCents')
  })

  it('page by page forward and back without missing or repeating one', async () => {
    const seen: string[] = []
    let answer = await list(manager, 'Booking', { perPage: '7' })
    for (let page = 2; answer.meta.next; page++) {
      seen.push(...answer.records.map((record) => record.id))
      answer = await list(manager, 'Booking', { perPage: '7', page: String(page), cursor: answer.meta.next })
    }
    seen.push(...answer.records.map((record) => record.id))
    expect(new Set(seen).size).toBe(60)
    expect(seen.length).toBe(60)
    const back = await list(manager, 'Booking', { perPage: '7', page: '8', cursor: answer.meta.previous! })
    expect(back.records.map((record) => record.id)).toEqual(seen.slice(49, 56))
  })

  it('by page number gives the same rows as paging on', async () => {
    const first = await list(manager, 'Booking', { perPage: '10' })
    const byCursor = await list(manager, 'Booking', { perPage: '10', page: '2', cursor: first.meta.next! })
    const byNumber = await list(manager, 'Booking', { perPage: '10', page: '2' })
    expect(byNumber.records.map((record) => record.id)).toEqual(byCursor.records.map((record) => record.id))
  })

  it("filtered by days of the school's own calendar and by several statuses", async () => {
    const range = { 'filters.startAt~~from': '2026-10-03', 'filters.startAt~~to': '2026-10-05' }
    expect((await list(manager, 'Booking', range)).records.map((record) => record.title)).toEqual([
      'Mia Kowalski · Mon 5 Oct, 09:00',
      'Mia Kowalski · Sun 4 Oct, 09:00',
      'Mia Kowalski · Sat 3 Oct, 08:00',
    ])
    expect((await list(manager, 'Booking', { 'filters.status': 'completed' })).meta.total).toBe(20)
    expect((await list(manager, 'Booking', { 'filters.status': 'completed,confirmed' })).meta.total).toBe(60)
    expect(
      (await list(manager, 'Booking', { 'filters.student': harbour.studentId, 'filters.status': 'draft' })).meta.total,
    ).toBe(0)
  })

  it('sorted by a column that an index leads to, in both directions', async () => {
    const oldest = await list(manager, 'Booking', { sortBy: 'startAt', direction: 'asc', perPage: '1' })
    expect(oldest.records[0]!.title).toBe('Mia Kowalski · Wed 2 Sept, 08:00'.replace('Sept', 'Sep'))
  })

  it('finds people by any part of their name', async () => {
    const found = await manager('/admin/api/resources/Student/actions/search/kowal%20mia')
    expect(((await found.json()) as ListAnswer).records.map((record) => record.title)).toEqual(['Mia Kowalski'])
    const nobody = await manager('/admin/api/resources/Student/actions/search/%25')
    expect(((await nobody.json()) as ListAnswer).records).toEqual([])
  })
})

describe('what a role may not see does not exist for it', () => {
  it('finance is offered no delete and no edit of a student, and reads no notes', async () => {
    await harbour.change('Student', harbour.studentId, { notes: 'nervous on roundabouts' })
    const { records } = await list(finance, 'Student')
    expect(records[0]!.recordActions).toEqual(['show'])
    const shown = await (await finance(`/admin/api/resources/Student/records/${harbour.studentId}/show`)).text()
    expect(shown).not.toContain('roundabouts')
    expect((await list(finance, 'Student', { 'filters.notes': 'nervous' })).status).toBe(400)
    const deleted = await finance.post(`/admin/api/resources/Student/records/${harbour.studentId}/delete`)
    expect(deleted.status).toBe(403)
    expect(await deleted.json()).toMatchObject({ message: 'Your role (finance) may not delete this.' })
  })

  it('the manager finds no ledger, no payouts and no audit log', async () => {
    for (const model of ['LedgerEntry', 'Payout', 'AuditLog', 'UserOrg'])
      expect((await list(manager, model)).status).toBe(404)
  })
})

describe('what makes no sense is answered with a sentence', () => {
  it.each([
    [{ page: '-5' }, '"page" is a number from 1.'],
    [{ page: '0' }, '"page" is a number from 1.'],
    [{ page: 'last' }, '"page" is a number from 1.'],
    [{ page: '999999' }, /too far to jump to/],
    [{ perPage: '1e9' }, '"perPage" is a number from 1.'],
    [{ sortBy: 'priceCents' }, 'The list cannot be sorted by "priceCents".'],
    [{ sortBy: 'password' }, 'The list cannot be sorted by "password".'],
    [{ direction: 'sideways' }, 'The direction of a list is asc or desc.'],
    [{ 'filters.colour': 'red' }, 'There is no filter "colour" here.'],
    [{ 'filters.student': 'mia' }, 'Choose a value for Student from the list.'],
    [{ 'filters.status': 'finished' }, 'Status has no such value.'],
    [{ 'filters.startAt~~from': 'yesterday' }, 'Starts needs a date like 2026-11-24.'],
    [{ 'filters.priceCents': '{"gt":1}' }, 'There is no filter "priceCents" here.'],
    [{ 'filters.__proto__': 'x' }, 'There is no filter "__proto__" here.'],
    [{ cursor: 'rubbish' }, /no longer known/],
  ] as [Record<string, string>, string | RegExp][])('%j', async (query, sentence) => {
    const answer = await list(manager, 'Booking', query)
    expect(answer.status).toBe(400)
    expect(answer.message).toMatch(sentence)
  })

  it('an address that does not exist', async () => {
    for (const path of [
      '/admin/api/resources/Bookings/actions/list',
      '/admin/api/resources/Booking/actions/explode',
      '/admin/api/resources/Booking/records/7/show',
      '/admin/API/resources/Booking/actions/list',
      '/admin/api/resources/Booking/search/x',
      '/admin/api/resources/Booking/actions/show',
      '/admin/pages/x',
    ]) {
      const response = await manager(path)
      expect([path, response.status]).toEqual([path, 404])
    }
  })
})
