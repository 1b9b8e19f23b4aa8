import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createPanel } from '../../src/admin/panel.ts'
import { action } from '../../src/core/action.ts'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { conflict, invalid } from '../../src/core/errors.ts'
import { emit } from '../../src/core/events.ts'
import { root } from '../../src/core/root.ts'
import { bulkAction, confirmed, open, preview, recordAction, resourceAction, send } from '../support/actions.ts'
import { type School, type TestDatabase, cloneDatabase, school } from '../support/database.ts'
import { type Browser, TEST_PASSWORD_HASH, type TestServer, startServer } from '../support/server.ts'

const enrol = action('student.enrol', {
  model: 'Student',
  on: 'record',
  may: ['owner', 'manager'],
  label: 'Enrol',
  form: z.object({
    title: z.string().min(3).max(40),
    story: z.string().max(1000).optional(),
    lessons: z.int().min(1).max(50).default(5),
    deposit: z.int().min(1000).max(100_000).meta({ kind: 'money' }),
    discount: z.int().min(0).max(5000).optional().meta({ kind: 'percent' }),
    starts: z.iso.date(),
    callAt: z.date().optional().meta({ label: 'Call on' }),
    level: z.enum(['beginner', 'returning']).meta({ values: { beginner: 'New to driving', returning: 'Coming back' } }),
    sendsMail: z.boolean().default(false).meta({ label: 'Write to them' }),
    guardian: z.uuid().optional().meta({ references: 'Guardian' }),
  }),
  when: ({ archivedAt }) => archivedAt === null || 'Somebody archived cannot be enrolled.',
  run: async (work, { record, input }) => {
    const { orgId, tx } = work
    if (input.title === 'taken') throw invalid('There is already a course of this title.', 'title')
    const notes = JSON.stringify({ ...input, at: input.callAt?.toISOString() })
    await tx.student.updateMany({ where: { id: record.id }, data: { notes } })
    const { id } = await tx.package.create({
      data: {
        orgId,
        name: `${input.title} for ${record.fullName}`,
        minutes: input.lessons * 60,
        priceCents: input.deposit,
      },
    })
    if (!input.sendsMail) return
    const message = { toAddress: record.email!, templateKey: 'booking_confirmed', subject: 'Welcome' } as const
    await tx.message.create({ data: { orgId, channel: 'email', ...message } })
    const lesson = { studentId: record.id, instructorId: record.id, status: 'confirmed' }
    const payload = { bookingId: id, ...lesson, startAt: '2031-01-06T00:00:00Z', endAt: '2031-01-06T01:00:00Z' }
    await emit(work, { topic: 'booking.confirmed', of: 'Booking', id, version: 1, payload })
  },
})

let runs = 0
const greet = action('student.greet', {
  model: 'Student',
  on: 'bulk',
  may: ['owner', 'manager'],
  label: 'Greet',
  done: 'greeted',
  when: ({ fullName }) => !fullName.startsWith('Shy') || `${fullName} does not want to be greeted.`,
  run: async ({ tx }, { record: { id, fullName, notes } }) => {
    if (fullName.startsWith('Rude')) throw conflict(`${fullName} walked away.`)
    runs++
    await tx.student.updateMany({ where: { id }, data: { notes: `${notes ?? ''}hello ` } })
  },
})

const census = action('student.take-census', {
  model: 'Student',
  on: 'resource',
  may: ['owner', 'manager'],
  label: 'Take census',
  run: async ({ tx, orgId }) => `${await tx.student.count({ where: { orgId } })} students are counted.`,
})

let test: TestDatabase
let db: Database
let server: TestServer
let harbour: School
let other: School
let manager: Browser
let owner: Browser
let finance: Browser

beforeAll(async () => {
  test = await cloneDatabase()
  harbour = await school(test, { name: 'Harbour', passwordHash: TEST_PASSWORD_HASH })
  other = await school(test, { name: 'Other', passwordHash: TEST_PASSWORD_HASH })
  db = await openDatabase(test.url)
  const config = { dataDir: root('node_modules/.cache/driveflow-tests') }
  const panel = await createPanel({ db, config, actions: [enrol, greet, census] })
  server = await startServer({ db, panel })
  const as = (role: string) => server.signIn(`${role}@${harbour.slug}.example.test`)
  ;[manager, owner, finance] = (await Promise.all(['manager', 'owner', 'finance'].map(as))) as [
    Browser,
    Browser,
    Browser,
  ]
})
afterAll(async () => {
  await server.close()
  await db.close()
  await test.drop()
})

