import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Desk, bulkAction, confirmed, openDesk, preview } from '../support/actions.ts'
import type { School } from '../support/school.ts'
import type { Browser } from '../support/server.ts'

let desk: Desk
let harbour: School
let manager: Browser

beforeAll(async () => {
  desk = await openDesk()
  ;({ harbour } = desk)
  manager = await desk.as('manager')
})
afterAll(() => desk.close())

const student = async (fullName: string) => (await harbour.add('Student', { fullName })).id
const archivedAt = async (id: string) =>
  (await harbour.run('SELECT "archivedAt" FROM "Student" WHERE id = $1', [id]))[0]!.archivedAt

describe('a manager archives a learner', () => {
  it('after reading the question and what changes', async () => {
    const id = await student('Mia Khan')
    const path = bulkAction('Student', [id], 'archive')
    const { preview: shown } = await preview(manager, path)
    expect(shown).toMatchObject({ question: 'Archive Mia Khan?', more: 0, money: [], messages: [] })
    expect(shown.changes).toMatchObject([
      { singular: 'Student', title: 'Mia Khan', kind: 'edit', fields: [{ label: 'Archived', before: null }] },
    ])
    expect(await archivedAt(id)).toBeNull()
    expect(await confirmed(manager, path)).toMatchObject({ state: 'done', message: 'Mia Khan is archived.' })
    expect(await archivedAt(id)).toBeInstanceOf(Date)
  })

  it('who has no lesson to come', async () => {
    await harbour.booking()
    expect(await preview(manager, bulkAction('Student', [harbour.studentId], 'archive'))).toMatchObject({
      state: 'refused',
      message: 'Mia Kowalski has a lesson to come. Cancel it first.',
    })
  })

  it('and restores them', async () => {
    const id = await student('Leo Rossi')
    await confirmed(manager, bulkAction('Student', [id], 'archive'))
    expect(await preview(manager, bulkAction('Student', [id], 'archive'))).toMatchObject({
      state: 'refused',
      message: 'Leo Rossi is archived already.',
    })
    const answer = await confirmed(manager, bulkAction('Student', [id], 'restore'))
    expect(answer).toMatchObject({ state: 'done', message: 'Leo Rossi is restored.' })
    expect(await archivedAt(id)).toBeNull()
  })
})

it('for finance the action does not exist', async () => {
  const finance = await desk.as('finance')
  const response = await finance(bulkAction('Student', [harbour.studentId], 'archive'))
  expect(response.status).toBe(404)
})
