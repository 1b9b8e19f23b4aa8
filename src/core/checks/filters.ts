import type { Filters, Scope } from '../declaration.ts'
import { type Question, isServed, staysSmall } from '../indexes.ts'
import { type Field, type Model, fieldOf } from '../schema.ts'
import type { Declared } from './declared.ts'

const kinds = ['range', 'multi', 'flag', 'null', 'relation'] as const

/** Filters, and counts of tabs, that the database cannot answer quickly once the table is large. */
export function filterGaps({ here, declaration, model }: Declared): string[] {
  const filters = (declaration.filters ?? {}) as unknown as Filters<never>
  const asked = kinds.flatMap((kind) =>
    (filters[kind] ?? []).map((name) => ({ kind, name, column: columnOf(model, name) })),
  )
  return [
    ...asked
      .filter(({ column }) => column === undefined)
      .map(({ kind, name }) => `${here} filters by ${name} (${kind}), which is no column or relation`),
    ...asked
      .filter(({ kind, column }) => column !== undefined && !isServed(model, column, kind))
      .map(
        ({ kind, name, column }) =>
          `${here} filters by ${name}, which no index leads to: ${remedy(model, column!, kind)}`,
      ),
    ...scopeCountGaps({ here, declaration, model }),
  ]
}

/** A tab that is counted needs an index on one of its columns. */
function scopeCountGaps({ here, declaration, model }: Declared): string[] {
  if (staysSmall(model)) return []
  return Object.entries((declaration.scopes ?? {}) as Record<string, Scope<never>>).flatMap(
    ([scope, { where, count }]) => {
      const columns = Object.keys(where)
      if (!count || columns.some((column) => isServed(model, column, 'multi'))) return []
      return [`${here} counts the scope "${scope}" without an index: ${remedy(model, columns[0]!, 'multi')}`]
    },
  )
}

const columnOf = (model: Model, name: string): string | undefined => {
  const field: Field | undefined = fieldOf(model, name)
  return field?.kind === 'object' ? field.relationFromFields?.[0] : field?.name
}

function remedy(model: Model, column: string, question: Question): string {
  const elsewhere = `or name ${model.name} in src/core/indexes.ts, when it stays small`
  return fieldOf(model, column)?.kind === 'enum'
    ? `add a partial index on ("orgId", …) WHERE ${column} = … for its rare values, ${elsewhere}`
    : `add @@index([orgId, ${column}])${question === 'relation' ? ` or @@index([${column}])` : ''}, ${elsewhere}`
}
