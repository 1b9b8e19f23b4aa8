import type { Context } from '../../core/context.ts'
import { fromDatabase, invalid } from '../../core/errors.ts'
import { isUuid } from '../../core/context.ts'
import { Parameters } from '../lists/conditions.ts'
import type { View } from '../records/records.ts'
import type { School } from '../records/selection.ts'
import { type AuditRequest, conditionsOf } from './audit-request.ts'
import { type Entry, type Stored, entriesOf, storedColumns, storedOf } from './entries.ts'

const PER_PAGE = 30
/** Rows that one search reads at the most when no index leads to what is asked. */
export const READ_AT_MOST = 5_000

export interface Found {
  readonly entries: readonly Entry[]
  /** Where to go on; null at the end of the log. */
  readonly next: string | null
  /** Nothing more was found back to here: reading stopped, the log goes on. */
  readonly readBackTo: string | null
}

interface Asked {
  readonly request: AuditRequest
  readonly cursor: string | undefined
  readonly views: ReadonlyMap<string, View>
  readonly school: School
}

/** A page of entries, newest first. Bounded work, whatever is asked: it reads on where the last page stopped. */
export async function searchAudit(ctx: Context, { request, cursor, views, school }: Asked): Promise<Found> {
  const { text, values, window } = statementOf(ctx.orgId, request, cursor)
  const [rows] = await ctx.db.select(ctx, [{ text, values }]).catch((error: unknown) => {
    throw fromDatabase(error) ?? (error as Error)
  })
  const found = rows!.filter((row) => row[0] !== null).map(storedOf)
  const page = found.slice(0, PER_PAGE)
  const last = page.at(-1)
  const entries = await entriesOf(ctx, page, { views, school })
  if (found.length > PER_PAGE) return { entries, next: encode(last!), readBackTo: null }
  // the statement says where it stopped reading when there was more
  const stopped = window ? rows!.find((row) => row[0] === null) : undefined
  if (!stopped) return { entries, next: null, readBackTo: null }
  const [at, id] = stopped.slice(-2) as [Date, string]
  return { entries, next: encode({ at, id }), readBackTo: at.toISOString() }
}

export function statementOf(
  orgId: string,
  request: AuditRequest,
  cursor?: string,
): { text: string; values: unknown[]; window: boolean } {
  const parameters = new Parameters()
  const { indexed, read } = conditionsOf(orgId, request, parameters)
  const before = cursor === undefined ? '' : ` AND ${beforeCursor(cursor, parameters)}`
  const newest = 'ORDER BY t."createdAt" DESC, t.id DESC'
  const rows = `FROM "AuditLog" t WHERE ${indexed}${before} ${newest}`
  const person = 'LEFT JOIN "User" u ON u.id = t."actorUserId"'
  if (!read) {
    const text = `SELECT ${storedColumns} FROM (SELECT t.* ${rows} LIMIT ${PER_PAGE + 1}) t ${person} ${newest}`
    return { text, values: parameters.values, window: false }
  }
  const text = `WITH read AS MATERIALIZED (SELECT t."createdAt", t.id, ${read} AS fits ${rows} LIMIT ${READ_AT_MOST}),
    fitting AS MATERIALIZED (SELECT r.id FROM read r WHERE r.fits ORDER BY r."createdAt" DESC, r.id DESC LIMIT ${PER_PAGE + 1}),
    stopped AS (SELECT r."createdAt", r.id FROM read r ORDER BY r."createdAt" DESC, r.id DESC OFFSET ${READ_AT_MOST - 1} LIMIT 1)
    (SELECT ${storedColumns}, NULL::timestamptz, NULL::uuid FROM "AuditLog" t ${person}
      WHERE t.id = ANY (ARRAY(SELECT id FROM fitting)) ${newest})
    UNION ALL SELECT ${storedNulls}, "createdAt", id FROM stopped`
  return { text, values: parameters.values, window: true }
}

const storedNulls = storedColumns
  .split(/,\s*/)
  .map(() => 'NULL')
  .join(', ')

function beforeCursor(cursor: string, parameters: Parameters): string {
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as [string, string]
    if (Number.isNaN(Date.parse(at)) || !isUuid(id)) throw new Error('no place')
    return `(t."createdAt", t.id) < (${parameters.add(new Date(at))}::timestamptz, ${parameters.add(id)}::uuid)`
  } catch {
    throw invalid('This page of the audit log is no longer known. Start again from the newest.', 'cursor')
  }
}

const encode = ({ at, id }: Pick<Stored, 'at' | 'id'>): string =>
  Buffer.from(JSON.stringify([at.toISOString(), id])).toString('base64url')
