import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Office, openOffice } from '../support/records.ts'
import type { Browser } from '../support/server.ts'

interface Answer {
  notice?: { message: string; type: string }
  count?: number
  changes?: { title: string; fields: { label: string; before: string | null; after: string | null }[] }[]
}

let office: Office
let manager: Browser
let owner: Browser
let finance: Browser

beforeAll(async () => {
  office = await openOffice()
  ;[manager, owner, finance] = await Promise.all([office.as('manager'), office.as('owner'), office.as('finance')])
})

afterAll(() => office.close())

const edit: Office['edit'] = (...form) => office.edit(...form)
const undo = (as: Browser, request: string) => office.post<Answer>(as, '/admin/api/panel/undo', { request })
const ask = (as: Browser, request: string) => office.get<Answer>(as, `/admin/api/panel/undo?request=${request}`)
const stored = async (model: string, id: string) =>
  (await office.harbour.run(`SELECT * FROM "${model}" WHERE id = $1`, [id]))[0]!
/** The request that changed the record last. */
const lastRequest = async (id: string): Promise<string> => {
  const text = `SELECT "requestId" FROM "AuditLog" WHERE "entityId" = $1 AND action LIKE '%.update' ORDER BY seq DESC LIMIT 1`
  return String((await office.harbour.run(text, [id]))[0]!.requestId)
}
const student = async (values: object = {}) =>
  (await office.harbour.add('Student', { fullName: 'Nora Lind', ...values })).id

describe('a manager undoes an edit', () => {
  it('and everything says what it said before, with audit rows that tell what was undone', async () => {
    const id = await student({ phone: '0491 570 156', dob: '2008-05-04', archivedAt: new Date('2026-11-01T09:00:00Z') })
    await edit(manager, 'Student', id, { phone: '', dob: '2008-05-05', archivedAt: '', notes: 'new' })
    const request = await lastRequest(id)
    const asked = await ask(manager, request)
    expect(asked.changes).toEqual([
      expect.objectContaining({
        title: 'Nora Lind',
        fields: expect.arrayContaining([
          { property: 'phone', label: 'Phone', before: null, after: '0491 570 156' },
          { property: 'notes', label: 'Notes', before: 'new', after: null },
        ]),
      }),
    ])
    expect((await stored('Student', id)).notes, 'asking changes nothing').toBe('new')
    const { status, notice } = await undo(manager, request)
    expect([status, notice?.message]).toEqual([
      200,
      expect.stringMatching(
        /^The change of Nora Lind by Manager of harbour-\S+, \w{3} \d+ \w{3}, \d\d:\d\d is undone\.$/,
      ),
    ])
    expect(await stored('Student', id)).toMatchObject({
      phone: '0491 570 156',
      notes: null,
      archivedAt: new Date('2026-11-01T09:00:00Z'),
    })
    const log = await office.harbour.run(
      `SELECT action, reason, "requestId", after FROM "AuditLog" WHERE "entityId" = $1 ORDER BY seq DESC LIMIT 2`,
      [id],
    )
    expect(log.map(({ action }) => action)).toEqual(['student.undo', 'student.update'])
    expect(log[0]).toMatchObject({ after: { undoes: request }, requestId: log[1]!.requestId })
    expect(log[0]!.reason).toMatch(/^Takes back the change by Manager of/)
  })

  it('once: the second time says who undid it, and undoing the undo brings the edit back', async () => {
    const id = await student({ phone: '1' })
    await edit(manager, 'Student', id, { phone: '2' })
    const first = await lastRequest(id)
    await undo(owner, first)
    const again = await undo(manager, first)
    expect([again.status, again.message]).toEqual([409, expect.stringMatching(/^This was undone already, by Owner of/)])
    expect((await undo(manager, await lastRequest(id))).status).toBe(200)
    expect((await stored('Student', id)).phone).toBe('2')
  })

  it('twice at the same moment: one undoes it, the other one is told', async () => {
    const id = await student({ phone: '1' })
    await edit(manager, 'Student', id, { phone: '2' })
    const request = await lastRequest(id)
    const answers = await Promise.all([undo(manager, request), undo(owner, request)])
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
    expect((await stored('Student', id)).phone).toBe('1')
  })

  it('but not when a later edit touched the same field: the sentence names the field and who it was', async () => {
    const id = await student({ phone: '1', notes: 'a' })
    await edit(manager, 'Student', id, { phone: '2', notes: 'b' })
    const request = await lastRequest(id)
    await edit(owner, 'Student', id, { phone: '3' })
    const { status, message } = await undo(manager, request)
    expect([status, message]).toEqual([
      409,
      expect.stringMatching(
        /^Phone was changed again by Owner of harbour-\S+ on .*, so this cannot be undone any more\.$/,
      ),
    ])
    expect(await stored('Student', id)).toMatchObject({ phone: '3', notes: 'b' })
  })

  it('also when somebody has changed it and changed it back', async () => {
    const id = await student({ phone: '1' })
    await edit(manager, 'Student', id, { phone: '2' })
    const request = await lastRequest(id)
    for (const phone of ['3', '2']) await edit(owner, 'Student', id, { phone })
    expect((await undo(manager, request)).status).toBe(409)
  })

  it('when a later edit touched other fields only', async () => {
    const id = await student({ phone: '1' })
    await edit(manager, 'Student', id, { phone: '2' })
    const request = await lastRequest(id)
    await edit(owner, 'Student', id, { notes: 'kept' })
    expect((await undo(manager, request)).status).toBe(200)
    expect(await stored('Student', id)).toMatchObject({ phone: '1', notes: 'kept' })
  })
})

