import { invalid } from '../../core/errors.ts'
import type { Manifest } from '../../domain/audit/manifest.ts'
import { asked, auditRequestOf } from '../audit/audit-request.ts'
import { auditors } from '../audit/entries.ts'
import { asLines, asTable, fingerprint, headOf, refuseTooMany, type Export } from '../audit/export.ts'
import { searchAudit } from '../audit/search.ts'
import { readStory } from '../audit/story.ts'
import type { Endpoint, EndpointCall } from '../endpoints.ts'
import { asFile, send } from '../transfer/download.ts'

/** Entries of the audit log: `?actor=…&model=…&id=…&field=…&action=…&request=…&from=2026-11-01&to=2026-11-30&cursor=…`. */
export const auditSearch: Endpoint = {
  method: 'GET',
  path: '/audit',
  roles: auditors,
  handle: async ({ ctx, query, views, admin: { school } }) =>
    await searchAudit(ctx, {
      request: auditRequestOf(query, school),
      cursor: query.cursor || undefined,
      views,
      school,
    }),
}

/** Everything that one request caused. */
export const auditStory: Endpoint = {
  method: 'GET',
  path: '/audit/request/:request',
  roles: auditors,
  handle: async ({ ctx, params, views, admin: { school } }) => {
    if (!/^[\w:.-]{1,120}$/.test(params.request!)) throw invalid('This is not the id of a request.')
    return await readStory(ctx, params.request!, { views, school })
  },
}

/**
 * What the files of an export must be. It comes first and fixes how far the export goes, `upTo`; the files that are asked
 * for after it are the same to the letter. Making it is what the log keeps of the export.
 */
export const auditManifest: Endpoint = {
  method: 'POST',
  path: '/audit/manifest',
  roles: auditors,
  handle: async (call) => {
    const { ctx, query, views, admin } = call
    const { school, email } = admin
    const head = await headOf(ctx)
    const wanted: Export = { request: auditRequestOf(query, school), upTo: head.number, views, school }
    await refuseTooMany(ctx, wanted)
    const [lines, table] = [await fingerprint(asLines(ctx, wanted)), await fingerprint(asTable(ctx, wanted))]
    const filters = Object.fromEntries(asked.flatMap((name) => (query[name] ? [[name, query[name]]] : [])))
    const { request } = wanted
    const chosen = [request.actor, request.model, request.id, request.field, request.action, request.request]
    const manifest: Manifest = {
      format: 'driveflow-audit-1',
      school: { id: school.id, name: school.name },
      made: new Date().toISOString(),
      by: email,
      filters,
      head,
      entries: lines.entries,
      // days cut the chain at their ends only where nobody wrote across midnight
      complete: chosen.every((one) => one === undefined) && !request.from && !request.until,
      files: [
        { name: 'audit.jsonl', ...lines },
        { name: 'audit.csv', ...table },
      ],
    }
    await record(call, { filters, rows: lines.entries, sha256: lines.sha256, upTo: head.number })
    return manifest
  },
}

/** A file of the export: `?format=jsonl` or `csv`, the filters, and the manifest's `upTo`. */
export const auditFile: Endpoint = {
  method: 'POST',
  path: '/audit/export',
  roles: auditors,
  handle: async (call) => {
    const { ctx, query, views, res, admin } = call
    const upTo = Number(query.upTo)
    if (!Number.isInteger(upTo) || upTo < 1)
      throw invalid('Make the manifest first: it says how far the export goes.', 'upTo')
    if (query.format !== 'jsonl' && query.format !== 'csv') throw invalid('A file is jsonl or csv.', 'format')
    const wanted: Export = { request: auditRequestOf(query, admin.school), upTo, views, school: admin.school }
    await refuseTooMany(ctx, wanted)
    asFile(res, `audit.${query.format}`)
    // no browser gives such a file another ending
    if (query.format === 'jsonl') res.set('Content-Type', 'application/octet-stream')
    const pieces = query.format === 'jsonl' ? asLines(ctx, wanted) : asTable(ctx, wanted)
    await send(res, pieces, async ({ rows, sha256, isWhole }) => {
      await record(call, { file: query.format, rows, sha256, complete: isWhole, upTo })
    })
    return undefined
  },
}

async function record({ ctx }: EndpointCall, details: object): Promise<void> {
  const text = `SELECT audit_event($1::uuid, $2::uuid, 'auditLog.export', $3, $4, 'AuditLog', $4, NULL, $5::jsonb)`
  await ctx.db.select(ctx, [{ text, values: [ctx.orgId, ctx.userId, ctx.ip, ctx.requestId, JSON.stringify(details)] }])
}
