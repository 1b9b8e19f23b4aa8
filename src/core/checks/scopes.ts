import type { Declared } from './declared.ts'
import { enumValues, fieldOf } from '../schema.ts'
import { isColumn } from './columns.ts'

/** Tabs above the list. */
export function scopeGaps({ here, declaration, model }: Declared): string[] {
  return Object.entries(declaration.scopes ?? {}).flatMap(([scope, { where }]) =>
    Object.entries(where as Record<string, unknown>).flatMap(([name, wanted]) => {
      if (!isColumn(model, name)) return [`${here} has the scope "${scope}" by ${name}, which is no column`]
      const field = fieldOf(model, name)!
      const values = Array.isArray(wanted) ? wanted : [wanted]
      if (values.length === 0) return [`${here} has the scope "${scope}", which names no value of ${name}`]
      if (field.kind !== 'enum') return []
      const known = enumValues(field.type)
      return values
        .filter((value) => !(value === null && !field.isRequired) && !known.includes(String(value)))
        .map((value) => `${here} has the scope "${scope}" with ${String(value)}, which is no ${field.type}`)
    }),
  )
}
