import type { Action, Who } from '../../core/action.ts'
import { panelRoles } from '../../core/permissions.ts'
import { type Field, enumValues, modelOf } from '../../core/schema.ts'
import { type Stored, storedFields } from '../records/stored.ts'

/**
 * The columns that `when` of these actions looks at, found by asking it about records that are not there: empty ones and
 * full ones, in every status. A column that only a rarer question reaches is missing; the list then offers the action.
 */
export function columnsAsked(actions: readonly Action[]): ReadonlySet<string> {
  const asked = new Set<string>()
  for (const action of actions) {
    if (!action.when) continue
    for (const record of trials(storedFields(modelOf(action.model))))
      for (const role of panelRoles) ask(action, watched(record, asked), { role, userId: null })
  }
  return asked
}

function ask(action: Action, record: Stored, who: Who): void {
  try {
    action.when!(record as never, who)
  } catch {
    // such a record cannot be: what it asked for until here counts
  }
}

const watched = (record: Stored, asked: Set<string>): Stored =>
  new Proxy(record, {
    get: (target, name) => {
      if (typeof name === 'string' && name in target) asked.add(name)
      return target[name as string]
    },
  })

function* trials(fields: readonly Field[]): Generator<Stored> {
  for (const filled of [empty, full]) {
    const record = Object.fromEntries(fields.map((field) => [field.name, filled(field)]))
    yield record
    for (const field of fields.filter(({ kind }) => kind === 'enum'))
      for (const value of enumValues(field.type)) yield { ...record, [field.name]: value }
  }
}

const empty = (field: Field): unknown => (field.isRequired ? full(field) : null)

function full(field: Field): unknown {
  if (field.kind === 'enum') return enumValues(field.type)[0]
  const values: Record<string, unknown> = { DateTime: new Date(0), Int: 1, BigInt: 1n, Boolean: true, Json: {} }
  return field.type in values ? values[field.type] : '1'
}
