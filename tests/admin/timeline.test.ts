import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openDatabase } from '../../src/core/db.ts'
import { enqueue, job } from '../../src/core/jobs.ts'
import { type Office, openOffice } from '../support/records.ts'
import type { Browser } from '../support/server.ts'

interface Entry {
  kind: string
  text: string
  note: string | null
  fields: { property: string; label: string; before: string | null; after: string | null }[]
  status: { label: string; tone: string } | null
  open: { model: string; id: string } | null
}
interface Timeline {
  groups: { at: string; who: string; role: string | null; entries: Entry[]; undo: string | null }[]
  kinds: { name: string; label: string }[]
  next: string | null
}

let office: Office
let manager: Browser
let owner: Browser
let finance: Browser

beforeAll(async () => {
  office = await openOffice()
  ;[manager, owner, finance] = await Promise.all([office.as('manager'), office.as('owner'), office.as('finance')])
})

afterAll(() => office.close())

const timeline = (as: Browser, model: string, id: string, query = '') =>
  office.get<Timeline>(as, `/admin/api/panel/timeline/${model}/${id}${query}`)
const edit: Office['edit'] = (...form) => office.edit(...form)
const entries = (answer: Timeline) => answer.groups.flatMap((group) => group.entries)

describe('the history of a student', () => {
  it('tells who changed what, newest first, in words, although the manager may not read the audit log', async () => {
    const { id } = await office.harbour.add('Student', { fullName: 'Nora Lind' })
    await edit(manager, 'Student', id, { phone: '0491 570 156' })
    await edit(owner, 'Student', id, { dob: '2008-05-04', phone: '' })
    const { groups, next } = await timeline(manager, 'Student', id)
    expect(groups.map(({ who, role, entries: [first] }) => [who, role, first!.text])).toEqual([
      [`Owner of ${office.harbour.slug}`, 'Owner', 'Student changed'],
      [`Manager of ${office.harbour.slug}`, 'Manager', 'Student changed'],
      ['The platform', null, 'Student added'],
    ])
    expect(groups[0]!.entries[0]!.fields).toEqual([
      { property: 'phone', label: 'Phone', before: '0491 570 156', after: null },
      { property: 'dob', label: 'Date of birth', before: null, after: 'Sun 4 May 2008' },
    ])
    expect(groups.map(({ undo }) => undo !== null)).toEqual([true, true, false])
    expect(next).toBeNull()
  })

  it('shows finance only the end of a phone number, and never offers it to undo', async () => {
    const { id } = await office.harbour.add('Guardian', { fullName: 'Otto Lind', phone: '0491 570 156' })
    await edit(manager, 'Guardian', id, { phone: '0491 570 157' })
    const answer = await timeline(finance, 'Guardian', id)
    expect(JSON.stringify(answer)).not.toContain('0491')
    expect(entries(answer)[0]!.fields).toEqual([
      { property: 'phone', label: 'Phone', before: '•••• 156', after: '•••• 157' },
    ])
    expect(answer.groups.every(({ undo }) => undo === null)).toBe(true)
  })

  it('goes on page by page until everything is told once', async () => {
    const { id } = await office.harbour.add('Student', { fullName: 'Pia Sund' })
    for (let turn = 0; turn < 50; turn++) await office.harbour.change('Student', id, { notes: `note ${turn}` })
    const first = await timeline(manager, 'Student', id)
    const second = await timeline(manager, 'Student', id, `?cursor=${first.next}`)
    const told = [...entries(first), ...entries(second)].map(({ fields }) => fields[0]?.after)
    expect(told.slice(0, 50)).toEqual(Array.from({ length: 50 }, (_, turn) => `note ${49 - turn}`))
    expect([entries(first).length, entries(second).length, second.next]).toEqual([40, 11, null])
  })

  it.each(['?cursor=nonsense', '?kinds=secrets', '?kinds=job'])('refuses %s with a sentence', async (query) => {
    const { status, message } = await timeline(manager, 'Student', office.harbour.studentId, query)
    expect([status, message]).toEqual([400, expect.stringMatching(/\.$/)])
  })

  it("of another school's student is no different from one that never was", async () => {
    const said = [office.river.studentId, randomUUID()].map(async (id) => {
      const { status, message } = await timeline(manager, 'Student', id)
      return [status, message]
    })
    expect(await Promise.all(said)).toEqual([1, 2].map(() => [404, 'There is no such student in your school.']))
  })

  it('does not exist for models that the role does not see', async () => {
    expect((await timeline(manager, 'User', office.harbour.people.owner)).status).toBe(404)
  })
})

