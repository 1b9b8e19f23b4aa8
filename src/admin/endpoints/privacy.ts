import { notFound } from '../../core/errors.ts'
import type { PanelRole } from '../../core/permissions.ts'
import { dayOf } from '../../core/time.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { type ZipFile, zipped } from '../../core/zip.ts'
import { enqueue } from '../../core/jobs.ts'
import { people } from '../../core/personal-data.ts'
import { filesOf } from '../../domain/privacy/report-files.ts'
import { reportOn } from '../../domain/privacy/report.ts'
import { foretellRetention } from '../../domain/privacy/retention.ts'
import purgeExpired from '../../jobs/purge-expired.ts'
import type { Endpoint, EndpointCall } from '../endpoints.ts'
import { auditors } from '../audit/entries.ts'
import { type Sent, asFile, send } from '../transfer/download.ts'
import { refuseTooManyLessons, registerFiles, registerRequestOf } from '../privacy/lesson-register.ts'

/** Who answers what people ask a school about themselves. */
export const privacyOfficers: readonly PanelRole[] = ['compliance']

/** Everything about a person as an archive: to read and for a program. Who took it is in the audit log. */
export const personalDataExport: Endpoint = {
  method: 'POST',
  path: '/privacy/export/:model/:id',
  roles: privacyOfficers,
  handle: async (call) => {
    const { ctx, params, admin, res } = call
    const model = people.find((one) => one === params.model)
    if (!model) throw notFound('There is no such page.')
    const id = call.id()
    const report = await inTransaction(call, (work) => reportOn(work, { model, id }))
    const rows = report.sections.reduce((sum, section) => sum + section.rows.length, 0)
    asArchive(call, `${admin.school.name} personal data ${id.slice(-6)}`)
    await send(res, archive(filesOf(ctx, report, admin.school), rows), async (sent) => {
      await record(call, { action: 'person.export', model, id, details: told(sent) })
    })
    return undefined
  },
}

/** What a run would take out now: numbers, and the oldest of each kind. */
export const retentionPreview: Endpoint = {
  method: 'GET',
  path: '/privacy/retention',
  roles: auditors,
  handle: async (call) => await inTransaction(call, foretellRetention),
}

/** The same that is done every night, now: by the worker. */
export const retentionRun: Endpoint = {
  method: 'POST',
  path: '/privacy/retention',
  roles: privacyOfficers,
  handle: async (call) => {
    await inTransaction(call, (work) => enqueue(work, purgeExpired, {}))
    return { message: 'It is being removed. The numbers go down while it runs; the audit log keeps what was done.' }
  },
}

/** Lessons as a regulator asks for them: `?from=2026-07-01&to=2026-09-30&student=…&instructor=…&vehicle=…`. */
export const lessonRegister: Endpoint = {
  method: 'POST',
  path: '/privacy/lessons',
  roles: auditors,
  handle: async (call) => {
    const { ctx, query, admin, res } = call
    const { school, email } = admin
    const request = registerRequestOf(query, school)
    await refuseTooManyLessons(ctx, request)
    const { from = '', to = '' } = query
    asArchive(call, `${school.name} lessons ${from} to ${to}`)
    const files = registerFiles(ctx, { school, request, filters: query, by: email })
    await send(res, archive(files, 0), async (sent) => {
      await record(call, {
        action: 'lesson.register',
        model: 'Lesson',
        id: ctx.requestId,
        details: { filters: query, ...told(sent) },
      })
    })
    return undefined
  },
}

/** Long reading is one view of the data. */
const PATIENCE_MS = 60_000

const inTransaction = <T>({ ctx }: EndpointCall, fn: (work: UnitOfWork) => Promise<T>): Promise<T> =>
  ctx.db.transaction(ctx, (tx) => fn({ ...ctx, tx }), PATIENCE_MS)

function asArchive({ res, admin }: EndpointCall, name: string): void {
  asFile(res, `${name} ${dayOf(new Date(), admin.school.timeZone)}.zip`)
  res.set('Content-Type', 'application/zip')
}

async function* archive(files: Iterable<ZipFile> | AsyncIterable<ZipFile>, rows: number) {
  let first = rows
  for await (const text of zipped(files)) {
    yield { text, rows: first }
    first = 0
  }
}

const told = ({ rows, sha256, isWhole }: Sent) => ({ rows, sha256, complete: isWhole })

interface Event {
  readonly action: string
  readonly model: string
  readonly id: string
  readonly details: object
}

async function record({ ctx }: EndpointCall, { action, model, id, details }: Event): Promise<void> {
  const text = 'SELECT audit_event($1::uuid, $2::uuid, $3, $4, $5, $6, $7, NULL, $8::jsonb)'
  const values = [ctx.orgId, ctx.userId, action, ctx.ip, ctx.requestId, model, id, JSON.stringify(details)]
  await ctx.db.select(ctx, [{ text, values }])
}