const student = async (fullName: string, values = {}) => (await harbour.add('Student', { fullName, ...values })).id
const notes = async (id: string) => (await harbour.run('SELECT notes FROM "Student" WHERE id = $1', [id]))[0]!.notes
const count = async (table: string) =>
  Number((await test.console('superuser', `SELECT count(*) AS n FROM "${table}"`))[0]!.n)

const course = {
  title: 'Evening course',
  lessons: '10',
  deposit: 8500,
  starts: '2031-02-03',
  callAt: '2031-02-01T15:30',
  level: 'beginner',
  sendsMail: 'true',
}

describe('the form of an action', () => {
  it('asks for what its schema says, in words', async () => {
    const form = await open(manager, recordAction('Student', harbour.studentId, 'enrol'))
    expect(form).toMatchObject({ title: 'Enrol Mia Kowalski', needsPassword: false, refused: null })
    const kinds = form.fields.map(({ name, label, isRequired, custom }) => [name, label, custom.kind, isRequired])
    expect(kinds).toEqual([
      ['title', 'Title', 'text', true],
      ['story', 'Story', 'longText', false],
      ['lessons', 'Lessons', 'number', false],
      ['deposit', 'Deposit', 'money', true],
      ['discount', 'Discount', 'basisPoints', false],
      ['starts', 'Starts', 'date', true],
      ['callAt', 'Call on', 'datetime', false],
      ['level', 'Level', 'enum', true],
      ['sendsMail', 'Write to them', 'boolean', false],
      ['guardian', 'Guardian', 'reference', false],
    ])
    expect(form.fields[2]!.custom.initial).toBe(5)
    expect(form.fields[7]!.custom.labels).toEqual({ beginner: 'New to driving', returning: 'Coming back' })
  })

  it('says of every field what is wrong with it, in one answer', async () => {
    const wrong = {
      title: 'x',
      lessons: '51',
      deposit: '99',
      starts: '30 Feb',
      level: 'expert',
      callAt: '2031-10-05T02:30',
    }
    const answer = await preview(manager, recordAction('Student', harbour.studentId, 'enrol'), wrong)
    expect(answer.state).toBe('invalid')
    expect(answer.errors).toEqual({
      title: 'Title needs at least 3 characters.',
      lessons: 'Lessons is at most 50.',
      deposit: 'Deposit is at least A$10.00.',
      starts: 'Starts needs a date like 2026-11-24.',
      level: 'Level is not one of the choices.',
      callAt: expect.stringContaining('when the clocks go forward an hour is skipped') as string,
    })
    const empty = await preview(manager, recordAction('Student', harbour.studentId, 'enrol'))
    expect(empty.errors).toEqual({
      title: 'Title is needed.',
      deposit: 'Deposit is needed.',
      starts: 'Starts is needed.',
      level: 'Level is needed.',
    })
  })

  it('takes a record of this school only', async () => {
    const path = recordAction('Student', harbour.studentId, 'enrol')
    for (const guardian of [other.guardianId, randomUUID()])
      expect((await preview(manager, path, { ...course, guardian })).errors).toEqual({
        guardian: "Guardian is not one of your school's: choose one from the list.",
      })
    expect(await preview(manager, path, { ...course, guardian: harbour.guardianId })).toMatchObject({
      state: 'preview',
    })
  })

  it('puts what the action itself refuses beside its field', async () => {
    const answer = await preview(manager, recordAction('Student', harbour.studentId, 'enrol'), {
      ...course,
      title: 'taken',
    })
    expect(answer.errors).toEqual({ title: 'There is already a course of this title.' })
  })
})