describe('the history of a booking', () => {
  it('brings together what one request did: state, money, message and event', async () => {
    const { harbour } = office
    const booking = await harbour.booking({ status: 'requested' })
    const as = { user_id: harbour.people.manager, role: 'manager', actor_kind: 'user', request_id: 'confirming' }
    await harbour.transaction(async (run) => {
      const school = harbour.orgId
      await run(`UPDATE "Booking" SET status = 'confirmed' WHERE id = $1`, [booking.id])
      await run(
        `INSERT INTO "LessonStateHistory" ("orgId", "bookingId", "fromStatus", "toStatus", "actorUserId", reason) VALUES ($1, $2, 'requested', 'confirmed', $3, 'Paid by phone')`,
        [school, booking.id, harbour.people.manager],
      )
      await run(
        `INSERT INTO "Message" ("orgId", "toAddress", channel, "templateKey", "relatedType", "relatedId") VALUES ($1, 'mia@example.test', 'email', 'booking_confirmed', 'Booking', $2)`,
        [school, booking.id],
      )
      await run(
        `INSERT INTO "Outbox" ("orgId", topic, "aggregateType", "aggregateId", "aggregateVersion", payload, actor, "availableAt") VALUES ($1, 'booking.confirmed', 'Booking', $2, 1, '{}', '{"requestId": "confirming"}', now())`,
        [school, booking.id],
      )
    }, as)
    await harbour.payment({ bookingId: booking.id })
    const { groups } = await timeline(owner, 'Booking', booking.id)
    const together = groups.find(({ entries: all }) => all.some(({ kind }) => kind === 'history'))!
    expect(together.who).toBe(`Manager of ${harbour.slug}`)
    expect(together.entries.map(({ kind, text }) => `${kind}: ${text}`).sort()).toEqual([
      'change: Booking changed',
      'history: Requested → Confirmed',
      'job: Booking confirmed',
      'message: E-mail to mia@example.test: Booking confirmed',
    ])
    expect(together.entries.find(({ kind }) => kind === 'history')!.note).toBe('Paid by phone')
    expect(together.undo, 'bookings are never undone').toBeNull()
    const paid = groups.flatMap((group) => group.entries).find(({ kind }) => kind === 'payment')!
    expect([paid.text, paid.status?.label]).toEqual(['Payment Mia Kowalski · A$85.00', 'Succeeded'])
  })

  it('shows of events, jobs and money only what the role sees, and of these only the kinds that are asked for', async () => {
    const booking = await office.harbour.booking()
    await office.harbour.payment({ bookingId: booking.id })
    const kinds = async (as: Browser, query = '') =>
      (await timeline(as, 'Booking', booking.id, query)).kinds.map(({ name }) => name)
    expect(await kinds(manager)).toEqual(['change', 'history', 'message', 'payment'])
    expect(await kinds(owner)).toEqual(['change', 'history', 'message', 'payment', 'action', 'webhook', 'job'])
    const only = entries(await timeline(owner, 'Booking', booking.id, '?kinds=payment'))
    expect(only.map(({ kind }) => kind)).toEqual(['payment'])
  })

  it('has what Stripe told us and what the queue did in the same requests, for whoever reads the audit log', async () => {
    const { harbour, test } = office
    const booking = await harbour.booking()
    const of = (request: string) => ({ actor_kind: 'webhook', request_id: request })
    await harbour.change('Booking', booking.id, { notes: 'paid' }, of('evt-1'))
    for (const [request, type] of [
      ['evt-1', 'payment_intent.succeeded'],
      ['evt-2', 'payout.paid'],
    ])
      await harbour.transaction(async (run) => {
        await run('SET LOCAL ROLE driveflow_worker')
        await run(
          `INSERT INTO "WebhookEvent" ("orgId", provider, "eventType", "eventId", payload, "receivedAt", "requestId") VALUES ($1, 'stripe', $2, $2, '{}', now(), $3)`,
          [harbour.orgId, type, request],
        )
      }, of(request!))
    const letter = job('letter.write', { data: z.object({ to: z.string() }), run: async () => {} })
    const db = await openDatabase(test.url)
    for (const { orgId } of [harbour, office.river]) {
      const actor = { userId: null, role: null, actorKind: 'webhook', ip: null, requestId: 'evt-1' } as const
      const ctx = { db, orgId, ...actor }
      await db.transaction(ctx, (tx) => enqueue({ ...ctx, tx }, letter, { to: 'mia@example.test' }))
    }
    await db.close()
    const told = (answer: Timeline) =>
      entries(answer)
        .filter(({ kind }) => kind === 'webhook' || kind === 'job')
        .map(({ text, status }) => `${text} · ${status!.label}`)
        .sort()
    const ownerTold = await timeline(owner, 'Booking', booking.id)
    expect(told(ownerTold)).toEqual(['Job: letter write · Waiting', 'Stripe: payment_intent.succeeded · Received'])
    expect(JSON.stringify(ownerTold)).not.toContain('mia@example.test')
    const [group] = ownerTold.groups
    expect(group!.entries.map(({ kind }) => kind).sort(), 'under the one request').toEqual(['change', 'job', 'webhook'])
    expect(told(await timeline(owner, 'Booking', booking.id, '?kinds=webhook'))).toHaveLength(1)
    for (const colleague of [manager, await office.as('admin')])
      expect(told(await timeline(colleague, 'Booking', booking.id))).toEqual([])
  })

  it('says nothing of places and notes to finance', async () => {
    const booking = await office.harbour.booking({ pickupAddress: '1 Quiet Street', notes: 'rings twice' })
    await edit(manager, 'Booking', booking.id, { notes: 'rings thrice' })
    const told = JSON.stringify(await timeline(finance, 'Booking', booking.id))
    expect(told).not.toMatch(/Quiet|rings/)
    expect(JSON.stringify(await timeline(manager, 'Booking', booking.id))).toMatch(/rings thrice/)
  })
})
