import { isUuid } from '../../core/context.ts'
import { invalid } from '../../core/errors.ts'
import { dayBounds, parseDate } from '../../core/time.ts'
import type { School } from '../records/selection.ts'
import { Parameters } from '../lists/conditions.ts'

/** What an inquiry asks of the audit log. All of it must be true of an entry. */
export interface AuditRequest {
  readonly actor?: string
  readonly model?: string
  readonly id?: string
  /** A column that was changed. */
  readonly field?: string
  readonly action?: string
  readonly request?: string
  /** Instants, `[from, until)`. */
  readonly from?: Date
  readonly until?: Date
}

export const asked = ['actor', 'model', 'id', 'field', 'action', 'request', 'from', 'to'] as const

type Query = Readonly<Record<string, string>>

/** @throws AppError Invalid naming the field */
export function auditRequestOf(query: Query, { timeZone }: School): AuditRequest {
  const text = (name: (typeof asked)[number], form: RegExp, sentence: string) => {
    const value = query[name]?.trim()
    if (!value) return {}
    if (!form.test(value)) throw invalid(sentence, name)
    return { [name]: value }
  }
  if (query.actor && !isUuid(query.actor)) throw invalid('Choose a person from the list.', 'actor')
  const [from] = boundsOf(query, 'from', timeZone) ?? []
  const [, until] = boundsOf(query, 'to', timeZone) ?? []
  if (from && until && from >= until) throw invalid('The last day is before the first.', 'to')
  return {
    ...text('actor', /./, ''),
    ...text('model', /^[A-Z]\w{0,60}$/, 'Choose a kind of record from the list.'),
    ...text('id', /^[\w:.@+-]{1,200}$/, 'The id of a record has only letters, digits and dashes.'),
    ...text('field', /^[a-z]\w{0,60}$/i, 'Choose a field from the list.'),
    ...text('action', /^[a-z][\w.-]{0,80}$/i, 'Choose an action from the list.'),
    ...text('request', /^[\w:.-]{1,120}$/, 'A request id has only letters, digits and dashes.'),
    ...(from && { from }),
    ...(until && { until }),
  }
}

function boundsOf(query: Query, name: 'from' | 'to', zone: string): [Date, Date] | undefined {
  if (!query[name]) return undefined
  const day = parseDate(query[name])
  if (!day) throw invalid('Write the day like 2026-11-24.', name)
  return dayBounds(day, zone)
}

/**
 * The conditions that an index leads to, on the alias `t`, and those that are looked at row by row. No operator of jsonb
 * may walk an index under a policy, so what a field was changed in is found by reading.
 */
export function conditionsOf(
  orgId: string,
  request: AuditRequest,
  parameters: Parameters,
): { indexed: string; read: string } {
  const { actor, model, id, field, action, request: made, from, until } = request
  const indexed = [
    `t."orgId" = ${parameters.add(orgId)}::uuid`,
    actor && `t."actorUserId" = ${parameters.add(actor)}::uuid`,
    model && `t."entityType" = ${parameters.add(model)}`,
    id && `t."entityId" = ${parameters.add(id)}`,
    action && `t.action = ${parameters.add(action)}`,
    made && `t."requestId" = ${parameters.add(made)}`,
    from && `t."createdAt" >= ${parameters.add(from)}::timestamptz`,
    until && `t."createdAt" < ${parameters.add(until)}::timestamptz`,
  ]
  const read = field ? namesField(field, parameters) : ''
  return { indexed: indexed.filter(Boolean).join(' AND '), read }
}

/** A reference is kept in a column of its own name and `Id`. */
function namesField(field: string, parameters: Parameters): string {
  const names = `${parameters.add([field, `${field}Id`])}::text[]`
  return `(t.after ?| ${names} OR t.before ?| ${names})`
}
