import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Office, openOffice } from '../support/records.ts'
import type { School } from '../support/school.ts'
import type { Browser } from '../support/server.ts'

interface Contested {
  property: string
  label: string
  theirs: string | null
  yours: string | null
  value: unknown
  by: string | null
  at: string | null
}
interface Answer {
  record: { params: Record<string, unknown>; errors: Record<string, { message: string }> }
  notice: { message: string; type: string }
  conflict?: Contested[]
  message?: string
}

let office: Office
let harbour: School
let river: School
let owner: Browser
let manager: Browser

beforeAll(async () => {
  office = await openOffice()
  ;({ harbour, river } = office)
  ;[owner, manager] = await Promise.all([office.as('owner'), office.as('manager')])
})

afterAll(() => office.close())

const EMPTY = '__FORM_VALUE_NULL__'
const newStudent = async (values: object = {}) =>
  (await harbour.add('Student', { fullName: 'Nora Lind', ...values })).id

const save = (as: Browser, id: string, fields: Record<string, string>, model = 'Student') =>
  office.edit<Answer>(as, model, id, fields)
const stored = async (id: string, model = 'Student') =>
  (await harbour.run(`SELECT * FROM "${model}" WHERE id = $1`, [id]))[0]!
const audited = (id: string) =>
  harbour.run(`SELECT after FROM "AuditLog" WHERE "entityId" = $1 AND action LIKE '%.update' ORDER BY seq`, [id])

describe('two people edit one student', () => {
  it('different fields: both are saved', async () => {
    const id = await newStudent({ phone: '1' })
    const first = await save(owner, id, { phone: '0491 570 156', 'was.phone': '1' })
    const second = await save(manager, id, { email: 'nora@example.test', 'was.email': EMPTY })
    expect([first.notice.type, second.notice.type]).toEqual(['success', 'success'])
    expect(await stored(id)).toMatchObject({ phone: '0491 570 156', email: 'nora@example.test' })
  })

  it('the same field: the second reads what the first wrote, who it was and when, and nothing of theirs is lost', async () => {
    const id = await newStudent({ phone: '1', dob: '2008-05-04' })
    await save(owner, id, { phone: '0491 570 156', dob: '2008-05-05', 'was.phone': '1', 'was.dob': '2008-05-04' })
    const answer = await save(manager, id, {
      phone: '0491 570 157',
      dob: EMPTY,
      notes: 'Prefers mornings',
      'was.phone': '1',
      'was.dob': '2008-05-04',
      'was.notes': EMPTY,
    })
    expect(answer.notice).toEqual({
      type: 'error',
      message: 'Somebody else changed the same fields in the meantime. Choose what is to stay.',
    })
    expect(answer.conflict).toEqual([
      {
        property: 'phone',
        label: 'Phone',
        theirs: '0491 570 156',
        yours: '0491 570 157',
        value: '0491 570 156',
        reference: null,
        by: `Owner of ${harbour.slug}`,
        at: expect.stringMatching(/^\w{3} \d+ \w{3}, \d\d:\d\d$/),
      },
      expect.objectContaining({ property: 'dob', theirs: 'Mon 5 May 2008', yours: null, value: '2008-05-05' }),
    ])
    expect(answer.record.params).toMatchObject({ phone: '0491 570 157', notes: 'Prefers mornings' })
    expect(await stored(id)).toMatchObject({ phone: '0491 570 156', notes: null })
    const again = await save(manager, id, {
      phone: '0491 570 157',
      notes: 'Prefers mornings',
      'was.phone': '0491 570 156',
      'was.notes': EMPTY,
    })
    expect(again.notice.type).toBe('success')
    expect(await stored(id)).toMatchObject({ phone: '0491 570 157', notes: 'Prefers mornings' })
  })

  it('the same field to the same value: nobody is asked, and it is written once', async () => {
    const id = await newStudent({ phone: '1' })
    const form = { phone: '0491 570 156', 'was.phone': '1' }
    await save(owner, id, form)
    expect((await save(manager, id, form)).notice.type).toBe('success')
    expect(await audited(id)).toHaveLength(1)
  })

  it('at the same moment: one is saved, the other one is asked', async () => {
    const id = await newStudent({ phone: '1' })
    const answers = await Promise.all(
      ['2', '3', '4', '5'].map((phone) => save(phone === '2' ? owner : manager, id, { phone, 'was.phone': '1' })),
    )
    expect(answers.filter(({ notice }) => notice.type === 'success')).toHaveLength(1)
    expect(answers.filter(({ conflict }) => conflict?.length === 1)).toHaveLength(3)
    expect(await audited(id)).toHaveLength(1)
  })
})

describe('what the form said when it was opened is compared as it was shown', () => {
  it('text of several lines, an empty text, days, times, amounts and references', async () => {
    const id = await newStudent({
      notes: 'one\ntwo',
      phone: '',
      dob: '2008-05-04',
      archivedAt: new Date('2026-11-01T09:00:00.123Z'),
    })
    const answer = await save(manager, id, {
      notes: 'three',
      phone: '2',
      dob: '2008-05-05',
      archivedAt: EMPTY,
      'was.notes': 'one\r\ntwo',
      'was.phone': EMPTY,
      'was.dob': '2008-05-04',
      'was.archivedAt': '2026-11-01T09:00:00.123Z',
    })
    expect(answer.conflict).toBeUndefined()
    expect(await stored(id)).toMatchObject({ notes: 'three', phone: '2', archivedAt: null })
    const booking = await harbour.booking({ vehicleId: harbour.vehicleId })
    const moved = await save(
      manager,
      booking.id,
      { vehicle: EMPTY, location: harbour.locationId, 'was.vehicle': harbour.vehicleId, 'was.location': EMPTY },
      'Booking',
    )
    expect(moved.notice.type).toBe('success')
    expect(await stored(booking.id, 'Booking')).toMatchObject({ vehicleId: null, locationId: harbour.locationId })
  })

  it('a value that was never shown is refused with a sentence, not with a fault', async () => {
    const id = await newStudent()
    for (const was of ['no day', '2008-13-45', '\u0000']) {
      const { notice } = await save(manager, id, { dob: '2008-05-05', 'was.dob': was })
      expect(notice.type).toBe('error')
      expect(notice.message).toMatch(/\.$/)
    }
    expect(await stored(id)).toMatchObject({ dob: null })
  })

  it("a reference to another school's record stays refused beside its field", async () => {
    const booking = await harbour.booking()
    const form = { location: river.locationId, 'was.location': EMPTY }
    const { record } = await save(manager, booking.id, form, 'Booking')
    expect(record.errors.location?.message).toBe("Location is not one of your school's: choose one from the list.")
  })

  it("another school's record is no different from one that was never there", async () => {
    const said = []
    for (const id of [river.studentId, '01900000-0000-7000-8000-0000000000ff'])
      said.push((await save(manager, id, { phone: '2', 'was.phone': EMPTY })).message)
    expect(said).toEqual(Array(2).fill('There is no such student in your school.'))
  })
})
