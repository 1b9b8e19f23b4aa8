import type { Transaction } from '../../../src/core/db.ts'
import { fieldOf, modelOf } from '../../../src/core/schema.ts'
import type { Model } from '../rows.ts'

type Data = Readonly<Record<string, unknown>>

/** One `updateMany`, and when it happens. */
export interface Change {
  readonly where: Data
  readonly data: Data
  readonly now: Date
}

/** Whether it only compares and sets plain values, so that several can go as one statement. */
export const isSimple = ({ where, data }: Pick<Change, 'where' | 'data'>): boolean =>
  Object.values(where).every((value) => value === null || typeof value !== 'object') &&
  !Object.values(data).some((value) => value !== null && typeof value === 'object' && 'increment' in value)

/** What changes must have in common to be sent together: their columns, and which of them must be empty. */
export function shapeOf({ where, data }: Change): string {
  const conditions = Object.entries(where).map(([key, value]) => (value === null ? `${key} empty` : key))
  return [...conditions, 'set', ...Object.keys(data)].join(' ')
}

/** Changes of one shape in one statement. @returns how many rows each has changed */
export async function update(tx: Transaction, model: Model, changes: readonly Change[]): Promise<{ count: number }[]> {
  const [{ where, data }] = changes as [Change]
  const tracked = fieldOf(modelOf(model), 'updatedAt') !== undefined
  const columns = [...new Set([...Object.keys(data), ...(tracked ? ['updatedAt'] : [])])]
  const conditions = Object.entries(where).map(([key, value]) =>
    value === null ? `t."${key}" IS NULL` : `t."${key}" = w."${key}"`,
  )
  const changed = await tx.$queryRawUnsafe<{ place: number }[]>(
    `UPDATE "${model}" t SET ${columns.map((column) => `"${column}" = d."${column}"`).join(', ')}
       FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY e(one, place),
            jsonb_populate_record(NULL::"${model}", e.one->'where') w, jsonb_populate_record(NULL::"${model}", e.one->'data') d
      WHERE ${conditions.join(' AND ')} RETURNING e.place::int AS place`,
    JSON.stringify(changes.map((one) => ({ where: one.where, data: { updatedAt: one.now, ...one.data } }))),
  )
  const counts = changes.map(() => ({ count: 0 }))
  for (const { place } of changed) counts[place - 1]!.count++
  return counts
}
