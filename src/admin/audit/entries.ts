import type { Context } from '../../core/context.ts'
import { valueLabel } from '../../core/labels.ts'
import type { PanelRole } from '../../core/permissions.ts'
import { type FieldChange, changeKindOf, describeEach } from '../records/changes.ts'
import type { View } from '../records/records.ts'
import type { School } from '../records/selection.ts'
import { machineName } from '../records/timeline.ts'
import { ACTOR_NAME } from '../records/timeline-query.ts'

type Values = Record<string, unknown>

/** A row of the audit log. */
export interface Stored {
  readonly id: string
  readonly at: Date
  readonly seq: number
  readonly number: number | null
  readonly hash: string | null
  readonly action: string
  readonly entityType: string
  readonly entityId: string
  readonly before: Values | null
  readonly after: Values | null
  readonly reason: string | null
  readonly requestId: string | null
  readonly ip: string | null
  readonly actorKind: string
  readonly actorRole: string | null
  readonly actorName: string | null
}

/** In the order of `Stored`, on the aliases `t` and `u`. */
export const storedColumns = `t.id, t."createdAt", t.seq, t.number, t.hash, t.action, t."entityType", t."entityId", t.before::text,
  t.after::text, t.reason, t."requestId", t.ip, t."actorKind"::text, t."actorRole", ${ACTOR_NAME}`

export function storedOf(row: unknown[]): Stored {
  const [id, at, seq, number, hash, action, entityType, entityId, before, after, ...rest] = row
  const [reason, requestId, ip, actorKind, actorRole, actorName] = rest as (string | null)[]
  const parsed = (json: unknown) => (json ? (JSON.parse(json as string) as Values) : null)
  return {
    ...({ id, at, seq, number, hash, action, entityType, entityId } as Pick<
      Stored,
      'id' | 'at' | 'seq' | 'number' | 'hash' | 'action' | 'entityType' | 'entityId'
    >),
    before: parsed(before),
    after: parsed(after),
    reason: reason ?? null,
    requestId: requestId ?? null,
    ip: ip ?? null,
    actorKind: actorKind!,
    actorRole: actorRole ?? null,
    actorName: actorName ?? null,
  }
}

/** An entry as somebody reads it who answers an inquiry. */
export interface Entry {
  readonly id: string
  readonly at: string
  readonly who: string
  readonly role: string | null
  /** "Student changed". */
  readonly what: string
  readonly action: string
  readonly record: { readonly model: string; readonly id: string; readonly title: string; readonly isOpen: boolean }
  readonly fields: readonly FieldChange[]
  /** What an event said: rows of an export, the reason of a refusal. */
  readonly details: readonly FieldChange[]
  readonly reason: string | null
  readonly request: string | null
  readonly ip: string | null
  /** Place in the sealed chain, with the end of its hash; null while it is not sealed. */
  readonly seal: { readonly number: number; readonly hash: string } | null
}

/** Names instead of ids, amounts, the school's times; only what the role may see of each record. */
export async function entriesOf(
  ctx: Context,
  rows: readonly Stored[],
  { views, school }: { views: ReadonlyMap<string, View>; school: School },
): Promise<Entry[]> {
  const described = await describeEach(ctx, { views, school }, rows)
  const words = views.get('AuditLog')?.properties.find(({ name }) => name === 'action')?.values ?? {}
  return rows.map((row, index) => {
    const change = described[index]
    const view = views.get(row.entityType)
    const isEvent = changeKindOf(row.action) === undefined
    return {
      id: row.id,
      at: row.at.toISOString(),
      who: row.actorName ?? machineName(row.actorKind),
      role: roleOf(row),
      what: words[row.action] ?? valueLabel(row.action.replaceAll(/([A-Z])/g, '_$1').toLowerCase()),
      action: row.action,
      record: {
        model: row.entityType,
        id: row.entityId,
        title: change?.title ?? view?.screen.singular ?? row.entityType,
        isOpen: view !== undefined && !isEvent,
      },
      fields: change?.fields ?? [],
      details: isEvent ? detailsOf(row.after) : [],
      reason: row.reason,
      request: row.requestId,
      ip: row.ip,
      seal: row.number !== null && row.hash !== null ? { number: row.number, hash: row.hash.slice(-12) } : null,
    }
  })
}

function roleOf({ actorKind, actorName, actorRole }: Stored): string | null {
  if (actorKind === 'operator' && actorName) return machineName(actorKind)
  return actorName && actorRole ? valueLabel(actorRole) : actorRole
}

/** What events say of themselves. */
const eventWords: Readonly<Record<string, string>> = {
  seen: 'Shown before, with this fingerprint',
  input: 'Filled in',
  sha256: 'SHA-256 of the file',
}

function detailsOf(after: Values | null): FieldChange[] {
  return Object.entries(after ?? {}).map(([name, value]) => ({
    property: name,
    label: eventWords[name] ?? valueLabel(name.replaceAll(/([A-Z])/g, '_$1').toLowerCase()),
    before: null,
    after: detailText(name, value),
  }))
}

/** Which entries a redaction emptied, with their hashes, is for `audit:verify`. */
function detailText(name: string, value: unknown): string {
  if (name === 'entries' && Array.isArray(value)) return `${value.length} sealed before`
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Who reads the audit log. */
export const auditors: readonly PanelRole[] = ['owner', 'compliance']
