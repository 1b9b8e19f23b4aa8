import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { parse } from 'csv-parse/sync'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { type Working, work } from '../../src/core/jobs.ts'
import { sealAudit } from '../../src/domain/audit/seal.ts'
import anonymisePerson from '../../src/jobs/anonymise-person.ts'
import purgeExpired from '../../src/jobs/purge-expired.ts'
import { verifyExport } from '../../src/services/audit-export-check.ts'
import { type Desk, confirmed, openDesk, preview, recordAction } from '../support/actions.ts'
import type { Browser } from '../support/server.ts'
import { foundIn, leaveTraces } from '../domain/canaries.ts'

let desk: Desk
let db: Database
let compliance: Browser
let owner: Browser
let working: Working
let traces: Awaited<ReturnType<typeof leaveTraces>>
beforeAll(async () => {
  desk = await openDesk()
  db = await openDatabase(desk.test.url)
  ;[compliance, owner] = [await desk.as('compliance'), await desk.as('owner')]
  traces = await leaveTraces(desk.test, desk.harbour)
  await desk.river.change('Student', desk.river.studentId, { fullName: 'Rivka Elsewhere' })
  const failed: Error[] = []
  working = await work(db, {
    jobs: [anonymisePerson, purgeExpired],
    concurrency: 1,
    patienceMs: 5_000,
    onError: (error) => failed.push(error),
  })
})
afterAll(async () => {
  await working.stop()
  await db.close()
  await desk.close()
})

const api = (path: string) => `/admin/api/panel/privacy/${path}`
const json = { headers: { accept: 'application/json' } }
const post = (browser: Browser, path: string) => browser(api(path), { method: 'POST', ...json })
async function unzipped(response: Response) {
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/zip'])
  const bytes = new Uint8Array(await response.arrayBuffer())
  const raw = unzipSync(bytes)
  const files: Record<string, string> = Object.fromEntries(
    Object.entries(raw).map(([name, content]) => [name, strFromU8(content)]),
  )
  return { files, raw, sha256: hashOf(bytes) }
}
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const lastEvent = async (action: string) =>
  (await desk.harbour.run('SELECT * FROM "AuditLog" WHERE action = $1 ORDER BY seq DESC LIMIT 1', [action]))[0]!