describe('before it happens', () => {
  it('everybody reads what would happen, money and messages included, and nothing of it has', async () => {
    const id = await student('Ana Petrova', { email: 'ana@example.test' })
    const before = await Promise.all(['AuditLog', 'Package', 'Message', 'Outbox', 'ActionRun'].map(count))
    const { preview: shown } = await preview(manager, recordAction('Student', id, 'enrol'), course)
    expect(shown.question).toBe('Enrol Ana Petrova?')
    expect(shown.changes.map(({ singular, title, kind }) => [singular, title, kind])).toEqual([
      ['Student', 'Ana Petrova', 'edit'],
      ['Package', 'Evening course for Ana Petrova', 'new'],
    ])
    expect(shown.changes[1]!.fields).toContainEqual({
      property: 'priceCents',
      label: 'Price',
      before: null,
      after: 'A$85.00',
    })
    expect(shown.money).toEqual([{ label: 'Package: price', amount: '+A$85.00' }])
    expect(shown.messages).toEqual([
      'E-mail to ana@example.test: Welcome',
      'Everybody concerned is told: booking confirmed',
    ])
    expect(await Promise.all(['AuditLog', 'Package', 'Message', 'Outbox', 'ActionRun'].map(count))).toEqual(before)
  })

  it('and what is done is what was read: after a change by somebody else it asks again', async () => {
    const id = await student('Li Wei')
    const path = bulkAction('Student', [id], 'greet')
    const { preview: shown } = await preview(manager, path)
    await harbour.change('Student', id, { notes: 'busy ' })
    const key = randomUUID()
    const late = await send(manager, path, { key, hash: shown.hash })
    expect(late.answer).toMatchObject({
      state: 'stale',
      message: 'Something has changed since you looked. Nothing was done: look again, then confirm.',
    })
    expect(await notes(id)).toBe('busy ')
    const again = await send(manager, path, { key, hash: late.answer.preview.hash })
    expect(again.answer).toMatchObject({ state: 'done', message: 'Li Wei is greeted.' })
    expect(await notes(id)).toBe('busy hello ')
  })

  it('without having looked nothing can be done', async () => {
    const id = await student('Omar Haddad')
    const { answer } = await send(manager, bulkAction('Student', [id], 'greet'), { key: randomUUID() })
    expect(answer).toMatchObject({ state: 'stale', message: 'Look at what will happen first, then confirm.' })
    expect(await notes(id)).toBeNull()
  })

  it('typed money, days and times arrive as cents, days and instants of the school', async () => {
    const id = await student('Eva Lind', { email: 'eva@example.test' })
    await confirmed(manager, recordAction('Student', id, 'enrol'), course)
    expect(JSON.parse(String(await notes(id)))).toMatchObject({
      lessons: 10,
      deposit: 8500,
      starts: '2031-02-03',
      at: '2031-02-01T04:30:00.000Z',
      sendsMail: true,
    })
  })
})

describe('a button that is pressed twice', () => {
  it('does it once and gives the first answer, also at the same moment', async () => {
    const id = await student('Noa Cohen')
    const path = bulkAction('Student', [id], 'greet')
    const { preview: shown } = await preview(manager, path)
    const key = randomUUID()
    runs = 0
    const answers = await Promise.all([1, 2, 3, 4].map(() => send(manager, path, { key, hash: shown.hash })))
    expect(answers.map(({ answer }) => answer.message)).toEqual(Array(4).fill('Noa Cohen is greeted.'))
    expect(await notes(id)).toBe('hello ')
    expect((await send(manager, path, { key, hash: 'whatever' })).answer.message).toBe('Noa Cohen is greeted.')
    expect(runs).toBe(1)
    expect(await harbour.run('SELECT status FROM "ActionRun" WHERE "idempotencyKey" = $1', [key])).toEqual([
      { status: 'succeeded' },
    ])
  })

  it('for something else by then is refused', async () => {
    const [one, two] = [await student('One'), await student('Two')]
    const { preview: shown } = await preview(manager, bulkAction('Student', [one], 'greet'))
    const key = randomUUID()
    await send(manager, bulkAction('Student', [one], 'greet'), { key, hash: shown.hash })
    const reused = await send(manager, bulkAction('Student', [two], 'greet'), { key, hash: shown.hash })
    expect(reused.answer).toMatchObject({ state: 'refused', message: expect.stringContaining('sent before') as string })
    const colleague = await send(owner, bulkAction('Student', [one], 'greet'), { key, hash: shown.hash })
    expect(colleague.answer.state).toBe('refused')
    expect(await notes(two)).toBeNull()
  })

  it('by two people at the same moment: the second is asked to look again', async () => {
    const id = await student('Kim Park')
    const path = bulkAction('Student', [id], 'greet')
    const { preview: shown } = await preview(manager, path)
    const both = await Promise.all(
      [manager, owner].map((browser) => send(browser, path, { key: randomUUID(), hash: shown.hash })),
    )
    expect(both.map(({ answer }) => answer.state).toSorted()).toEqual(['done', 'stale'])
    expect(await notes(id)).toBe('hello ')
  })
})

