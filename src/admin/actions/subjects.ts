import type { Action, Who } from '../../core/action.ts'
import type { Context } from '../../core/context.ts'
import { AppError, notFound } from '../../core/errors.ts'
import { modelOf, tenantCondition } from '../../core/schema.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { ONLY_LOOKING, isOnlyLooking } from '../operator.ts'
import type { View } from '../records/records.ts'
import type { Row } from '../records/selection.ts'
import { type Stored, storedColumn, storedFields, storedValue } from '../records/stored.ts'

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
  { tx, ...ctx }: UnitOfWork,
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
  if (isOnlyLooking(who, action.name)) return records.map(({ id }) => ({ id: id as string, sentence: ONLY_LOOKING }))
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
  const choosy = actions.filter((action) => action.when || isOnlyLooking(ctx, action.name))
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
      return [record.id as string, refusedBy(record, choosy, ctx)]
    }),
  )
}

function refusedBy(record: Stored, actions: readonly Action[], who: Who): ReadonlyMap<string, string> {
  const refused = actions.flatMap((action) =>
    refusalsOf(action, [record], who).map(({ sentence }) => [action.name, sentence] as const),
  )
  return new Map(refused)
}

/**
 * The rows of a list, each with what it refuses, as far as the columns tell that were read with it (`columnsAsked`): an
 * action that asks for another one is offered, and says by itself why it cannot be done.
 */
export function withVisibleRefusals(who: Who, { actions }: View, rows: readonly Row[]): Row[] {
  const choosy = actions?.list.map(({ action }) => action).filter((action) => action.when || isOnlyLooking(who)) ?? []
  return rows.map((row) => {
    if (!row.stored) return row
    const record = Object.assign(Object.create(NOTHING_ELSE), row.stored) as Stored
    const refused = choosy.flatMap((action) => {
      if (isOnlyLooking(who, action.name)) return [[action.name, ONLY_LOOKING] as const]
      if (!action.when) return []
      const answer = asFarAsRead(() => action.when!(record as never, who))
      return answer === true ? [] : [[action.name, answer] as const]
    })
    return { ...row, refused: new Map(refused) }
  })
}

// one for all: an error with its stack would cost more than the answer
const NOT_READ = new Error('the list has not read this column')

/** What a record that was read in part has instead of its other columns. */
const NOTHING_ELSE = new Proxy(
  {},
  {
    get: () => {
      throw NOT_READ
    },
  },
)

function asFarAsRead(answer: () => true | string): true | string {
  try {
    return answer()
  } catch (error) {
    if (error === NOT_READ) return true
    throw error
  }
}

/** The record with what it refuses of what the role may do; another statement only where it was read without its columns. */
export async function withRefusals(ctx: Context, { actions }: View, row: Row): Promise<Row> {
  const own = actions?.list.map(({ action }) => action) ?? []
  if (row.stored) return { ...row, refused: refusedBy(row.stored, own, ctx) }
  return { ...row, refused: (await refusedActions(ctx, own, [row.id])).get(row.id) }
}
