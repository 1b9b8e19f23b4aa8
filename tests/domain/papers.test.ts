import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { remindOfPapers } from '../../src/domain/messages/remind-of-papers.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { does } from './scheduling.ts'

let test: TestDatabase
let db: Database
let ours: School
let mail: string
beforeAll(async () => {
  test = await cloneDatabase()
  db = await openDatabase(test.url)
})
beforeEach(async () => {
  ours = await school(test)
  const id = randomUUID()
  mail = `ines-${id}@example.test`
  await ours.transaction(async (run) => {
    await run(`INSERT INTO "User" (id, email, "fullName") VALUES ($1, $2, 'Ines Okafor')`, [id, mail])
    await run(`INSERT INTO "UserOrg" ("orgId", "userId", role) VALUES ($1, $2, 'instructor')`, [ours.orgId, id])
    await run('UPDATE "Instructor" SET "userId" = $1 WHERE id = $2', [id, ours.instructorId])
  })
})
afterAll(async () => {
  await db.close()
  await test.drop()
})

/** Half past seven of a morning in Sydney (UTC+11). */
const morning = (day: string): Date => new Date(`${day}T07:30:00+11:00`)
const paper = (expiresOn: string, values: object = {}) =>
  ours.add('InstructorCredential', {
    instructorId: ours.instructorId,
    kind: 'medical',
    number: `ME ${randomUUID().slice(0, 8)}`,
    status: 'verified',
    expiresOn,
    ...values,
  })
const remind = async (day: string): Promise<number> =>
  (await does(db, ours, remindOfPapers, { actorKind: 'system', now: morning(day) })).length
const written = async () =>
  (await ours.run(`SELECT subject, "toAddress", body FROM "Message" ORDER BY "createdAt", "toAddress"`)) as unknown as {
    subject: string
    toAddress: string
    body: string
  }[]

it('instructor and office are told 30 and 7 days before a paper ends, and on its last day, once each', async () => {
  await paper('2027-03-03')
  const told: [string, number][] = []
  for (const day of ['2027-01-31', '2027-02-01', '2027-02-02', '2027-02-24', '2027-02-25', '2027-03-03', '2027-03-04'])
    told.push([day, await remind(day)])
  expect(told.filter(([, count]) => count > 0)).toEqual([
    ['2027-02-01', 2],
    ['2027-02-24', 2],
    ['2027-03-03', 2],
  ])
  const messages = await written()
  expect([...new Set(messages.map(({ toAddress }) => toAddress))].toSorted()).toEqual(
    [mail, `compliance@${ours.slug}.example.test`].toSorted(),
  )
  expect(messages[0]!.subject).toBe('Medical of Ines Okafor: valid until Wed 3 Mar 2027')
  expect(messages.map(({ body }) => /\((.*?)\)/.exec(body)![1])).toEqual([
    'in 30 days',
    'in 30 days',
    'in 7 days',
    'in 7 days',
    'today',
    'today',
  ])
})

it('a day on which no worker ran is made up for, and nothing is said of what ended long ago', async () => {
  await paper('2027-03-03')
  await paper('2026-11-01', { kind: 'first_aid' })
  expect([await remind('2027-02-10'), await remind('2027-03-05'), await remind('2027-03-06')]).toEqual([2, 2, 0])
  expect((await written()).at(-1)!.body).toContain('it has ended')
})

it('a paper that has its successor, is not verified, or whose instructor left is not told of', async () => {
  await paper('2027-03-03')
  await paper('2030-03-03')
  await paper('2027-03-03', { kind: 'first_aid', status: 'pending' })
  expect(await remind('2027-02-24')).toBe(0)
  await paper('2027-03-03', { kind: 'driver_licence' })
  await ours.change('Instructor', ours.instructorId, { active: false })
  expect(await remind('2027-02-24')).toBe(0)
})

it('registration and insurance of a car are told to the office; without compliance the admins are the office', async () => {
  await ours.change('Vehicle', ours.vehicleId, { regoExpiresOn: '2027-03-03', insuranceExpiresOn: '2027-02-20' })
  await ours.run(`UPDATE "UserOrg" SET status = 'suspended' WHERE role = 'compliance'`)
  expect(await remind('2027-02-15')).toBe(2)
  const admin = `admin@${ours.slug}.example.test`
  expect((await written()).map(({ subject, toAddress }) => `${toAddress}: ${subject}`).toSorted()).toEqual([
    `${admin}: Insurance of DRV01A Toyota Corolla: valid until Sat 20 Feb 2027`,
    `${admin}: Registration of DRV01A Toyota Corolla: valid until Wed 3 Mar 2027`,
  ])
})
