import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Desk, openDesk, preview, resourceAction } from '../support/actions.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const path = resourceAction('Student', 'archive-inactive')

it('finds the learners who have had no lesson for so long and have none to come', async () => {
  const { harbour } = desk
  const joined = { createdAt: new Date('2020-01-01') }
  const id = async (fullName: string, values = {}) =>
    (await harbour.add('Student', { fullName, ...joined, ...values })).id
  await id('Never Came')
  await id('Was Archived', { archivedAt: new Date('2021-01-01') })
  await id('Just Joined', { createdAt: new Date() })
  const at = (startAt: string, values = {}) => ({
    startAt: new Date(startAt),
    endAt: new Date(Date.parse(startAt) + 3_600_000),
    blockedUntil: new Date(Date.parse(startAt) + 4_500_000),
    ...values,
  })
  await harbour.booking({ ...at('2020-06-01T00:00:00Z', { status: 'completed' }), studentId: await id('Long Ago') })
  await harbour.booking({ studentId: await id('Comes Soon') })
  const recently = new Date(Date.now() - 40 * 86_400_000).toISOString()
  await harbour.booking({ ...at(recently, { status: 'completed' }), studentId: await id('Came Lately') })

  const owner = await desk.as('owner')
  const { preview: shown } = await preview(owner, path)
  expect(shown.question).toBe('Archive 2 students without a lesson for 12 months?')
  expect(shown.changes.map(({ title }) => title).toSorted()).toEqual(['Long Ago', 'Never Came'])
  expect((await preview(owner, path, { months: 2 })).errors).toEqual({
    months: 'Months without a lesson is at least 3.',
  })
  expect(await preview(owner, path, { months: 120 })).toMatchObject({
    state: 'refused',
    message: 'Nobody has been without a lesson for 120 months.',
  })
})

it('is for owners and admins', async () => {
  expect((await (await desk.as('admin'))(path)).status).toBe(200)
  expect((await (await desk.as('manager'))(path)).status).toBe(404)
})
