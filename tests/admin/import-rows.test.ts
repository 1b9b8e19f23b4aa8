import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Office, openOffice } from '../support/records.ts'
import type { StaffRole } from '../support/school.ts'

interface Rows {
  rows: { number: number; problem: string }[]
  next: number | null
  sentence: string | null
  open: string | null
}

let office: Office
beforeAll(async () => {
  office = await openOffice()
})
afterAll(() => office.close())

const rows = async (role: StaffRole, id: string, after = 0) =>
  await office.get<Rows>(await office.as(role), `/admin/api/panel/import-rows/${id}?after=${after}`)

/** An import that has ended, with as many refused rows as there are reasons. */
async function imported(by: StaffRole, values: { model?: string; mapping?: (string | null)[]; refused: number }) {
  const { harbour } = office
  const { model = 'Student', mapping = ['fullName', null], refused } = values
  const { id } = await harbour.add('DataImport', {
    model,
    fileName: 'list.csv',
    encoding: 'UTF-8',
    separator: ',',
    header: JSON.stringify(['Name', 'Other']),
    mapping: JSON.stringify(mapping),
    status: 'finished',
    rowsTotal: 200,
    rowsRefused: refused,
    createdById: harbour.people[by],
  })
  await harbour.run(
    `INSERT INTO "DataImportRow" ("orgId", "importId", number, cells, problem)
     SELECT $1, $2, n + 1, '["secret cell", "x"]', 'Full name is needed.' FROM generate_series(1, $3::int) n`,
    [harbour.orgId, id, refused],
  )
  return id
}

describe('the refused rows of an import', () => {
  it('stand beside its record with their reasons, page by page, without their cells', async () => {
    const id = await imported('manager', { refused: 60 })
    const first = await rows('owner', id)
    expect(first.rows[0]).toEqual({ number: 2, problem: 'Full name is needed.' })
    expect([first.rows.length, first.next, first.open]).toEqual([50, 51, null])
    const second = await rows('owner', id, first.next!)
    expect([second.rows.length, second.rows[0]!.number, second.next]).toEqual([10, 52, null])
    expect(JSON.stringify([first, second])).not.toContain('secret cell')
  })

  it('lead whoever chose the file back to the import', async () => {
    const id = await imported('manager', { refused: 1 })
    expect((await rows('manager', id)).open).toBe('Student')
  })

  it('are kept from who does not see every field that the file went into', async () => {
    const id = await imported('owner', { model: 'Instructor', mapping: ['displayName', 'abn'], refused: 3 })
    expect((await rows('admin', id)).rows).toHaveLength(3)
    for (const role of ['manager', 'compliance'] as const)
      expect(await rows(role, id)).toMatchObject({
        rows: [],
        sentence: `The reasons may hold what your role does not see. Owner of ${office.harbour.slug}, who chose the file, sees them.`,
      })
  })

  it('are nothing to see for finance, another school, or where none was refused', async () => {
    const id = await imported('manager', { refused: 0 })
    expect((await rows('owner', id)).sentence).toBe('No row was refused.')
    expect((await rows('finance', id)).status).toBe(404)
    const theirs = await office.river.add('DataImport', {
      model: 'Student',
      fileName: 'theirs.csv',
      encoding: 'UTF-8',
      separator: ',',
      header: '[]',
      rowsTotal: 1,
      createdById: office.river.people.owner,
    })
    expect((await rows('owner', theirs.id)).status).toBe(404)
  })
})
