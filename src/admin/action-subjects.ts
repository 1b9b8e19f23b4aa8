import type { Action, Who } from '../core/action.ts'
import type { Context } from '../core/context.ts'
import type { Transaction } from '../core/db.ts'
import { AppError, notFound } from '../core/errors.ts'
import { modelOf, tenantCondition } from '../core/schema.ts'
import type { View } from './records.ts'
import type { Property } from './screen.ts'
import type { Row } from './selection.ts'
import { type Stored, storedColumn, storedFields, storedValue } from './stored.ts'

/** A record that an action cannot be done to now, and why. */
export interface Refusal {
  readonly id: string
  readonly sentence: string
}

/** Some of the selected records refuse; nothing happened to any of them. */
export class Refused extends AppError {
  readonly refusals: readonly Refusal[]
  readonly of: number

  constructor(refusals: readonly Refusal[], of: number) {
    const sentence = of === 1 ? refusals[0]!.sentence : `${refusals.length} of ${of} cannot: nothing has been done.`
    super('Conflict', sentence, { code: 'refused' })
    this.refusals = refusals
    this.of = of
  }
}

/**
 * The records, locked until the transaction ends, in the order of `ids`.
 * @throws AppError NotFound when one is not there · Refused when `when` says no to one of them
 */
export async function takeRecords(
  { tx, ...ctx }: Context & { tx: Transaction },
  action: Action,
  ids: readonly string[],
): Promise<Stored[]> {
  const model = modelOf(action.model)
  const fields = storedFields(model)
  const columns = fields.map((field) => `${storedColumn(field)} AS "${field.name}"`).join(', ')
  // always in the same order, so that two runs never wait for each other
  const text = `SELECT ${columns} FROM "${model.name}" b WHERE ${tenantCondition(model, 'b', '$1::uuid')} AND b.id = ANY ($2::uuid[]) ORDER BY b.id FOR UPDATE OF b`
  const rows = await tx.$queryRawUnsafe<Record<string, unknown>[]>(text, ctx.orgId, [...ids])
  const found = new Map(
    rows.map((row) => [
      row.id as string,
      Object.fromEntries(fields.map((field) => [field.name, storedValue(field, row[field.name])])),
    ]),
  )
  if (found.size !== new Set(ids).size)
    throw notFound(
      ids.length === 1
        ? 'This record is no longer there.'
        : 'One of these records is no longer there. Load the list again.',
    )
  const records = [...new Set(ids)].map((id) => found.get(id)!)
  const refusals = refusalsOf(action, records, ctx)
  if (refusals.length > 0) throw new Refused(refusals, records.length)
  return records
}

export function refusalsOf(action: Action, records: readonly Stored[], who: Who): Refusal[] {
  if (!action.when) return []
  return records.flatMap((record) => {
    const answer = action.when!(record as never, who)
    return answer === true ? [] : [{ id: record.id as string, sentence: answer }]
  })
}

/** Why each record refuses which of `actions` now: sentences by name, by its id. One statement for all. */
export async function refusedActions(
  ctx: Context,
  actions: readonly Action[],
  ids: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const choosy = actions.filter((action) => action.when)
  const [first] = choosy
  if (!first || ids.length === 0) return new Map()
  const model = modelOf(first.model)
  const fields = storedFields(model)
  const columns = fields.map((field) => storedColumn(field)).join(', ')
  const text = `SELECT ${columns} FROM "${model.name}" b WHERE ${tenantCondition(model, 'b', '$1::uuid')} AND b.id = ANY ($2::uuid[])`
  const [rows] = await ctx.db.select(ctx, [{ text, values: [ctx.orgId, [...ids]], prepared: true }])
  return new Map(
    rows!.map((row) => {
      const record = Object.fromEntries(fields.map((field, index) => [field.name, storedValue(field, row[index])]))
      const refused = choosy.flatMap((action) =>
        refusalsOf(action, [record], ctx).map(({ sentence }) => [action.name, sentence] as const),
      )
      return [record.id as string, new Map(refused)]
    }),
  )
}

/**
 * The rows of a list, each with what it refuses, as far as the columns that it shows tell: an action that asks for another
 * column is offered, and says by itself why it cannot be done. A page of a list costs no more for having actions.
 */
export function withVisibleRefusals(who: Who, { actions, properties }: View, rows: readonly Row[]): Row[] {
  const choosy = actions?.list.map(({ action }) => action).filter((action) => action.when) ?? []
  if (choosy.length === 0) return [...rows]
  const byColumn = new Map(properties.filter(({ masked }) => !masked).map((property) => [property.column, property]))
  return rows.map((row) => {
    const record = new Proxy(row.params, { get: (params, column) => shownValue(byColumn.get(String(column)), params) })
    const refused = choosy.flatMap((action) => {
      const sentence = asFarAsShown(() => refusalsOf(action, [record], who)[0]?.sentence)
      return sentence === undefined ? [] : [[action.name, sentence] as const]
    })
    return { ...row, refused: new Map(refused) }
  })
}

// one for all: an error with its stack would cost more than the answer
const NOT_SHOWN = new Error('the list does not show this column')

function shownValue(property: Property | undefined, params: Row['params']): unknown {
  const value = property && params[property.name]
  if (value === undefined) throw NOT_SHOWN
  // as it is stored, a day is the midnight of it in UTC
  return ['datetime', 'date'].includes(property!.kind) && value !== null ? new Date(String(value)) : value
}

function asFarAsShown(answer: () => string | undefined): string | undefined {
  try {
    return answer()
  } catch (error) {
    if (error === NOT_SHOWN) return undefined
    throw error
  }
}

/** The rows, each with what it refuses of what the role may do. */
export async function withRefusals(ctx: Context, { actions }: View, rows: readonly Row[]): Promise<Row[]> {
  const own = actions?.list.map(({ action }) => action) ?? []
  const refused = await refusedActions(
    ctx,
    own,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => ({ ...row, refused: refused.get(row.id) }))
}
