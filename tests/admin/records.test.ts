import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Office, openOffice } from '../support/records.ts'
import type { School } from '../support/school.ts'
import type { Browser } from '../support/server.ts'

interface Answer {
  record: { id: string; title: string; params: Record<string, unknown>; errors: Record<string, { message: string }> }
  notice?: { message: string; type: string }
  redirectUrl?: string
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

const answer = async (response: Promise<Response>): Promise<Answer> => (await (await response).json()) as Answer
const edit = (model: string, id: string, fields: Record<string, string>, as = manager) =>
  office.edit<Answer>(as, model, id, fields)
const add = (model: string, fields: Record<string, string>, as = manager) =>
  answer(as.post(`/admin/api/resources/${model}/actions/new`, fields))

describe('a manager edits a student', () => {
  it('and finds the change, its audit row, and nothing else changed', async () => {
    const { record, notice } = await edit('Student', harbour.studentId, {
      fullName: 'Mia Kowalska',
      phone: '0491 570 158',
    })
    expect(notice).toEqual({ message: 'Mia Kowalska is saved.', type: 'success' })
    expect(record.params).toMatchObject({
      fullName: 'Mia Kowalska',
      phone: '0491 570 158',
      email: 'mia@example.test',
      dob: '2008-05-04',
    })
    const [row] = await harbour.run(
      `SELECT * FROM "AuditLog" WHERE "entityType" = 'Student' ORDER BY "createdAt" DESC, seq DESC LIMIT 1`,
    )
    expect(row).toMatchObject({
      actorUserId: harbour.people.manager,
      actorRole: 'manager',
      actorKind: 'user',
      entityId: harbour.studentId,
      before: { fullName: 'Mia Kowalski' },
      after: { fullName: 'Mia Kowalska', phone: '0491 570 158' },
    })
    expect(row!.requestId).not.toBe('')
    await edit('Student', harbour.studentId, { fullName: 'Mia Kowalski' })
  })

  it('and writes nothing when the form says what the record says', async () => {
    const { record } = await answer(manager(`/admin/api/resources/Student/records/${harbour.studentId}/edit`))
    const count = async () => (await harbour.run('SELECT count(*)::int AS n FROM "AuditLog"'))[0]!.n
    const before = await count()
    const same = Object.fromEntries(
      Object.entries(record.params).map(([name, value]) => [
        name,
        value === null ? '__FORM_VALUE_NULL__' : String(value),
      ]),
    )
    expect((await edit('Student', harbour.studentId, same)).notice?.type).toBe('success')
    expect(await count()).toBe(before)
  })

  it('and is told beside the field what is wrong, with what was typed still there', async () => {
    const { record, notice } = await edit('Student', harbour.studentId, {
      fullName: '  ',
      dob: '2008-02-31',
      phone: '0491 570 159',
    })
    expect(record.errors).toEqual({
      fullName: { type: 'invalid', message: 'Full name is needed.' },
      dob: { type: 'invalid', message: 'Date of birth needs a date like 2026-11-24.' },
    })
    expect(record.params.phone).toBe('0491 570 159')
    expect(notice).toEqual({ message: 'Some fields need another look.', type: 'error' })
    const dated = await edit('Student', harbour.studentId, { dob: '2008-02-31' })
    expect(dated.record.errors.dob!.message).toBe('Date of birth needs a date like 2026-11-24.')
    const written = await edit('Student', harbour.studentId, { email: 'mia at example' })
    expect(written.record.errors.email!.message).toBe('E-mail needs an e-mail address like mia@example.com.')
  })

  it('and an owner an ABN, which is kept without its spaces once it adds up', async () => {
    const wrong = await edit('Instructor', harbour.instructorId, { abn: '51 824 753 557' }, owner)
    expect(wrong.record.errors.abn!.message).toMatch(/^ABN needs the eleven digits of an Australian Business Number/)
    const { record } = await edit('Instructor', harbour.instructorId, { abn: '51 824 753 556' }, owner)
    expect(record).toMatchObject({ errors: {}, params: { abn: '51824753556' } })
  })

  it('but never what operations or the system write', async () => {
    const before = (await harbour.run('SELECT * FROM "Student" WHERE id = $1', [harbour.studentId]))[0]
    await edit('Student', harbour.studentId, {
      id: river.studentId,
      orgId: river.orgId,
      anonymisedAt: '2026-01-01T00:00:00Z',
      createdAt: '2020-01-01T00:00:00Z',
    })
    expect((await harbour.run('SELECT * FROM "Student" WHERE id = $1', [harbour.studentId]))[0]).toEqual(before)
    const booking = await harbour.booking()
    await edit('Booking', booking.id, { status: 'cancelled', priceCents: '1', notes: 'rings twice' })
    expect(
      (await harbour.run('SELECT status, "priceCents", notes FROM "Booking" WHERE id = $1', [booking.id]))[0],
    ).toEqual({ status: 'confirmed', priceCents: 8500, notes: 'rings twice' })
  })
})

describe('a manager adds records', () => {
  it('with a date and time of the school, an amount and a reference', async () => {
    const made = await add('RateCard', {
      name: 'Summer',
      validFrom: '2026-12-01T00:00',
      validTo: '2027-03-01T00:00',
      isDefault: 'false',
    })
    expect(made.notice?.message).toBe('Summer is added.')
    expect(made.record.params).toMatchObject({ validFrom: '2026-11-30T13:00:00.000Z', currency: 'AUD' })
    const item = await add('RateCardItem', { rateCard: made.record.id, service: harbour.serviceId, priceCents: '9000' })
    expect(item.record.title).toBe('Summer · One hour')
  })

  it.each([
    ['Service', { name: 'Highway', durationMin: '0' }, 'durationMin', 'A lesson lasts from 1 to 1440 minutes.'],
    [
      'Service',
      { name: 'Highway', durationMin: 'an hour' },
      'durationMin',
      'Duration needs a whole number of minutes, like 60.',
    ],
    ['Service', { name: 'Highway', durationMin: '99999999999' }, 'durationMin', 'Duration is too large.'],
    [
      'Service',
      { name: 'One hour', durationMin: '60' },
      'name',
      'There is already one with the same value here. Change it, or edit the existing one.',
    ],
    ['Service', { durationMin: '60' }, 'name', 'Name is needed.'],
    [
      'Package',
      { name: 'Ten', minutes: '600', priceCents: 'eighty' },
      'priceCents',
      'Price needs an amount like 85.00, without letters and with at most two decimals.',
    ],
    ['RateCard', { name: 'Odd', validFrom: '2026-10-04T02:30' }, 'validFrom', /exists in Australia\/Sydney/],
    [
      'Vehicle',
      { rego: 'X', regoState: 'NSW', make: 'Kia', model: 'Rio', transmission: 'flying' },
      'transmission',
      'Transmission is not one of the choices.',
    ],
  ] as [string, Record<string, string>, string, string | RegExp][])(
    '%s %j: the sentence stands beside the field',
    async (model, fields, field, sentence) => {
      const { record, notice } = await add(model, fields)
      expect(record.errors[field]?.message).toMatch(sentence)
      expect(notice?.type).toBe('error')
    },
  )

  it("and cannot refer to another school's records or people", async () => {
    const planted = await add('InstructorCredential', {
      instructor: river.instructorId,
      kind: 'police_check',
      number: 'P1',
      expiresOn: '2030-01-01',
    })
    expect(planted.record.errors).toEqual({
      instructor: { type: 'invalid', message: "Instructor is not one of your school's: choose one from the list." },
    })
    const person = await add('Instructor', { displayName: 'Ines', user: river.people.owner }, owner)
    expect(person.record.errors.user?.message).toBe("Sign-in is not one of your school's: choose one from the list.")
    const unseen = await add('Instructor', { displayName: 'Ines', user: harbour.people.owner })
    expect(unseen.record.params.user, 'the manager does not see who signs in').toBeNull()
  })

  it('and stands as the one who recorded a consent and verified a credential', async () => {
    const consent = await add('Consent', {
      student: harbour.studentId,
      kind: 'gps_tracking',
      granted: 'true',
      documentVer: '3',
      method: 'signature',
      effectiveAt: '2026-11-01T09:00',
      recordedById: river.people.owner,
    })
    const [recorded] = await harbour.run('SELECT "recordedById" FROM "Consent" WHERE id = $1', [consent.record.id])
    expect(recorded).toEqual({ recordedById: harbour.people.manager })
    const credential = await add('InstructorCredential', {
      instructor: harbour.instructorId,
      kind: 'police_check',
      number: 'P7',
      expiresOn: '2030-01-01',
      status: 'verified',
    })
    const [verified] = await harbour.run(
      'SELECT "verifiedById", "verifiedAt" IS NOT NULL AS dated FROM "InstructorCredential" WHERE id = $1',
      [credential.record.id],
    )
    expect(verified).toEqual({ verifiedById: harbour.people.manager, dated: true })
  })

  it('and is told when two default price lists overlap', async () => {
    const { record } = await add('RateCard', { name: 'Second', isDefault: 'true' })
    expect(record.errors.isDefault?.message).toBe(
      'There is already a default rate card for this currency in this period. End that one first.',
    )
  })
})

describe('an owner deletes records', () => {
  it('one, and several at once, all or none', async () => {
    const ids = [
      (await add('Location', { name: 'North', kind: 'office' })).record.id,
      (await add('Location', { name: 'South', kind: 'office' })).record.id,
    ]
    const bulk = (...chosen: string[]) =>
      owner.post(`/admin/api/resources/Location/bulk/bulkDelete?recordIds=${chosen.join(',')}`)
    const mixed = await bulk(ids[0]!, river.locationId)
    expect([mixed.status, ((await mixed.json()) as Answer).message]).toEqual([
      404,
      'One of these records is no longer there. Load the list again.',
    ])
    expect((await answer(bulk(...ids))).notice).toEqual({ message: '2 records are deleted.', type: 'success' })
    expect((await bulk(...ids)).status).toBe(404)
    expect((await river.run('SELECT name FROM "Location"')).length).toBe(1)
  })

  it('but not what others refer to, and is told why', async () => {
    await harbour.booking()
    const { notice } = await answer(owner.post(`/admin/api/resources/Student/records/${harbour.studentId}/delete`))
    expect(notice).toEqual({
      type: 'error',
      message:
        'Other records refer to this one, so it cannot be deleted. Remove or change them first, or make it inactive.',
    })
  })

  it('and nobody deletes a booking or a ledger entry', async () => {
    const booking = await harbour.booking()
    const refused = await owner.post(`/admin/api/resources/Booking/records/${booking.id}/delete`)
    expect([refused.status, ((await refused.json()) as Answer).message]).toEqual([
      403,
      'Nobody can delete this here: bookings are made and cancelled by actions.',
    ])
  })
})

describe("another school's record is no different from one that does not exist", () => {
  it.each(['show', 'edit'])('%s', async (action) => {
    const foreign = await manager(`/admin/api/resources/Student/records/${river.studentId}/${action}`)
    const missing = await manager(`/admin/api/resources/Student/records/01900000-0000-7000-8000-0000000000ff/${action}`)
    const words = async (response: Response) => ((await response.json()) as Answer).message
    expect([foreign.status, await words(foreign)]).toEqual([missing.status, await words(missing)])
    expect(foreign.status).toBe(404)
  })
})

describe('a form that cannot be read', () => {
  it.each([
    ['application/json', '{"fullName": '],
    ['application/json', '["a"]'],
    ['multipart/form-data; boundary=x', '--y\r\n'],
    ['text/plain', 'hello'],
  ])('%s %j is answered with 400 and a sentence', async (type, body) => {
    const response = await manager(`/admin/api/resources/Student/records/${harbour.studentId}/edit`, {
      method: 'POST',
      body,
      headers: { 'content-type': type, origin: new URL(office.server.url).origin },
    })
    expect(response.status).toBe(400)
    expect(((await response.json()) as Answer).message).toMatch(/could not be read/)
  })
})
