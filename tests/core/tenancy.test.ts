import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Context } from '../../src/core/context.ts'
import { type Database, openDatabase, tooOld } from '../../src/core/db.ts'
import { fromDatabase } from '../../src/core/errors.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'

let test: TestDatabase
let db: Database
let harbour: School
let river: School

beforeAll(async () => {
  test = await cloneDatabase()
  harbour = await school(test, { name: 'Harbour' })
  river = await school(test, { name: 'River' })
  db = await openDatabase(test.url, { max: 2 })
})

afterAll(async () => {
  await db.close()
  await test.drop()
})

const inSchool = (of: School, override?: string): Context => ({
  db,
  orgId: of.orgId,
  userId: of.people.manager,
  role: 'manager',
  actorKind: 'user',
  ip: '127.0.0.1',
  requestId: randomUUID(),
  ...(override ? { override } : {}),
})

describe('a school reads and writes only its own rows', () => {
  it('sees its students and no others', async () => {
    const mine = await db.read(inSchool(harbour), (client) => client.student.findMany())
    expect(mine.map((student) => student.id)).toEqual([harbour.studentId])
  })

  it('does not find the row of another school by its id', async () => {
    expect(
      await db.read(inSchool(harbour), (client) => client.student.findUnique({ where: { id: river.studentId } })),
    ).toBeNull()
    await expect(
      db.read(inSchool(harbour), (client) => client.student.findUniqueOrThrow({ where: { id: river.studentId } })),
    ).rejects.toThrow(/No record/)
  })

  it('keeps look-ups apart that two schools make in the same tick', async () => {
    const both = Array.from({ length: 40 }, (_, turn) => {
      const asked = turn % 2 === 0 ? harbour : river
      return db.read(inSchool(asked), (client) => client.student.findUnique({ where: { id: harbour.studentId } }))
    })
    const found = await Promise.all(both)
    expect(found.map((student) => student?.id ?? null)).toEqual(
      found.map((_, turn) => (turn % 2 === 0 ? harbour.studentId : null)),
    )
  })

  it('finds by a compound key inside its school', async () => {
    const service = await db.read(inSchool(harbour), (client) =>
      client.service.findUnique({ where: { orgId_name: { orgId: harbour.orgId, name: 'One hour' } } }),
    )
    expect(service?.id).toBe(harbour.serviceId)
  })

  it('changes nothing of another school, and is told that there is nothing', async () => {
    const { count } = await db.read(inSchool(harbour), (client) =>
      client.student.updateMany({ where: { id: river.studentId }, data: { fullName: 'Taken' } }),
    )
    expect(count).toBe(0)
  })

  it('cannot put a row into another school', async () => {
    const refusal = await db
      .read(inSchool(harbour), (client) =>
        client.service.create({ data: { orgId: river.orgId, name: 'Planted', durationMin: 60 } }),
      )
      .catch(fromDatabase)
    expect(refusal).toMatchObject({ kind: 'Forbidden', message: 'This is not allowed in your school.' })
  })

  it('cannot refer to a record of another school', async () => {
    const data = {
      orgId: harbour.orgId,
      instructorId: river.instructorId,
      kind: 'police_check',
      number: 'X1',
      expiresOn: new Date('2030-01-01'),
    } as const
    const refusal = await db
      .read(inSchool(harbour), (client) => client.instructorCredential.create({ data }))
      .catch(fromDatabase)
    expect(refusal).toMatchObject({ kind: 'Invalid', field: 'instructorId' })
  })

  it('reads several statements of the panel in one school', async () => {
    const count = { text: 'SELECT count(*)::int FROM "Student"', values: [] }
    expect(await db.select(inSchool(river), [count, { text: 'SELECT name FROM "Org"', values: [] }])).toEqual([
      [[1]],
      [['River']],
    ])
  })
})

