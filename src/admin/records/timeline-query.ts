import type { Query } from '../../core/db.ts'
import type { AuditRow } from './changes.ts'
import type { Parameters } from '../lists/conditions.ts'
import type { View } from './records.ts'
import type { School } from './selection.ts'
import type { Tone } from '../tones.ts'

export const timelineKinds = {
  change: 'Changes',
  history: 'Status',
  payment: 'Money',
  message: 'Messages',
  action: 'Actions',
  webhook: 'Webhooks',
  job: 'Jobs',
} as const
export type TimelineKind = keyof typeof timelineKinds

/** Something that happened to a record, not yet put beside what else happened with it. */
export interface Happening {
  readonly kind: TimelineKind
  readonly id: string
  readonly at: Date
  readonly requestId: string | null
  readonly who: Who
  readonly text: string
  readonly note?: string | null
  readonly status?: { readonly label: string; readonly tone: Tone }
  /** Where it leads. */
  readonly open?: { readonly model: string; readonly id: string }
  /** Of a change: what is told in words later, all changes together. */
  readonly audited?: AuditRow & { readonly reason: string | null }
}

export interface Who {
  readonly name: string | null
  readonly kind: string | null
  readonly role: string | null
}

/** Where happenings come from: one statement, newest first, that an index leads to. */
export interface Source {
  readonly kind: TimelineKind
  readonly query: Query
  read(values: unknown[], school: School): Happening
}

export interface Wanted {
  readonly view: View
  /** What the role sees. */
  readonly views: ReadonlyMap<string, View>
  readonly id: string
  readonly orgId: string
  readonly before: { readonly at: string; readonly id: string } | undefined
  readonly limit: number
}

export const NOBODY: Who = { name: null, kind: null, role: null }

/** Rows on the alias `t` before the cursor, newest first. */
export function newest({ orgId, before, limit }: Wanted, parameters: Parameters): { where: string; order: string } {
  const school = `t."orgId" = ${parameters.add(orgId)}::uuid`
  const after = before
    ? ` AND (t."createdAt", t.id) < (${parameters.add(before.at)}::timestamptz, ${parameters.add(before.id)}::uuid)`
    : ''
  return { where: school + after, order: `ORDER BY t."createdAt" DESC, t.id DESC LIMIT ${limit}` }
}

/** In front of every source's own columns. */
export const HEAD = 't.id, t."createdAt"'

/** Who acted, on the audit row `t` and its person `u`: of people of the platform, who are no members, as they came in. */
export const ACTOR_NAME = `CASE WHEN u."fullName" IS NULL AND t."actorKind" = 'operator' THEN (SELECT a."operatorName" FROM "OperatorAccess" a
  WHERE a."orgId" = t."orgId" AND a."operatorId" = t."actorUserId" LIMIT 1) ELSE u."fullName" END`
export const headOf = (values: unknown[]) => ({ id: values[0] as string, at: values[1] as Date })

/** Who made a row that does not say it itself: the audit log does. */
export const maker = (model: string) =>
  `LEFT JOIN LATERAL (SELECT a."requestId", p."fullName", a."actorKind", a."actorRole" FROM "AuditLog" a LEFT JOIN "User" p ON p.id = a."actorUserId"
    WHERE a."orgId" = t."orgId" AND a."entityType" = '${model}' AND a."entityId" = t.id::text ORDER BY a."createdAt", a.id LIMIT 1) made ON true`
export const MAKER = 'made."requestId", made."fullName", made."actorKind", made."actorRole"'

export function madeBy(values: unknown[]): Pick<Happening, 'requestId' | 'who'> {
  const [requestId, name, kind, role] = values.slice(2, 6) as (string | null)[]
  return { requestId: requestId ?? null, who: { name: name ?? null, kind: kind ?? null, role: role ?? null } }
}
