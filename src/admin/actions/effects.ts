import { createHash } from 'node:crypto'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import type { AuditRow } from '../records/changes.ts'

/** An event or message that the transaction wrote, for whoever hears of it afterwards. */
export interface Announcement {
  readonly topic: string
  readonly aggregateType: string
  readonly aggregateId: string
  readonly payload: unknown
}

/** Everything that a transaction has done so far, as the database itself recorded it. */
export interface Effects {
  readonly audited: readonly AuditRow[]
  readonly announced: readonly Announcement[]
  /** The same for the same effects, whenever and under whatever new ids they happen. */
  readonly hash: string
}

/**
 * Reads what the transaction of `ctx` has done: audit rows of its request id, and events.
 * @param about what else the hash vouches for: the action, the records, the input
 * @param own the run's own row, which is bookkeeping
 */
export async function collectEffects(
  { tx, requestId, orgId }: UnitOfWork,
  { about, own, since, key }: { about: unknown; own: string | undefined; since: Date; key: string },
): Promise<Effects> {
  const rows = await tx.$queryRawUnsafe<AuditRow[]>(
    `SELECT "entityType", "entityId", action, before, after FROM "AuditLog"
      WHERE "orgId" = $1::uuid AND "requestId" = $2 AND NOT ("entityType" = 'ActionRun' AND "entityId" = $3) ORDER BY seq`,
    orgId,
    requestId,
    own ?? '',
  )
  const announced = await tx.$queryRawUnsafe<Announcement[]>(
    `SELECT topic, "aggregateType", "aggregateId", payload FROM "Outbox"
      WHERE "orgId" = $1::uuid AND "createdAt" > now() - interval '1 hour' AND xmin = pg_current_xact_id()::xid
        AND "relayedAt" IS NULL ORDER BY seq`,
    orgId,
  )
  const audited = rows.map(({ entityType, entityId, action, before, after }) => ({
    entityType,
    entityId,
    action,
    before,
    after,
  }))
  return { audited, announced, hash: hashOf({ about, audited, announced }, { since, key }) }
}

/**
 * New rows have new ids each time, each attempt its key, and what happens now, or so many minutes from now, happens later
 * the second time: none of it counts as a difference.
 */
function hashOf(
  facts: { about: unknown; audited: readonly AuditRow[]; announced: readonly Announcement[] },
  { since, key }: { since: Date; key: string },
) {
  const made = facts.audited.filter(({ action }) => action.endsWith('.create')).map(({ entityId }) => entityId)
  const places = new Map(made.map((id, index) => [id, `new ${index}`]))
  const now = [since.getTime() - MARGIN_MS, Date.now() + MARGIN_MS] as const
  const text = canonical(facts, (value) => {
    // what is made for one attempt is named after its key ("…:1", "…:2"), and keys of the books have an id inside
    if (!INSTANT.test(value)) return value.replaceAll(key, 'key').replaceAll(ID, (id) => places.get(id) ?? id)
    const instant = Date.parse(value)
    if (instant >= now[0] && instant <= now[1]) return 'now'
    // the time of an attempt has milliseconds of its own: what shares them was counted from it
    return (instant - since.getTime()) % MINUTE_MS === 0
      ? `now and ${(instant - since.getTime()) / MINUTE_MS} min`
      : value
  })
  return createHash('sha256').update(text).digest('base64url')
}

const ID = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/
// the clocks of the program and of the database
const MARGIN_MS = 5_000
const MINUTE_MS = 60_000

/** JSON with the keys of objects in order. */
function canonical(value: unknown, spell: (text: string) => string): string {
  if (typeof value === 'string') return JSON.stringify(spell(value))
  if (value instanceof Date) return JSON.stringify(spell(value.toISOString()))
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one, spell)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, one]) => one !== undefined)
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one, spell)}`).join(',')}}`
}