describe('a bulk', () => {
  const bulk = async (ids: string[], request: string) => {
    const as = { user_id: office.harbour.people.manager, role: 'manager', actor_kind: 'user', request_id: request }
    await office.harbour.run('UPDATE "Student" SET "licenceType" = $1 WHERE id = ANY ($2)', ['full', ids], as)
  }

  it('is undone whole', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, () => student({ licenceType: 'learner' })))
    await bulk(ids, 'bulk-whole')
    const { notice } = await undo(manager, 'bulk-whole')
    expect(notice?.message).toMatch(/^The change of 12 records by Manager of/)
    const types = await office.harbour.run('SELECT DISTINCT "licenceType" FROM "Student" WHERE id = ANY ($1)', [ids])
    expect(types).toEqual([{ licenceType: 'learner' }])
  })

  it('of two thousand records too, in one question', async () => {
    const { harbour } = office
    await harbour.run(
      `INSERT INTO "Student" ("orgId", "fullName", "permitState") SELECT $1, 'Many ' || n, 'NSW' FROM generate_series(1, 2000) n`,
      [harbour.orgId],
    )
    await harbour.run(`UPDATE "Student" SET "permitState" = 'VIC' WHERE "permitState" = 'NSW'`, [], {
      request_id: 'many',
    })
    const asked = await ask(manager, 'many')
    expect([asked.count, asked.changes?.length]).toEqual([2000, 20])
    expect((await undo(manager, 'many')).notice?.message).toMatch(/^The change of 2000 records by/)
    expect(await harbour.run(`SELECT 1 FROM "Student" WHERE "permitState" = 'VIC'`)).toEqual([])
  })

  it('or not at all, when one of its records was edited again', async () => {
    const ids = await Promise.all([student(), student(), student()])
    await bulk(ids, 'bulk-none')
    await edit(owner, 'Student', ids[1], { licenceType: 'provisional' })
    expect((await undo(manager, 'bulk-none')).status).toBe(409)
    const types = await office.harbour.run('SELECT "licenceType" FROM "Student" WHERE id = ANY ($1)', [ids])
    expect(types.map(({ licenceType }) => String(licenceType)).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'full',
      'full',
      'provisional',
    ])
  })
})

describe('what is never undone', () => {
  const changed = async (model: string, id: string, values: object, request: string) =>
    office.harbour.change(model, id, values as Record<string, unknown>, { request_id: request })

  it('money', async () => {
    const payment = await office.harbour.payment({ status: 'processing', succeededAt: null })
    await changed('Payment', payment.id, { status: 'succeeded', succeededAt: new Date() }, 'money')
    const { status, message } = await undo(owner, 'money')
    expect([status, message]).toEqual([403, 'Money is never undone: it is paid back or reversed.'])
  })

  it('bookings', async () => {
    const booking = await office.harbour.booking()
    await edit(manager, 'Booking', booking.id, { notes: 'rings twice' })
    const { status, message } = await undo(manager, await lastRequest(booking.id))
    expect([status, message]).toEqual([403, expect.stringMatching(/^Bookings and lessons are never undone/)])
  })

  it('what was added or deleted with the same request', async () => {
    const id = await student()
    await office.harbour.transaction(
      async (run) => {
        await run('UPDATE "Student" SET phone = $1 WHERE id = $2', ['2', id])
        await run('INSERT INTO "Location" ("orgId", name, kind) VALUES ($1, $2, $3)', [
          office.harbour.orgId,
          'North',
          'office',
        ])
      },
      { request_id: 'adding' },
    )
    const { status, message } = await undo(owner, 'adding')
    expect([status, message]).toEqual([409, 'A location was added with it, and only edits can be undone.'])
    expect((await stored('Student', id)).phone).toBe('2')
  })

  it('what the role may not change: it reads the rule', async () => {
    const id = await student({ phone: '1' })
    await edit(manager, 'Student', id, { phone: '2' })
    const { status, message } = await undo(finance, await lastRequest(id))
    expect([status, message]).toEqual([403, 'Your role (finance) may not change this.'])
  })

  it('passwords and other values that are not recorded', async () => {
    await office.test.transaction({ org_id: office.harbour.orgId, request_id: 'secret' }, async (run) => {
      await run('SET LOCAL ROLE driveflow_auth')
      await run('UPDATE "User" SET password = $1 WHERE id = $2', ['x'.repeat(60), office.harbour.people.compliance])
    })
    const { status, message } = await undo(owner, 'secret')
    expect([status, message]).toEqual([
      409,
      'It changed a value of the person that is not recorded, so it cannot be undone.',
    ])
  })

  it("another school's change: it is not there", async () => {
    const as = { request_id: 'elsewhere' }
    await office.river.change('Student', office.river.studentId, { phone: '2' }, as)
    for (const request of ['elsewhere', 'never-was']) {
      const { status, message } = await undo(owner, request)
      expect([status, message]).toEqual([404, 'No changes are recorded under this request.'])
    }
  })

  it.each(['', 'a b', "'; DROP TABLE"])('nothing at all: %j', async (request) => {
    expect((await undo(owner, request)).status).toBe(400)
  })
})
