import type { Context } from '../../core/context.ts'
import type { Query } from '../../core/db.ts'
import { tenantCondition } from '../../core/schema.ts'
import { selectionFor } from '../lists/columns.ts'
import type { View } from '../records/records.ts'
import type { School } from '../records/selection.ts'

/** A record by its name. */
export interface Named {
  readonly id: string
  readonly title: string
}

interface Which {
  /** On the alias `b`; `$1` is the school. */
  readonly where: string
  readonly values?: readonly unknown[]
  /** A column of the model. */
  readonly order: string
  readonly limit: number
}

const NO_COLUMNS: readonly string[] = []

/** Records by the names that the role reads. */
export function namedQuery(ctx: Context, view: View, { where, values = [], order, limit }: Which): Query {
  const selection = selectionFor(view, NO_COLUMNS)
  const { model } = view.screen
  const base = [...new Set([...selection.base, `b."${order}"`])].join(', ')
  return {
    text: `SELECT ${selection.columns} FROM (SELECT ${base} FROM "${model.name}" b WHERE ${tenantCondition(model, 'b', '$1::uuid')} AND ${where} ORDER BY b."${order}", b.id LIMIT ${limit}) b ${selection.joins} ORDER BY b."${order}", b.id`,
    values: [ctx.orgId, ...values],
  }
}

export const namedIn = (view: View, rows: unknown[][] = [], school: School): Named[] =>
  rows.map((values) => selectionFor(view, NO_COLUMNS).read(values, school)).map(({ id, title }) => ({ id, title }))
