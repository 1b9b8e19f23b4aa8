import type { Context } from '../../core/context.ts'
import { AppError } from '../../core/errors.ts'
import { may } from '../../core/permissions.ts'
import { formatInstant } from '../../core/time.ts'
import { describeChanges } from './changes.ts'
import { type Values, rewound } from './rewound.ts'
import { type View, readRecord } from './records.ts'
import type { Row, School } from './selection.ts'

interface Sought {
  readonly view: View
  /** What the role sees. */
  readonly views: ReadonlyMap<string, View>
  readonly id: string
  readonly school: School
}

/** A record that is no longer there, as the last row of its log has it. */
export interface Deleted {
  /** What it said when it was deleted. */
  readonly row: Row
  readonly at: Date
  /** "This student was deleted on Tue 24 Nov, 15:30 by Manager of Harbour." */
  readonly sentence: string
}

/**
 * A record, or what the audit log keeps of one that was deleted: for those who read that log. To the others it is not there.
 * @throws AppError NotFound
 */
export async function readOrDeleted(ctx: Context, sought: Sought): Promise<{ row: Row; deleted: Deleted | null }> {
  const { view, id, school } = sought
  try {
    return { row: await readRecord(ctx, view, id, school), deleted: null }
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'NotFound') throw error
    const deleted = await readDeleted(ctx, sought)
    if (!deleted) throw error
    return { row: deleted.row, deleted }
  }
}

export async function readDeleted(ctx: Context, { view, views, id, school }: Sought): Promise<Deleted | undefined> {
  if (!ctx.role || !may(ctx.role, 'read', 'AuditLog')) return undefined
  const { name } = view.screen.model
  const action = `${name.charAt(0).toLowerCase()}${name.slice(1)}.delete`
  const text = `SELECT a.before, a."createdAt", u."fullName" FROM "AuditLog" a LEFT JOIN "User" u ON u.id = a."actorUserId"
    WHERE a."orgId" = $1::uuid AND a."entityType" = $2 AND a."entityId" = $3 AND a.action = $4 ORDER BY a."createdAt" DESC, a.id DESC LIMIT 1`
  const [rows] = await ctx.db.select(ctx, [{ text, values: [ctx.orgId, name, id.toLowerCase(), action] }])
  const [last] = rows!
  if (!last) return undefined
  const [before, at, by] = last as [Values, Date, string | null]
  const audited = { entityType: name, entityId: id.toLowerCase(), action, before, after: null }
  const [change] = await describeChanges(ctx, views, [audited], school)
  const blank: Row = { id: id.toLowerCase(), title: change?.title ?? view.screen.singular, params: {}, references: {} }
  const was = new Map(view.properties.map((property) => [property, before[property.column]]))
  const who = by ? ` by ${by}` : ''
  return {
    row: await rewound(ctx, { view, now: blank, school }, was),
    at,
    sentence: `This ${view.screen.singular.toLowerCase()} was deleted on ${formatInstant(at, school.timeZone)}${who}.`,
  }
}