describe('a statement without a school is never sent', () => {
  it('refuses a context whose school is no id', async () => {
    const nowhere = { ...inSchool(harbour), orgId: "'; DROP TABLE x; --" }
    await expect(db.read(nowhere, (client) => client.student.findMany())).rejects.toThrow('no tenant context')
    await expect(db.transaction(nowhere, (tx) => tx.student.findMany())).rejects.toThrow('no tenant context')
    await expect(db.select(nowhere, [{ text: 'SELECT 1', values: [] }])).rejects.toThrow('no tenant context')
  })

  it('refuses a client that was carried out of its context', async () => {
    const carried = await db.read(inSchool(harbour), async (client) => ({ client }))
    await expect(carried.client.student.findMany()).rejects.toThrow('no tenant context')
  })

  it('leaves no school behind on the connections of the pool', async () => {
    await Promise.all([1, 2, 3, 4].map(() => db.read(inSchool(harbour), (client) => client.student.findMany())))
    const { rows } = await db.authQuery(`SELECT current_setting('app.org_id', true) AS org`)
    expect(rows[0].org ?? '').toBe('')
  })
})

describe('a transaction is all or nothing', () => {
  it('takes back everything when one part fails', async () => {
    const work = db.transaction(inSchool(harbour), async (tx) => {
      await tx.service.create({ data: { orgId: harbour.orgId, name: 'Half done', durationMin: 60 } })
      throw new Error('stopped')
    })
    await expect(work).rejects.toThrow('stopped')
    expect(await db.read(inSchool(harbour), (client) => client.service.count({ where: { name: 'Half done' } }))).toBe(0)
  })

  it('is told when a rule that is checked at the end refuses', async () => {
    const unbalanced = db.transaction(inSchool(harbour), async (tx) => {
      const header = {
        orgId: harbour.orgId,
        kind: 'test',
        refType: 'Booking',
        refId: randomUUID(),
        idempotencyKey: randomUUID(),
        occurredAt: new Date(),
      }
      const { id: transactionId } = await tx.ledgerTransaction.create({ data: header })
      await tx.ledgerEntry.create({
        data: { orgId: harbour.orgId, transactionId, account: 'cash', currency: 'AUD', amountCents: 100 },
      })
    })
    const refusal = await unbalanced.catch(fromDatabase)
    expect(refusal).toMatchObject({
      kind: 'Invalid',
      message: 'The entries of a ledger transaction must add up to zero in each currency.',
    })
  })

  it('gives every connection back after errors', async () => {
    const failing = Array.from({ length: 12 }, () =>
      db.read(inSchool(harbour), (client) =>
        client.service.create({ data: { orgId: harbour.orgId, name: 'Too short', durationMin: 0 } }),
      ),
    )
    const answers = await Promise.allSettled(failing)
    expect(answers.every((answer) => answer.status === 'rejected')).toBe(true)
    expect(await db.read(inSchool(harbour), (client) => client.student.count())).toBe(1)
  })

  it('carries the reason of an override into the audit rows', async () => {
    const { id } = await harbour.booking()
    await db.transaction(inSchool(harbour, 'agreed on the phone'), (tx) =>
      tx.booking.updateMany({
        where: { id },
        data: { priceCents: 8000, platformFeeCents: 1200, instructorShareCents: 6800 },
      }),
    )
    const [row] = await db.read(inSchool(harbour), (client) => client.booking.findMany({ where: { id } }))
    expect(row?.priceCents).toBe(8000)
  })
})

describe('a server that cannot be worked with is refused in words', () => {
  it('names a version that is too old', () => {
    expect(tooOld(150018)).toBe('PostgreSQL 15 is too old: DriveFlow needs version 16 or newer.')
  })

  it('refuses a role that ignores the policies', async () => {
    await expect(openDatabase(test.superuserUrl)).rejects.toThrow(/ignores row-level security/)
  })

  it('says that nothing answers', async () => {
    await expect(openDatabase('postgresql://nobody:x@127.0.0.1:9/none')).rejects.toThrow(/The database does not answer/)
  })
})
