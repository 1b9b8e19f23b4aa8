import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type Answer,
  type Desk,
  confirmed,
  openDesk,
  preview,
  recordAction,
  resourceAction,
  send,
} from '../support/actions.ts'
import { worksWeekdays } from '../domain/scheduling.ts'

let desk: Desk
let studentId: string

beforeAll(async () => {
  desk = await openDesk()
  await worksWeekdays(desk.harbour)
})
// sixteen, whenever this runs
beforeEach(async () => {
  const dob = new Date(Date.now() - 16.5 * 365.25 * 86_400_000).toISOString().slice(0, 10)
  studentId = (await desk.harbour.add('Student', { fullName: 'Ava Petrov', dob })).id
})
afterAll(() => desk.close())

const path = (id = studentId) => recordAction('Student', id, 'add-guardian')
const paper = { method: 'Signature', documentVer: '2026-07' }
const guardian = { fullName: 'Irina Petrov', phone: '0491 570 158', relation: 'Mother' }
const consents = () =>
  desk.harbour.run('SELECT kind, granted, "guardianId" FROM "Consent" WHERE "studentId" = $1 ORDER BY kind', [
    studentId,
  ])
const links = () =>
  desk.harbour.run(
    'SELECT g."fullName", s.relation, s."isBilling" FROM "StudentGuardian" s JOIN "Guardian" g ON g.id = s."guardianId" WHERE s."studentId" = $1',
    [studentId],
  )

describe('a manager who enrols a minor', () => {
  it('adds the guardian, the link and the consent at once', async () => {
    const answer = await confirmed(await desk.as('manager'), path(), { ...guardian, ...paper, tracking: true })
    expect(answer).toMatchObject({ state: 'done', message: expect.stringContaining('lessons can be booked') })
    expect(await links()).toEqual([{ fullName: 'Irina Petrov', relation: 'Mother', isBilling: true }])
    expect(await consents()).toMatchObject([
      { kind: 'minor_lessons', granted: true },
      { kind: 'gps_tracking', granted: true },
    ])
  })

  it('links somebody whom the school knows already, and once only', async () => {
    const known = { guardianId: desk.harbour.guardianId, ...paper }
    await confirmed(await desk.as('manager'), path(), known)
    await confirmed(await desk.as('manager'), path(), { ...known, relation: 'Uncle', isBilling: false })
    expect(await links()).toEqual([{ fullName: 'Tom Kowalski', relation: 'Uncle', isBilling: false }])
  })

  it.each<[string, Record<string, unknown>, string, string]>([
    ['nobody', { ...paper }, 'fullName', 'Say who it is'],
    ['somebody who cannot be reached', { ...paper, fullName: 'Irina Petrov' }, 'phone', 'Say how to reach them'],
    ['an e-mail that is none', { ...paper, ...guardian, email: 'irina' }, 'email', 'E-mail'],
  ])('is told what is missing: %s', async (_case, input, field, sentence) => {
    const answer = await preview(await desk.as('manager'), path(), input)
    expect(answer).toMatchObject({ state: 'invalid', errors: { [field]: expect.stringContaining(sentence) } })
    expect(await links()).toEqual([])
  })

  it('does not choose somebody known and type somebody new', async () => {
    const both = { ...paper, ...guardian, guardianId: desk.harbour.guardianId }
    const answer = await preview(await desk.as('manager'), path(), both)
    expect(answer.errors).toMatchObject({ fullName: expect.stringContaining('not both') })
  })

  it('is told that adults agree themselves', async () => {
    await desk.harbour.change('Student', studentId, { dob: '1990-01-01' })
    const answer = await preview(await desk.as('manager'), path(), { ...guardian, ...paper })
    expect(answer).toMatchObject({ state: 'refused', message: expect.stringContaining('adult') })
  })
})

describe('a lesson for a minor without consent', () => {
  /** A Wednesday, ten in the morning in Sydney, some weeks ahead. */
  const startAt = () => {
    const day = new Date(Date.now() + 21 * 86_400_000)
    day.setUTCDate(day.getUTCDate() + ((3 - day.getUTCDay() + 7) % 7))
    return `${day.toISOString().slice(0, 10)}T10:00`
  }
  const order = () => {
    const { instructorId, serviceId } = desk.harbour
    return { studentId, instructorId, serviceId, startAt: startAt(), as: 'confirmed' }
  }
  const way = () => [
    { label: 'Guardian and consent of Ava Petrov', model: 'Student', id: studentId, action: 'add-guardian' },
  ]

  it('is refused with a sentence that leads to the consent; with the consent it is booked', async () => {
    const manager = await desk.as('manager')
    const book = resourceAction('Booking', 'book')
    const refused = (await preview(manager, book, order())) as Answer & { ways: unknown }
    expect(refused.errors.studentId).toContain("no guardian's consent")
    expect(refused.ways).toEqual(way())
    await confirmed(manager, path(), { ...guardian, ...paper })
    expect(await confirmed(manager, book, order())).toMatchObject({ state: 'done' })
  })

  it('is not confirmed either, and says where to go', async () => {
    const booking = await desk.harbour.booking({
      studentId,
      status: 'requested',
      startAt: new Date(Date.now() + 3 * 86_400_000),
    })
    const bulk = `/admin/api/resources/Booking/bulk/confirm?recordIds=${booking.id}`
    const { answer } = await send(await desk.as('manager'), bulk, { preview: true, key: randomUUID(), input: {} })
    expect(answer).toMatchObject({ state: 'refused', message: expect.stringContaining('under 18'), ways: way() })
  })
})
