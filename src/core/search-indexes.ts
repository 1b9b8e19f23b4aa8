import { isServed, staysSmall } from './indexes.ts'
import { migrationSql } from './migrations.ts'
import { type Model, fieldOf, modelOf } from './schema.ts'

let indexes: readonly { readonly model: string; readonly columns: string }[] | undefined

/** The indexes that the schema file cannot say, as their migrations do. */
function searchIndexes(): NonNullable<typeof indexes> {
  if (indexes) return indexes
  const found = migrationSql().matchAll(/CREATE INDEX \S+\s+ON "(\w+)"\s*\("orgId", ([^;]+);/g)
  indexes = [...found].map(([, model, columns]) => ({ model: model!, columns: columns! }))
  return indexes
}

const holds = (model: Model, expression: string): boolean =>
  searchIndexes().some((index) => index.model === model.name && index.columns.includes(expression))

/** Whether words in the column, of the model or of a record that it refers to, are found in a school of any size. */
export function isFoundQuickly(model: Model, path: string): boolean {
  const [relation, column] = path.includes('.') ? (path.split('.') as [string, string]) : [undefined, path]
  if (relation === undefined) return holdsText(model, column)
  const field = fieldOf(model, relation)
  const by = field?.relationFromFields?.[0]
  return by !== undefined && isServed(model, by, 'relation') && holdsText(modelOf(field!.type), column)
}

function holdsText(model: Model, column: string): boolean {
  if (!isText(model, column)) return false
  const quoted = /[A-Z]/.test(column) ? `"${column}"` : column
  return staysSmall(model) || holds(model, `${isPhone(column) ? 'phone_digits' : 'search_text'}(${quoted})`)
}

/** Whether a record is found by the end of its id in a school of any size. */
export const hasShortIds = (model: Model): boolean => staysSmall(model) || holds(model, '"right"(id::text, 6)')

export const isText = (model: Model, column: string): boolean => {
  const field = fieldOf(model, column)
  return field?.type === 'String' && field.nativeType?.[0] !== 'Uuid'
}

/** Columns that are compared by their digits. */
export const isPhone = (column: string): boolean => /phone$/i.test(column)
