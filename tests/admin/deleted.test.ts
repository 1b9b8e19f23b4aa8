import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Office, openOffice } from '../support/records.ts'
import type { StaffRole } from '../support/school.ts'
import type { Browser } from '../support/server.ts'

interface Gone {
  record: { title: string; params: Record<string, unknown>; populated: Record<string, { title: string }> }
  sentence: string
}
interface Timeline {
  groups: { who: string; undo: string | null; entries: { text: string; fields: { label: string }[] }[] }[]
}

let office: Office
let owner: Browser

beforeAll(async () => {
  office = await openOffice()
  owner = await office.as('owner')
})
afterAll(() => office.close())

const about = async <T>(role: StaffRole, kind: string, model: string, id: string) =>
  await office.get<T>(await office.as(role), `/admin/api/panel/${kind.replace('?', `/${model}/${id}?`)}`)
const gone = (role: StaffRole, model: string, id: string) => about<Gone>(role, 'deleted?', model, id)

/** A car that the owner has added, changed and deleted; and when it still had its first number. */
async function deletedCar() {
  const { harbour } = office
  const car = { rego: 'OLD01', regoState: 'NSW', make: 'Kia', model: 'Rio', transmission: 'manual' }
  const { id } = await harbour.add('Vehicle', { ...car, defaultInstructorId: harbour.instructorId })
  const [row] = await harbour.run('SELECT pg_sleep(0.005), clock_timestamp() AS at, pg_sleep(0.005)')
  await office.edit(owner, 'Vehicle', id, { rego: 'NEW01' })
  const { notice } = await office.post<{ notice: { message: string } }>(
    owner,
    `/admin/api/resources/Vehicle/records/${id}/delete`,
  )
  expect(notice.message).toBe('NEW01 is deleted.')
  return { id, before: (row!.at as Date).toISOString() }
}

describe('a record that was deleted', () => {
  it('is shown as it was last to whoever reads the audit log, with who deleted it and when', async () => {
    const { id } = await deletedCar()
    for (const role of ['owner', 'compliance'] as const) {
      const { record, sentence } = await gone(role, 'Vehicle', id)
      expect(sentence).toMatch(/^This vehicle was deleted on \w{3} \d+ \w{3}, \d\d:\d\d by Owner of harbour-\w+\.$/)
      expect(record.title).toBe('NEW01')
      expect(record.params).toMatchObject({ rego: 'NEW01', make: 'Kia', transmission: 'manual', active: true })
      expect(record.populated.defaultInstructor!.title).toBe('Ines Okafor')
    }
  })

  it('keeps its history, and how it was before; nothing of it can be undone', async () => {
    const { id, before } = await deletedCar()
    const { groups } = await about<Timeline>('compliance', 'timeline?', 'Vehicle', id)
    expect(groups.map(({ entries }) => entries[0]!.text)).toEqual([
      'Vehicle deleted',
      'Vehicle changed',
      'Vehicle added',
    ])
    expect(groups.every(({ undo }) => undo === null)).toBe(true)
    const then = await about<Gone & { changed: string[] }>(
      'owner',
      `as-of?at=${encodeURIComponent(before)}`,
      'Vehicle',
      id,
    )
    expect([then.record.params.rego, then.changed]).toEqual(['OLD01', ['rego']])
    const now = await about<Gone>('owner', `as-of?at=${encodeURIComponent(new Date().toISOString())}`, 'Vehicle', id)
    expect([now.status, now.message]).toEqual([400, expect.stringContaining('It was not there any more')])
  })

  it('is not there for the others, nor for another school', async () => {
    const { id } = await deletedCar()
    for (const role of ['admin', 'manager', 'finance'] as const)
      for (const kind of ['deleted?', 'timeline?', `as-of?at=2026-01-01T10:00`])
        expect((await about(role, kind, 'Vehicle', id)).status, `${role} ${kind}`).toBeGreaterThanOrEqual(403)
    const theirs = await office.river.add('Location', { name: 'Theirs', kind: 'office', address: 'x' })
    await office.river.run('DELETE FROM "Location" WHERE id = $1', [theirs.id])
    expect((await gone('owner', 'Location', theirs.id)).status).toBe(404)
  })

  it('shows no field that the role does not see, and the end of those that are masked', async () => {
    const { harbour } = office
    const instructor = { displayName: 'Tom Gone', stripeAccountId: 'acct_secret99', stripeCapabilities: '{"card": 1}' }
    const { id } = await harbour.add('Instructor', instructor)
    await harbour.run('DELETE FROM "Instructor" WHERE id = $1', [id])
    const seen = await gone('compliance', 'Instructor', id)
    expect(JSON.stringify(seen)).not.toMatch(/acct_secret|card/)
    expect(seen.record.params.stripeAccountId).toBe('•••• t99')
    expect((await gone('owner', 'Instructor', id)).record.params.stripeAccountId).toBe('acct_secret99')
  })

  it('is one step from the audit log', async () => {
    const { id } = await deletedCar()
    const [entry] = await office.harbour.run(
      `SELECT id FROM "AuditLog" WHERE "entityId" = $1 AND action = 'vehicle.delete'`,
      [id],
    )
    const { record } = await office.get<{ record: { links: { label: string; href: string }[] } }>(
      owner,
      `/admin/api/resources/AuditLog/records/${entry!.id}/show`,
    )
    expect(record.links).toEqual([{ label: 'Open the record', href: `/admin/resources/Vehicle/records/${id}/show` }])
  })
})