describe('several records', () => {
  it('refuse together, each with its reason, before anything happens', async () => {
    const ids = [await student('Ada'), await student('Shy Bob'), await student('Cem'), await student('Shy Dan')]
    const answer = await preview(manager, bulkAction('Student', ids, 'greet'))
    expect(answer).toMatchObject({ state: 'refused', message: '2 of 4 cannot: nothing has been done.' })
    expect(answer.reasons.map(({ title, sentence }) => [title, sentence])).toEqual([
      ['Shy Bob', 'Shy Bob does not want to be greeted.'],
      ['Shy Dan', 'Shy Dan does not want to be greeted.'],
    ])
    expect(await notes(ids[0]!)).toBeNull()
  })

  it('refuse together also when it shows only while it is done, and the others go on without them', async () => {
    const rude = [await student('Rude Eli'), await student('Rude Fay')]
    const ids = [rude[0]!, await student('Ada'), rude[1]!, await student('Cem')]
    const answer = await confirmed(manager, bulkAction('Student', ids, 'greet'))
    expect(answer).toMatchObject({ message: '2 of 4 cannot: nothing has been done.', refused: 2, left: 2 })
    expect(answer.reasons.map(({ id, sentence }) => [id, sentence])).toEqual(
      rude.map((id, n) => [id, `Rude ${['Eli', 'Fay'][n]} walked away.`]),
    )
    expect(await notes(ids[1]!)).toBeNull()

    await harbour.run(`UPDATE "Student" SET "licenceType" = 'full' WHERE id = ANY ($1)`, [ids])
    const all = '/admin/api/panel/matching/Student/greet?filters.licenceType=full&without=refused'
    expect(await preview(manager, all)).toMatchObject({ state: 'refused', refused: 2, left: 2 })
    const left = `${all},${answer.reasons.map(({ id }) => id).join(',')}`
    expect(await confirmed(manager, left)).toMatchObject({ state: 'done', message: '2 students are greeted.' })
    expect(await notes(ids[1]!)).toBe('hello ')
    expect((await manager(`${all},nobody`)).status).toBe(400)
  })

  it('can be all that a list shows, named by their number', async () => {
    for (let n = 0; n < 7; n++) await student(`Crew ${n}`, { licenceType: 'overseas' })
    const path = '/admin/api/panel/matching/Student/greet?filters.licenceType=overseas'
    expect((await preview(manager, path)).preview.question).toBe('Greet 7 students?')
    const late = (await preview(manager, path)).preview.hash
    await student('Crew 8', { licenceType: 'overseas' })
    expect((await send(manager, path, { key: randomUUID(), hash: late })).answer.state).toBe('stale')
    expect(await confirmed(manager, path)).toMatchObject({ state: 'done', message: '8 students are greeted.' })
  })

  it('of another school are not there', async () => {
    const response = await manager(bulkAction('Student', [other.studentId], 'greet'))
    expect(response.status).toBe(404)
    const { status } = await send(manager, recordAction('Student', other.studentId, 'enrol'), {
      preview: true,
      key: randomUUID(),
    })
    expect(status).toBe(404)
  })
})

