import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Desk, bulkAction, confirmed, openDesk, preview, recordAction } from '../support/actions.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

let papers = 0
const paper = async (values = {}) => {
  const { instructorId } = desk.harbour
  const facts = { instructorId, kind: 'medical', number: `M-${papers++}`, expiresOn: '2099-01-01', ...values }
  return (await desk.harbour.add('InstructorCredential', facts)).id
}
const verify = (...ids: string[]) => bulkAction('InstructorCredential', ids, 'verify')
const reject = (id: string) => recordAction('InstructorCredential', id, 'reject')
const read = async (id: string) =>
  (await desk.harbour.run('SELECT * FROM "InstructorCredential" WHERE id = $1', [id]))[0]!

it('compliance verifies papers; who and when stands with each', async () => {
  const [one, two] = [await paper(), await paper()]
  const compliance = await desk.as('compliance')
  expect(await confirmed(compliance, verify(one, two))).toMatchObject({ message: '2 credentials are verified.' })
  for (const id of [one, two])
    expect(await read(id)).toMatchObject({ status: 'verified', verifiedById: desk.harbour.people.compliance })
  expect(await preview(compliance, verify(one))).toMatchObject({
    message: 'Only a credential that waits for its check can be verified; this one is verified.',
  })
})

it('an expired paper cannot be verified', async () => {
  const id = await paper({ expiresOn: '2020-01-01' })
  expect(await preview(await desk.as('owner'), verify(id))).toMatchObject({
    message: 'This credential has expired. Ask for the new one.',
  })
})

it('a paper is rejected with a reason, which the audit log keeps', async () => {
  const id = await paper()
  const compliance = await desk.as('compliance')
  expect((await preview(compliance, reject(id), { reason: ' ' })).errors).toEqual({ reason: 'Reason is needed.' })
  const answer = await confirmed(compliance, reject(id), { reason: 'The scan cannot be read' })
  expect(answer).toMatchObject({ state: 'done', message: 'Ines Okafor · Medical is rejected.' })
  expect((await read(id)).status).toBe('rejected')
  const [event] = await desk.harbour.run(`SELECT reason FROM "AuditLog" WHERE action = 'credential.reject'`)
  expect(event).toEqual({ reason: 'The scan cannot be read' })
})

it('managers and finance have neither', async () => {
  const id = await paper()
  for (const role of ['manager', 'finance'] as const) {
    expect((await (await desk.as(role))(verify(id))).status).toBe(404)
    expect((await (await desk.as(role))(reject(id))).status).toBe(404)
  }
})