describe('what a school has about a person is handed over', () => {
  test('of a learner: everything, to read and for a program, with nothing of another school', async () => {
    const { files, sha256 } = await unzipped(await post(compliance, `export/Student/${traces.studentId}`))
    expect(Object.keys(files)).toEqual(['read-me-first.html', 'data.json', 'positions.json'])
    const data = JSON.parse(files['data.json']!) as Record<string, Record<string, unknown>[]>
    expect(Object.keys(data)).toEqual(
      expect.arrayContaining([
        'Student',
        'StudentGuardian',
        'Consent',
        'Booking',
        'Lesson',
        'Trip',
        'Incident',
        'Payment',
        'Refund',
        'Dispute',
        'CreditGrant',
        'CreditEntry',
        'Message',
        'MessageDelivery',
        'AuditLog',
      ]),
    )
    expect(data.Booking).toMatchObject([
      { service: 'One hour', instructor: 'Ines Okafor', pickupAddress: '7 Canary Wharf Lane', priceCents: 8500 },
    ])
    expect(data.AuditLog!.map(({ after }) => JSON.stringify(after)).join()).toContain('0491 570 313')
    expect(JSON.parse(files['positions.json']!)).toMatchObject([{ lat: -33.123457, lng: 151.765432 }])
    const page = files['read-me-first.html']!
    for (const word of ['Zephyrine Quillfeather', 'A$85.00', 'One hour', '2008-02-29', 'Ines Okafor'])
      expect(page).toContain(word)
    const all = Object.values(files).join()
    for (const word of ['Rivka', desk.river.orgId, 'idempotencyKey', 'tokenHash', '<script'])
      expect(all).not.toContain(word)
    expect(await lastEvent('person.export')).toMatchObject({
      actorUserId: desk.harbour.people.compliance,
      entityType: 'Student',
      entityId: traces.studentId,
      after: { sha256, complete: true },
    })
  })

  test('of an instructor, guardian and colleague: theirs, and nothing of the learners they met', async () => {
    const { instructorId, guardianId, people } = desk.harbour
    for (const [model, id, word] of [
      ['Instructor', instructorId, 'Ines Okafor'],
      ['Guardian', guardianId, 'Tom Kowalski'],
      ['User', people.manager, `Manager of ${desk.harbour.slug}`],
    ]) {
      const { files } = await unzipped(await post(compliance, `export/${model}/${id}`))
      expect(files['data.json']).toContain(word)
      const others =
        model === 'Instructor' ? files['data.json']!.replaceAll(/Test day of[^"]*/g, '') : files['data.json']!
      for (const learner of ['Quillfeather', 'Canary Wharf', 'canary.example', '33.123457'])
        expect([model, learner, others.includes(learner)]).toEqual([model, learner, false])
    }
  })

  test('to nobody else, and of nobody elsewhere', async () => {
    for (const role of ['owner', 'admin', 'manager', 'finance'] as const)
      expect([role, (await post(await desk.as(role), `export/Student/${traces.studentId}`)).status]).toEqual([
        role,
        403,
      ])
    expect((await post(compliance, `export/Student/${desk.river.studentId}`)).status).toBe(404)
    expect((await post(compliance, `export/Booking/${traces.bookingId}`)).status).toBe(404)
  })
})

test('the register of lessons has times, distance and licence as text that no spreadsheet runs', async () => {
  await desk.harbour.change('Instructor', desk.harbour.instructorId, {
    displayName: '=HYPERLINK("x")',
    licenseId: 'DI-77',
  })
  await desk.harbour.change('Lesson', traces.lessonId, { distanceMeters: 12_345, durationSec: 3_540 })
  const days = 'from=2020-01-01&to=2024-12-31'
  const now = new Date()
  const day = (offset: number) => new Date(now.getTime() + offset * 86_400_000).toISOString().slice(0, 10)
  const { files, raw, sha256 } = await unzipped(await post(compliance, `lessons?from=${day(-3)}&to=${day(1)}`))
  const [, ...rows] = parse(files['lessons.csv']!, { bom: true })
  expect(rows.map((row) => row.slice(3, 12))).toEqual([
    ['59', '12.3', 'Completed', 'Zephyrine Quillfeather', 'QX7788990', '', `'=HYPERLINK("x")`, 'DI-77', ''],
  ])
  const manifest = JSON.parse(files['manifest.json']!) as { lessons: number; files: { sha256: string }[] }
  expect(manifest).toMatchObject({ lessons: 1, by: `compliance@${desk.harbour.slug}.example.test` })
  expect(manifest.files[0]!.sha256).toBe(hashOf(raw['lessons.csv']!))
  expect((await lastEvent('lesson.register')).after).toMatchObject({ sha256, complete: true })
  const none = await unzipped(await post(owner, `lessons?${days}`))
  expect(parse(none.files['lessons.csv']!, { bom: true })).toHaveLength(1)
  for (const [query, sentence] of [
    ['from=2026-02-01', 'Choose the first and the last day'],
    ['from=2026-02-01&to=2026-01-01', 'The last day is before the first.'],
    ['from=2001-01-01&to=2026-01-01', 'five years at the most'],
    [`${days}&student=x`, 'Choose somebody from the list.'],
  ]) {
    const answer = await post(compliance, `lessons?${query}`)
    expect([answer.status, ((await answer.json()) as { message: string }).message]).toEqual([
      400,
      expect.stringContaining(sentence!),
    ])
  }
  await desk.harbour.change('Instructor', desk.harbour.instructorId, { displayName: 'Ines Okafor' })
})

describe('what was kept long enough', () => {
  const retention = async () =>
    (await (await compliance(api('retention'), json)).json()) as Record<string, { count: number }>

  test('is counted, and only that goes', async () => {
    const { harbour } = desk
    const at = (days: number) => new Date(Date.now() - days * 86_400_000)
    const points = async (tripId: string) =>
      (await harbour.run('SELECT ts FROM "TripPoint" WHERE "tripId" = $1 ORDER BY ts', [tripId])).length
    const trip = await harbour.add('Trip', { lessonId: traces.lessonId, startedAt: at(91), endedAt: at(91) })
    for (const days of [91, 90.1, 89.9])
      await harbour.add('TripPoint', { tripId: trip.id, ts: at(days), lat: 1, lng: 1 })
    const old = await harbour.booking({
      startAt: at(366 * 5 + 2),
      status: 'completed',
      notes: 'Old words',
      pickupAddress: 'Old Lane 1',
    })
    const young = await harbour.booking({ startAt: at(300 * 5), status: 'completed', notes: 'Young words' })
    await sealAudit(db)
    expect(await retention()).toMatchObject({ points: { count: 2 }, withdrawn: { count: 0 }, records: { count: 1 } })
    expect((await post(owner, 'retention')).status).toBe(403)
    expect((await post(compliance, 'retention')).status).toBe(200)
    await expect
      .poll(async () => (await lastEvent('retention.purge'))?.after, { timeout: 20_000 })
      .toMatchObject({ points: 2, lessons: 1 })
    expect(await points(trip.id)).toBe(1)
    expect(await points(traces.tripId)).toBe(1)
    const notes = await harbour.run(
      'SELECT notes, "pickupAddress" FROM "Booking" WHERE id = ANY ($1) ORDER BY "startAt"',
      [[old.id, young.id]],
    )
    expect(notes).toEqual([
      { notes: '[removed]', pickupAddress: '[removed]' },
      { notes: 'Young words', pickupAddress: null },
    ])
    expect(await foundIn(desk.test, ['Old words', 'Old Lane'])).toEqual([])
    expect(await retention()).toMatchObject({ points: { count: 0 }, records: { count: 0 } })
  })

  test('goes at once when a learner withdraws, in whatever way that is written down, and no more comes', async () => {
    const { harbour } = desk
    const { id: studentId } = await harbour.add('Student', { fullName: 'With Drawn' })
    const given = { studentId, kind: 'gps_tracking', documentVer: '1', method: 'e-mail' }
    await harbour.add('Consent', { ...given, granted: true, effectiveAt: new Date(Date.now() - 7_200_000) })
    const booking = await harbour.booking({ studentId, startAt: new Date(Date.now() - 600_000), status: 'in_progress' })
    const lesson = await harbour.add('Lesson', {
      bookingId: booking.id,
      studentId,
      instructorId: harbour.instructorId,
      startedAt: new Date(),
      distanceMeters: 900,
    })
    const trip = await harbour.add('Trip', { lessonId: lesson.id, startedAt: new Date() })
    await harbour.add('TripPoint', { tripId: trip.id, ts: new Date(), lat: 1, lng: 1 })
    const input = { kind: 'gps_tracking', granted: 'false', method: 'signature', documentVer: '2' }
    const answer = await confirmed(await desk.as('manager'), recordAction('Student', studentId, 'record'), input)
    expect(answer).toMatchObject({ state: 'done' })
    expect(await harbour.run('SELECT id FROM "TripPoint" WHERE "tripId" = $1', [trip.id])).toEqual([])
    const left = await harbour.run(
      'SELECT "purgedAt" IS NOT NULL AS purged, "distanceMeters" FROM "Trip" t JOIN "Lesson" l ON l.id = "lessonId" WHERE t.id = $1',
      [trip.id],
    )
    expect(left).toEqual([{ purged: true, distanceMeters: 900 }])
    expect(
      await harbour.run(`SELECT action FROM "AuditLog" WHERE "entityId" = $1 AND action = 'trip.update'`, [trip.id]),
    ).toHaveLength(1)
  })
})

describe('a learner is anonymised', () => {
  const path = () => recordAction('Student', traces.studentId, 'anonymise')

  test('by whoever answers such requests, without naming them again', async () => {
    expect((await (await desk.as('manager'))(path())).status).toBe(404)
    const named = await preview(compliance, path(), { reason: 'zephyrine quillfeather asked' })
    expect(named.errors).toEqual({ reason: 'Say why without naming the person: the reason stays in the audit log.' })
    const shown = await preview(compliance, path(), { reason: 'Asked by letter' })
    expect(shown.preview.question).toBe('Anonymise Zephyrine Quillfeather? This cannot be taken back.')
    expect((shown.preview as unknown as { outcome: string }).outcome).toMatch(
      /^Goes: Student: full name, phone, .*1 booking.*GPS position.*Stays: times, prices, states and amounts, 1 booking, 1 lesson, 1 payment, 1 refund\./s,
    )
  })

  test('when somebody else agrees, and is then found nowhere, not even in what was agreed to', async () => {
    const asked = await confirmed(compliance, path(), { reason: 'Asked by letter' })
    expect(asked.state).toBe('waiting')
    expect((await foundIn(desk.test)).length).toBeGreaterThan(20)
    expect(await confirmed(compliance, recordAction('ActionRun', asked.run, 'approve'))).toMatchObject({
      state: 'refused',
    })
    expect(await confirmed(owner, recordAction('ActionRun', asked.run, 'approve'))).toMatchObject({ state: 'done' })
    await expect
      .poll(
        async () =>
          (
            await desk.harbour.run(`SELECT 1 FROM "AuditLog" WHERE action = 'auditLog.redact' AND "entityId" = $1`, [
              traces.studentId,
            ])
          ).length,
        { timeout: 20_000 },
      )
      .toBe(1)
    expect(await foundIn(desk.test)).toEqual([])
    const [run] = await desk.harbour.run('SELECT summary, status FROM "ActionRun" WHERE id = $1', [asked.run])
    expect(run).toEqual({ summary: '[removed]', status: 'succeeded' })
    expect((await lastEvent('student.anonymise')).reason).toBe('Asked by letter')
    expect((await preview(compliance, path(), { reason: 'again' })).message).toBe('This learner is anonymised already.')
  })

  test('and whoever works with the records still can: they open, list, export, and are paid', async () => {
    const manager = await desk.as('manager')
    const records = [
      ['Student', traces.studentId],
      ['Booking', traces.bookingId],
      ['Payment', traces.paymentId],
      ['Lesson', traces.lessonId],
    ] as const
    for (const [model, id] of records) {
      const opened = await desk.get<{ record: { title: string } }>(
        manager,
        `/admin/api/resources/${model}/records/${id}/show`,
      )
      expect([model, opened.status]).toEqual([model, 200])
      for (const place of [`/admin/api/resources/${model}/actions/list`, `/admin/api/panel/timeline/${model}/${id}`])
        expect([place, (await manager(place, json)).status]).toEqual([place, 200])
    }
    const at = new Date().toLocaleString('sv', { timeZone: 'Australia/Sydney' }).slice(0, 16).replace(' ', 'T')
    const asOf = await owner(`/admin/api/panel/as-of/Student/${traces.studentId}?at=${at}`, json)
    expect([200, 400, 404]).toContain(asOf.status)
    expect((await manager(`/admin/api/panel/drives/Lesson/${traces.lessonId}`, json)).status).toBe(200)
    const { files } = await unzipped(await post(compliance, `export/Student/${traces.studentId}`))
    expect(files['data.json']).toContain('Anonymised')
    const booking = await desk.harbour.booking({ studentId: traces.studentId, status: 'confirmed' })
    expect((await desk.harbour.payment({ studentId: traces.studentId, bookingId: booking.id })).id).toBeTruthy()
  })

  test('and an export of the log still verifies without the database, changed nowhere', async () => {
    await expect
      .poll(
        async () => {
          await sealAudit(db)
          return (await desk.harbour.run('SELECT count(*)::int AS n FROM "AuditLog" WHERE hash IS NULL'))[0]!.n
        },
        { timeout: 20_000 },
      )
      .toBe(0)
    const folder = mkdtempSync(join(tmpdir(), 'privacy-'))
    const get = async (path: string) => await compliance(`/admin/api/panel/audit/${path}`, { method: 'POST', ...json })
    const manifest = (await (await get('manifest')).json()) as { head: { number: number } }
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest))
    for (const format of ['jsonl', 'csv'])
      writeFileSync(
        join(folder, `audit.${format}`),
        Buffer.from(await (await get(`export?format=${format}&upTo=${manifest.head.number}`)).arrayBuffer()),
      )
    expect(await verifyExport(join(folder, 'manifest.json'))).toMatch(/a whole part of the chain/)
    rmSync(folder, { recursive: true })
  })
})