describe('deleting several', () => {
  it('shows what goes, and says before what cannot', async () => {
    const ids = [await student('Gone A'), await student('Gone B')]
    const path = bulkAction('Student', ids, 'bulkDelete')
    const { preview: shown } = await preview(owner, path)
    expect(shown.question).toBe('Delete 2 students?')
    expect(shown.changes.map(({ title, kind }) => [title, kind])).toEqual([
      ['Gone A', 'delete'],
      ['Gone B', 'delete'],
    ])
    expect(await confirmed(owner, path)).toMatchObject({ state: 'done', message: '2 students are deleted.' })
    expect(await preview(owner, bulkAction('Student', [harbour.studentId], 'bulkDelete'))).toMatchObject({
      state: 'refused',
      message: expect.stringContaining('Other records refer to this one') as string,
    })
    expect(
      (
        await send(manager, bulkAction('Student', [harbour.studentId], 'bulkDelete'), {
          preview: true,
          key: randomUUID(),
        })
      ).status,
    ).toBe(403)
  })
})

describe('in the audit log', () => {
  it('stand the action itself and each change, under one request', async () => {
    const id = await student('Vera Novak')
    await confirmed(manager, bulkAction('Student', [id], 'greet'))
    const rows = await harbour.run(
      `SELECT action, "requestId", "actorUserId" FROM "AuditLog" WHERE "entityId" = $1 AND action <> 'student.create' ORDER BY seq`,
      [id],
    )
    expect(rows.map(({ action }) => action)).toEqual(['student.update', 'student.greet'])
    expect(new Set(rows.map(({ requestId }) => requestId)).size).toBe(1)
    expect(rows[1]!.actorUserId).toBe(harbour.people.manager)
  })
})

describe('an address', () => {
  it('exists only for the roles that may, in the shape that the action has', async () => {
    const { studentId } = harbour
    const status = async (browser: Browser, path: string) => (await browser(path)).status
    expect(await status(manager, resourceAction('Student', 'take-census'))).toBe(200)
    expect(await status(finance, resourceAction('Student', 'take-census'))).toBe(404)
    expect(await status(finance, recordAction('Student', studentId, 'enrol'))).toBe(404)
    expect(await status(finance, '/admin/api/panel/matching/Student/greet')).toBe(404)
    expect(await status(manager, recordAction('Student', studentId, 'greet'))).toBe(404)
    expect(await status(manager, bulkAction('Student', [studentId], 'enrol'))).toBe(404)
    expect(await status(manager, recordAction('Student', studentId, 'Enrol'))).toBe(404)
    expect(await status(manager, recordAction('Guardian', harbour.guardianId, 'enrol'))).toBe(404)
    expect(await status(manager, recordAction('Nothing', harbour.guardianId, 'enrol'))).toBe(404)
    expect(await status(manager, '/admin/api/panel/matching/Student/enrol')).toBe(403)
    expect(await confirmed(manager, resourceAction('Student', 'take-census'))).toMatchObject({
      message: expect.stringMatching(/^\d+ students are counted\.$/) as string,
    })
  })

  it('of a page is there for the same people', async () => {
    const page = `/admin/resources/Student/records/${harbour.studentId}/enrol`
    expect((await manager(page)).status).toBe(200)
    expect((await finance(page)).status).toBe(404)
    expect((await manager('/admin/resources/Student/bulk/greet?recordIds=all')).status).toBe(200)
  })

  it('says with the record what can be done to it now', async () => {
    const shy = await student('Shy Zoe')
    const read = async (id: string) => {
      const response = await manager(recordAction('Student', id, 'show'))
      return ((await response.json()) as { record: { recordActions: string[] } }).record.recordActions
    }
    expect(await read(shy)).toEqual(expect.arrayContaining(['show', 'edit', 'enrol']))
    expect(await read(shy)).not.toContain('greet')
    expect(await read(harbour.studentId)).toContain('greet')
  })

  it('refuses what is no form with a sentence', async () => {
    const path = recordAction('Student', harbour.studentId, 'enrol')
    for (const body of [
      {},
      { key: 'x' },
      { key: randomUUID(), input: [] },
      { key: randomUUID(), input: { title: {} }, preview: true },
    ]) {
      const { status, answer } = await send(manager, path, body)
      expect(status).toBe(200)
      expect(['refused', 'invalid']).toContain(answer.state)
      expect(answer.message).toMatch(/\.$/)
    }
  })
})
