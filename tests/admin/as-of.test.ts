import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Office, openOffice } from '../support/records.ts'
import type { Browser } from '../support/server.ts'

interface AsOf {
  record: { params: Record<string, unknown>; populated: Record<string, { title: string } | undefined> }
  at: string
  changed: string[]
  unknown: string[]
}

let office: Office
let manager: Browser
let finance: Browser

beforeAll(async () => {
  office = await openOffice()
  ;[manager, finance] = await Promise.all([office.as('manager'), office.as('finance')])
})

afterAll(() => office.close())

const asOf = (as: Browser, model: string, id: string, at: string) =>
  office.get<AsOf>(as, `/admin/api/panel/as-of/${model}/${id}?at=${encodeURIComponent(at)}`)
/** When the database's clock stood between two changes. */
const now = async (): Promise<string> => {
  // the log keeps milliseconds: what was before and what comes after must not share one with it
  const [row] = await office.harbour.run('SELECT pg_sleep(0.005), clock_timestamp() AS at, pg_sleep(0.005)')
  return (row!.at as Date).toISOString()
}

describe('a record as it was', () => {
  it('says what it said then: text, days, times, flags, references, and which of them differ from now', async () => {
    const { harbour } = office
    const { id } = await harbour.add('Student', { fullName: 'Nora Lind', phone: '1', dob: '2008-05-04' })
    const first = await now()
    await harbour.change('Student', id, { phone: '2', dob: '2008-05-05', archivedAt: new Date('2026-11-01T09:00:00Z') })
    const second = await now()
    await harbour.change('Student', id, { phone: '3', archivedAt: null })
    const then = await asOf(manager, 'Student', id, second)
    expect(then.record.params).toMatchObject({
      fullName: 'Nora Lind',
      phone: '2',
      dob: '2008-05-05',
      archivedAt: '2026-11-01T09:00:00.000Z',
    })
    expect(then.changed.sort()).toEqual(['archivedAt', 'phone'])
    expect(then.unknown).toEqual(['updatedAt'])
    const before = await asOf(manager, 'Student', id, first)
    expect(before.record.params).toMatchObject({ phone: '1', dob: '2008-05-04', archivedAt: null })

    const booking = await harbour.booking({ vehicleId: harbour.vehicleId })
    const booked = await now()
    await harbour.change('Booking', booking.id, { vehicleId: null, locationId: harbour.locationId })
    const lesson = await asOf(manager, 'Booking', booking.id, booked)
    expect(lesson.record.populated).toMatchObject({ vehicle: { title: 'DRV01A' } })
    expect([lesson.record.params.location, lesson.record.populated.location]).toEqual([null, undefined])
  })

  it('refuses a time before it was there, a time to come and one that is none, each with a sentence', async () => {
    const { id } = await office.harbour.add('Student', { fullName: 'Otto Berg' })
    const said = async (at: string) => {
      const { status, message } = await asOf(manager, 'Student', id, at)
      expect(status).toBe(400)
      return message
    }
    expect(await said('2020-01-01T09:00')).toMatch(
      /^This record was not there yet: it was added on \w{3} \d+ \w{3}, \d\d:\d\d\.$/,
    )
    expect(await said('2099-01-01T09:00')).toBe('That time is still to come.')
    for (const none of ['', 'yesterday', '2026-10-04T02:30'])
      expect(await said(none)).toBe('Choose a day and a time that exists in your school.')
  })

  it('says so when its changes were not recorded from the beginning', async () => {
    const { id } = await office.harbour.add('Student', { fullName: 'Pia Sund' })
    const { superuserUrl } = office.test
    expect(superuserUrl).toBeTruthy()
    await office.test.console('superuser', 'ALTER TABLE "AuditLog" DISABLE TRIGGER append_only')
    await office.test.console('superuser', 'DELETE FROM "AuditLog" WHERE "entityId" = $1', [id])
    expect((await asOf(manager, 'Student', id, await now())).message).toBe(
      'No change of this record has been recorded, so only its present state is known.',
    )
    await office.harbour.change('Student', id, { phone: '2' })
    await office.test.console('superuser', 'ALTER TABLE "AuditLog" ENABLE TRIGGER append_only')
    expect((await asOf(manager, 'Student', id, '2020-01-01T09:00')).message).toMatch(
      /^What this record said before .* is not known: its changes are recorded from then on\.$/,
    )
  })

  it('shows a role no more of the past than of the present', async () => {
    const { harbour } = office
    const { id } = await harbour.add('Guardian', { fullName: 'Tom Lind', phone: '0491 570 156' })
    const at = await now()
    await harbour.change('Guardian', id, { phone: '0491 570 157' })
    expect((await asOf(finance, 'Guardian', id, at)).record.params.phone).toBe('•••• 156')
    const booking = await harbour.booking({ notes: 'rings twice' })
    const booked = await now()
    await harbour.change('Booking', booking.id, { notes: null })
    const answer = await asOf(finance, 'Booking', booking.id, booked)
    expect([answer.changed, 'notes' in answer.record.params]).toEqual([[], false])
    for (const foreign of [office.river.studentId, randomUUID()])
      expect((await asOf(manager, 'Student', foreign, at)).message).toBe('There is no such student in your school.')
  })
})
