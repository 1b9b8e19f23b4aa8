import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Entry } from '../../src/admin/audit/entries.ts'
import { READ_AT_MOST, statementOf } from '../../src/admin/audit/search.ts'
import type { Context } from '../../src/core/context.ts'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { enqueue } from '../../src/core/jobs.ts'
import { sealAudit } from '../../src/domain/audit/seal.ts'
import sendMessage from '../../src/jobs/send-message.ts'
import { verifyExport } from '../../src/services/audit-export-check.ts'
import { confirmed, type Desk, openDesk, preview, recordAction, send } from '../support/actions.ts'
import type { Browser } from '../support/server.ts'

let desk: Desk
let db: Database
let compliance: Browser
let folder: string
beforeAll(async () => {
  desk = await openDesk()
  db = await openDatabase(desk.test.url)
  compliance = await desk.as('compliance')
  folder = mkdtempSync(join(tmpdir(), 'audit-export-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await db.close()
  await desk.close()
})

interface Found {
  entries: Entry[]
  next: string | null
  readBackTo: string | null
}

const ask = async <T = Found>(query: Record<string, string>, browser = compliance): Promise<T> =>
  (await (
    await browser(`/admin/api/panel/audit?${new URLSearchParams(query)}`, { headers: { accept: 'application/json' } })
  ).json()) as T
const acting = (role: 'manager' | 'owner', request: string) => ({
  user_id: desk.harbour.people[role],
  role,
  actor_kind: 'user',
  ip: '203.0.113.9',
  request_id: request,
})

describe('an inquiry', () => {
  beforeAll(async () => {
    const { harbour } = desk
    await harbour.change('Student', harbour.studentId, { phone: '0491 570 110' }, acting('manager', 'req-phone'))
    await harbour.change(
      'Student',
      harbour.studentId,
      { notes: 'Nervous at roundabouts' },
      acting('owner', 'req-notes'),
    )
    await harbour.change('Vehicle', harbour.vehicleId, { model: 'Yaris' }, acting('manager', 'req-phone'))
  })

  test('reads who changed what, in words, with names instead of ids', async () => {
    const { entries } = await ask({ model: 'Student', id: desk.harbour.studentId, field: 'phone' })
    expect(entries[0]).toMatchObject({
      who: `Manager of ${desk.harbour.slug}`,
      role: 'Manager',
      what: 'Student changed',
      record: { model: 'Student', title: 'Mia Kowalski', isOpen: true },
      fields: [{ label: 'Phone', before: null, after: '0491 570 110' }],
      ip: '203.0.113.9',
      request: 'req-phone',
    })
  })

  test('finds by person, kind, action, field, request and day, and by all of them at once', async () => {
    const { studentId, people } = desk.harbour
    const requests = async (query: Record<string, string>) => (await ask(query)).entries.map(({ request }) => request)
    const changed = { action: 'student.update' }
    expect(await requests({ ...changed, actor: people.manager })).toEqual(['req-phone'])
    expect(await requests({ model: 'Vehicle', action: 'vehicle.update' })).toEqual(['req-phone'])
    expect(await requests({ ...changed, field: 'notes' })).toEqual(['req-notes'])
    expect(await requests({ request: 'req-notes' })).toEqual(['req-notes'])
    const today = new Date().toLocaleDateString('sv', { timeZone: 'Australia/Sydney' })
    expect(await requests({ ...changed, id: studentId, from: today, to: today })).toEqual(['req-notes', 'req-phone'])
    expect(await requests({ ...changed, to: '2020-01-01' })).toEqual([])
    expect(await requests({ ...changed, actor: people.manager, field: 'notes' })).toEqual([])
  })

  test('finds a reference that was changed by its own name', async () => {
    const { harbour } = desk
    const { id } = await harbour.booking()
    await harbour.change('Booking', id, { vehicleId: harbour.vehicleId })
    const { entries } = await ask({ model: 'Booking', id, field: 'vehicle', action: 'booking.update' })
    expect(entries[0]!.fields).toMatchObject([{ label: 'Vehicle', before: null }])
  })

  test('pages from the newest to the first entry without gap or repeat', async () => {
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Found = await ask({ cursor })
      seen.push(...page.entries.map(({ id }) => id))
      cursor = page.next
    }
    const [{ n }] = (await desk.harbour.run('SELECT count(*)::int AS n FROM "AuditLog"')) as unknown as [{ n: number }]
    expect(new Set(seen).size).toBe(seen.length)
    // signing in and asking add entries of their own while this reads
    expect(Math.abs(n - seen.length)).toBeLessThan(3)
  })

  test.each([
    ['actor=nobody', 'Choose a person from the list.'],
    ['from=yesterday', 'Write the day like 2026-11-24.'],
    ['from=2026-11-24&to=2026-11-20', 'The last day is before the first.'],
    ['model=drop%20table', 'Choose a kind of record from the list.'],
    ['cursor=%00', 'This page of the audit log is no longer known. Start again from the newest.'],
  ])('%s is refused with a sentence', async (query, sentence) => {
    const answer = await compliance(`/admin/api/panel/audit?${query}`, { headers: { accept: 'application/json' } })
    expect([answer.status, ((await answer.json()) as { message: string }).message]).toEqual([400, sentence])
  })

  test('is for owner and compliance only', async () => {
    for (const role of ['admin', 'manager', 'finance'] as const) {
      const answer = await (await desk.as(role))('/admin/api/panel/audit', { headers: { accept: 'application/json' } })
      expect(answer.status).toBe(403)
    }
    expect((await (await desk.as('owner'))('/admin/api/panel/audit')).status).toBe(200)
  })

  test('a field that nobody changed is looked for in so many rows a time, not in all', () => {
    const { text } = statementOf(desk.harbour.orgId, { field: 'rating' })
    expect(text).toContain(`LIMIT ${READ_AT_MOST}`)
  })
})

describe('one request', () => {
  test('is told whole: its rows and what was announced', async () => {
    const { harbour } = desk
    const { id } = await harbour.booking()
    const manager = await desk.as('manager')
    const done = await confirmed(manager, recordAction('Booking', id, 'cancel'), {
      cancelledAs: 'admin',
      reason: 'The car broke down',
      refundPercentage: 100,
    })
    const { entries } = await ask({ model: 'Booking', id, field: 'status' })
    expect([done.state, entries.length > 0]).toEqual(['done', true])
    const request = entries[0]!.request!
    const story = (await (await compliance(`/admin/api/panel/audit/request/${request}`)).json()) as {
      entries: Entry[]
      events: { topic: string }[]
    }
    expect(story.entries.map(({ what }) => what)).toEqual(expect.arrayContaining(['Booking changed']))
    expect(story.events.map(({ topic }) => topic)).toContain('Booking cancelled')
  })

  test('is told with its messages, calls of Stripe, webhooks and jobs, each with how it stands', async () => {
    const { harbour } = desk
    const request = `req-${randomUUID()}`
    const acting = { user_id: harbour.people.manager, role: 'manager', actor_kind: 'user', request_id: request }
    const payment = await harbour.payment()
    await harbour.transaction(async (run) => {
      await run(
        `INSERT INTO "StripeCall" ("orgId", operation, "refType", "refId", "idempotencyKey", status, "stripeId", "finishedAt")
         VALUES ($1, 'payment_intent.create', 'Payment', $2, $3, 'done', 'pi_story', now())`,
        [harbour.orgId, payment.id, `story-${payment.id}`],
      )
      await run(
        `INSERT INTO "Message" ("orgId", "toAddress", channel, "templateKey", "recipientName", status)
         VALUES ($1, 'mia@example.test', 'email', 'payment_receipt', 'Mia Kowalski', 'sent')`,
        [harbour.orgId],
      )
    }, acting)
    await desk.test.console(
      'superuser',
      `INSERT INTO "WebhookEvent" ("orgId", provider, "eventType", "eventId", payload, status, "receivedAt", "requestId")
       VALUES ($1, 'stripe', 'payment_intent.succeeded', $2, '{}', 'processed', now(), $2)`,
      [harbour.orgId, request],
    )
    const who = { userId: harbour.people.manager, role: 'manager', actorKind: 'user', ip: null } as const
    const ctx: Context = { db, orgId: harbour.orgId, requestId: request, ...who }
    await db.transaction(ctx, (tx) => enqueue({ ...ctx, tx }, sendMessage, { messageId: randomUUID() }))
    const story = (await (await compliance(`/admin/api/panel/audit/request/${request}`)).json()) as {
      deeds: { kind: string; text: string; status: { label: string }; open: object | null }[]
    }
    expect(story.deeds.map(({ kind, text, status, open }) => [kind, text, status.label, open !== null])).toEqual(
      expect.arrayContaining([
        ['stripe', 'Stripe was asked: payment intent create of the payment (pi_story)', 'Done', true],
        ['message', 'Payment receipt to Mia Kowalski by e-mail', 'Sent', true],
        ['webhook', 'Stripe said: payment_intent.succeeded', 'Processed', true],
        ['job', 'Job: message send', 'Waiting', false],
      ]),
    )
  })

  test('that approved something is what the approver saw, under the fingerprint of what was shown', async () => {
    const { harbour } = desk
    const prices = recordAction('RateCard', harbour.rateCardId, 'adjust-prices')
    const { run } = await confirmed(await desk.as('manager'), prices, { percent: 5000 })
    const owner = await desk.as('owner')
    const approve = recordAction('ActionRun', run, 'approve')
    const shown = (await preview(owner, approve)).preview
    const { answer } = await send(owner, approve, { key: randomUUID(), hash: shown.hash, input: {} })
    expect(answer.state).toBe('done')
    const { entries } = await ask({ model: 'ActionRun', id: run, action: 'action-run.approve' })
    expect(entries[0]!.details).toContainEqual({
      property: 'seen',
      label: 'Shown before, with this fingerprint',
      before: null,
      after: shown.hash,
    })
    const story = (await (await compliance(`/admin/api/panel/audit/request/${entries[0]!.request}`)).json()) as {
      entries: Entry[]
      approvals: object[]
    }
    expect(story.approvals).toMatchObject([
      {
        run,
        askedBy: `Manager of ${harbour.slug}`,
        decidedBy: `Owner of ${harbour.slug}`,
        seen: shown.hash,
      },
    ])
    const told = story.entries.map(({ what, fields }) => [what, fields])
    const money = shown.changes.filter(({ fields }) => fields.some(({ label }) => label === 'Price'))
    expect(money).toHaveLength(1)
    expect(told).toContainEqual([`${money[0]!.singular} changed`, money[0]!.fields])
  })

  test('that never was is said to be none', async () => {
    const answer = await compliance('/admin/api/panel/audit/request/nothing', {
      headers: { accept: 'application/json' },
    })
    expect(answer.status).toBe(404)
  })
})

describe('an export', () => {
  interface Manifest {
    entries: number
    complete: boolean
    head: { number: number; hash: string }
    files: { name: string; sha256: string; entries: number }[]
  }

  async function exported(query = ''): Promise<{ manifest: Manifest; path: string }> {
    await sealAudit(db)
    const json = {
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      method: 'POST',
      body: '{}',
    }
    const manifest = (await (await compliance(`/admin/api/panel/audit/manifest?${query}`, json)).json()) as Manifest
    for (const { name } of manifest.files) {
      const [, format] = name.split('.')
      const file = await compliance(
        `/admin/api/panel/audit/export?${query}&format=${format}&upTo=${manifest.head.number}`,
        json,
      )
      writeFileSync(join(folder, name), Buffer.from(await file.arrayBuffer()))
    }
    const path = join(folder, 'manifest.json')
    writeFileSync(path, JSON.stringify(manifest))
    return { manifest, path }
  }

  test('is what its manifest says, and verifies without the database', async () => {
    const { manifest, path } = await exported()
    expect(manifest.complete).toBe(true)
    expect(manifest.files.map(({ entries }) => entries)).toEqual([manifest.entries, manifest.entries])
    expect(await verifyExport(path)).toMatch(
      /^\d+ entries of Harbour, .*: 2 files as they were handed out, a whole part of the chain\.$/,
    )
    const [noted] = await desk.harbour.run(
      `SELECT after FROM "AuditLog" WHERE action = 'auditLog.export' ORDER BY seq LIMIT 1`,
    )
    expect(noted!.after).toMatchObject({ rows: manifest.entries, sha256: manifest.files[0]!.sha256 })
  })

  test('of chosen entries says that they are chosen', async () => {
    const { manifest, path } = await exported('model=Student')
    expect(manifest).toMatchObject({ complete: false })
    expect(await verifyExport(path)).toContain('chosen entries, each sealed by itself')
  })

  const edited: [string, (text: string) => string, RegExp][] = [
    [
      'a changed word',
      (text) => text.replace('0491 570 110', '0491 570 111'),
      /was changed.*Line \d+ of audit\.jsonl, entry \d+, does not fit its hash/,
    ],
    ['a line that is gone', (text) => text.split('\n').toSpliced(2, 1).join('\n'), /was changed.*Entries are missing/],
    ['a line that is none', (text) => `${text}{}\n`, /was changed.*is no entry/],
  ]
  test.each(edited)('with %s is refused with where', async (_what, edit, sentence) => {
    const { path } = await exported()
    const file = join(folder, 'audit.jsonl')
    const { readFileSync } = await import('node:fs')
    writeFileSync(file, edit(readFileSync(file, 'utf8')))
    await expect(verifyExport(path)).rejects.toThrow(sentence)
  })

  test('whose manifest was made to fit a missing entry is refused by the chain', async () => {
    const { manifest, path } = await exported()
    const { readFileSync } = await import('node:fs')
    const { createHash } = await import('node:crypto')
    const file = join(folder, 'audit.jsonl')
    const text = readFileSync(file, 'utf8').split('\n').toSpliced(2, 1).join('\n')
    writeFileSync(file, text)
    const [lines, table] = manifest.files
    const fitting = {
      ...lines!,
      sha256: createHash('sha256').update(text).digest('hex'),
      entries: manifest.entries - 1,
    }
    writeFileSync(path, JSON.stringify({ ...manifest, entries: manifest.entries - 1, files: [fitting, table] }))
    await expect(verifyExport(path)).rejects.toThrow(
      /^Entry \d+ does not follow entry \d+: something between them is missing\.$/,
    )
  })

  test('with a changed table, a missing file or another manifest is refused', async () => {
    const { path } = await exported()
    writeFileSync(join(folder, 'audit.csv'), 'Entry\r\n')
    await expect(verifyExport(path)).rejects.toThrow(/^audit\.csv was changed/)
    rmSync(join(folder, 'audit.csv'))
    await expect(verifyExport(path)).rejects.toThrow('audit.csv is missing: put it beside the manifest.')
    writeFileSync(path, '{}')
    await expect(verifyExport(path)).rejects.toThrow(/is not the manifest of an export/)
    await expect(verifyExport(join(folder, 'none.json'))).rejects.toThrow(/There is no file/)
  })

  test('without its manifest is refused: nobody gets a file that cannot be checked', async () => {
    const answer = await compliance.post('/admin/api/panel/audit/export?format=csv')
    expect(answer.status).toBe(400)
  })
})
