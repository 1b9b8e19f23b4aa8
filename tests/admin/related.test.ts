import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Office, openOffice } from '../support/records.ts'
import type { Browser } from '../support/server.ts'

interface Page {
  meta: { total: number; page: number; perPage: number; next?: string; previous?: string }
  records: {
    id: string
    title: string
    params: Record<string, unknown>
    populated: Record<string, { title: string }>
  }[]
}
interface RecordAnswer {
  record: { links?: { label: string; href: string }[] }
}

let office: Office
let manager: Browser
let finance: Browser

beforeAll(async () => {
  office = await openOffice()
  ;[manager, finance] = await Promise.all([office.as('manager'), office.as('finance')])
})

afterAll(() => office.close())

const related = (as: Browser, path: string, query = '') =>
  office.get<Page>(as, `/admin/api/panel/related/${path}${query}`)
const show = (as: Browser, model: string, id: string) =>
  office.get<RecordAnswer>(as, `/admin/api/resources/${model}/records/${id}/show`)

describe("a student's bookings", () => {
  it('are those of this student alone, page by page, in the columns that are declared', async () => {
    const { harbour } = office
    const { id } = await harbour.add('Student', { fullName: 'Nora Lind' })
    await harbour.booking()
    for (let one = 0; one < 12; one++) await harbour.booking({ studentId: id })
    const first = await related(manager, `Student/${id}/bookings`)
    expect([first.meta.total, first.records.length, first.meta.perPage]).toEqual([12, 10, 10])
    const second = await related(manager, `Student/${id}/bookings`, `?page=2&cursor=${first.meta.next}`)
    expect(second.records).toHaveLength(2)
    const ids = [...first.records, ...second.records].map((record) => record.id)
    expect(new Set(ids).size).toBe(12)
    expect(Object.keys(first.records[0]!.params).sort()).toEqual(
      ['currency', 'id', 'instructor', 'priceCents', 'service', 'startAt', 'status'].sort(),
    )
    expect(first.records[0]!.populated.instructor!.title).toBe('Ines Okafor')
    const back = await related(manager, `Student/${id}/bookings`, `?page=1&cursor=${second.meta.previous}`)
    expect(back.records.map((record) => record.id)).toEqual(ids.slice(0, 10))
  })

  it.each([
    ['a list that is not declared', 'logbookEntries'],
    ['a relation that is none', 'nothing'],
    ['an object of the language', 'constructor'],
  ])('%s does not exist', async (_, name) => {
    const { status, message } = await related(manager, `Student/${office.harbour.studentId}/${name}`)
    expect([status, message]).toEqual([404, 'There is no such list here.'])
  })

  it("of another school's student do not exist", async () => {
    const { status, message } = await related(manager, `Student/${office.river.studentId}/bookings`)
    expect([status, message]).toEqual([404, 'There is no such student in your school.'])
  })
})

describe('a list of what the role does not see', () => {
  it('does not exist for it, and its page does not name it', async () => {
    const { harbour } = office
    const { status } = await related(manager, `Instructor/${harbour.instructorId}/payouts`)
    expect(status).toBe(404)
    expect((await related(finance, `Instructor/${harbour.instructorId}/payouts`)).status).toBe(200)
  })
})

describe('links', () => {
  it('lead on from what the record says', async () => {
    const booking = await office.harbour.booking({ pickupAddress: '1 Quiet Street & more' })
    const { record } = await show(manager, 'Booking', booking.id)
    expect(record.links).toEqual([
      {
        label: 'Pick-up on the map',
        href: 'https://www.openstreetmap.org/search?query=1%20Quiet%20Street%20%26%20more',
      },
    ])
    expect((await show(manager, 'Booking', (await office.harbour.booking()).id)).record.links).toEqual([])
  })

  it('say nothing that the role may not read', async () => {
    const booking = await office.harbour.booking({ pickupAddress: '1 Quiet Street' })
    expect((await show(finance, 'Booking', booking.id)).record.links).toEqual([])
  })
})
