import { hasShortIds, isFoundQuickly, isText } from '../search-indexes.ts'
import { type Model, fieldOf, modelOf } from '../schema.ts'
import type { Declared } from './declared.ts'

/** Searches that would find nothing, or only after reading a large table row by row. */
export function searchGaps({ here, declaration, model }: Declared): string[] {
  const paths = (declaration.filters as { search?: readonly string[] } | undefined)?.search ?? []
  const [texts, others] = [
    paths.filter((path) => isTextAt(model, path)),
    paths.filter((path) => !isTextAt(model, path)),
  ]
  return [
    ...others.map((path) => `${here} searches in ${path}, which is no column with text`),
    ...texts
      .filter((path) => !isFoundQuickly(model, path))
      .map((path) => `${here} searches in ${path}, which no index holds: ${remedy(path)}`),
    ...(declaration.findable && paths.length === 0 ? [`${here} is findable but says no filters.search`] : []),
    ...(declaration.findable && !hasShortIds(model)
      ? [`${here} is findable without an index of short ids: add one as in migration 0024`]
      : []),
  ]
}

function isTextAt(model: Model, path: string): boolean {
  const [relation, column] = path.includes('.') ? (path.split('.') as [string, string]) : [undefined, path]
  if (relation === undefined) return isText(model, column)
  const field = fieldOf(model, relation)
  return field?.relationFromFields?.[0] !== undefined && isText(modelOf(field.type), column)
}

const remedy = (path: string): string =>
  path.includes('.')
    ? 'index the reference, and the text of what it refers to as in migration 0024'
    : 'add one as in migration 0024, or name the model in src/core/indexes.ts, when it stays small'
