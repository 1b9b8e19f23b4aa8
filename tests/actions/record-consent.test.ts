import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Desk, confirmed, openDesk, preview, recordAction } from '../support/actions.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const path = () => recordAction('Student', desk.harbour.studentId, 'record')
const given = { kind: 'minor_lessons', granted: 'true', method: 'signature', documentVer: '2026-01' }

it('records who agreed to what, when and how', async () => {
  const { harbour } = desk
  const manager = await desk.as('manager')
  const input = { ...given, guardianId: harbour.guardianId, expiresAt: '2031-06-01T09:00' }
  const { preview: shown } = await preview(manager, path(), input)
  expect(shown.question).toBe('Record that Mia Kowalski agrees to: lessons under the age of 18?')
  expect(shown.changes).toMatchObject([{ singular: 'Consent', kind: 'new' }])
  expect(await confirmed(manager, path(), input)).toMatchObject({ message: 'The consent of Mia Kowalski is recorded.' })
  const [row] = await harbour.run('SELECT * FROM "Consent"')
  expect(row).toMatchObject({
    granted: true,
    guardianId: harbour.guardianId,
    recordedById: harbour.people.manager,
    expiresAt: new Date('2031-05-31T23:00:00Z'),
  })
})

it('a withdrawal is a new record', async () => {
  const answer = await confirmed(await desk.as('manager'), path(), { ...given, kind: 'marketing', granted: 'false' })
  expect(answer).toMatchObject({ message: 'The withdrawal of Mia Kowalski is recorded.' })
  expect(await desk.harbour.run('SELECT kind FROM "Consent" WHERE NOT granted')).toEqual([{ kind: 'marketing' }])
})

it('only a guardian of this learner agrees for a minor, and not for the past', async () => {
  const manager = await desk.as('manager')
  const { id: guardianId } = await desk.harbour.add('Guardian', { fullName: 'Somebody Else' })
  expect((await preview(manager, path(), given)).errors.guardianId).toMatch(/a guardian agrees: choose who/)
  expect((await preview(manager, path(), { ...given, guardianId })).errors.guardianId).toBe(
    'This is no guardian of Mia Kowalski.',
  )
  const past = { ...given, guardianId: desk.harbour.guardianId, expiresAt: '2020-01-01T09:00' }
  expect((await preview(manager, path(), past)).errors).toEqual({ expiresAt: 'The end must be still to come.' })
})
