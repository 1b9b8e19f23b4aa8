import prisma from '@prisma/client'
import { type Context, isUuid } from '../../core/context.ts'
import type { Query, Transaction } from '../../core/db.ts'
import { AppError, IN_USE, InvalidForm, fromDatabase, invalid, notFound } from '../../core/errors.ts'
import { fieldOf, modelOf, tenancyOf, tenantCondition } from '../../core/schema.ts'
import type { Actions } from '../actions/offer.ts'
import { Parameters } from '../lists/conditions.ts'
import { choosable, listed, selectionFor } from '../lists/columns.ts'
import { type ListRequest, type Cursor, encodeCursor } from '../lists/list-request.ts'
import { type Offers, offersFor } from '../lists/offers.ts'
import { COUNT_CAP, pageQueries, withWordsFound } from '../lists/page.ts'
import { recordSelection } from './record-selection.ts'
import { type Property, type Screen, screenOf } from '../screen.ts'
import { searchCondition } from '../lists/search-condition.ts'
import { type Row, type School, type Selection, selectionOf } from './selection.ts'
import { parseValue } from '../values.ts'

/** What a role sees of a model: its screen, the properties it may read, and how they are read in one statement. */
export interface View {
  readonly screens: ReadonlyMap<string, Screen>
  readonly screen: Screen
  readonly properties: readonly Property[]
  /** Columns of other records that the list may show. */
  readonly paths: readonly Property[]
  /** Columns that may be chosen for the list. */
  readonly columns: readonly string[]
  /** What the list may be filtered by, searched in and divided into. */
  readonly offers: Offers
  readonly record: Selection
  readonly list: Selection
  /** What the role may do beyond editing. */
  readonly actions?: Actions
}

export interface Page<T> {
  readonly rows: T[]
  readonly total: number
  readonly totalIsCapped: boolean
  readonly next: string | undefined
  readonly previous: string | undefined
}

export function viewOf(screens: ReadonlyMap<string, Screen>, screen: Screen, properties: readonly Property[]): View {
  const { paths } = screen
  return {
    screens,
    screen,
    properties,
    paths,
    columns: choosable(
      properties,
      paths.filter(({ name }) => screen.list.includes(name)),
    ),
    offers: offersFor(screen.offers, properties, paths),
    record: recordSelection(selectionOf(screens, screen, properties), screen, properties),
    list: selectionOf(screens, screen, listed(screen.list, [...properties, ...paths])),
  }
}

/**
 * One page of a list and its capped count, in one round trip.
 * @param shown what the rows become; the count takes longer than they do, and nothing waits for it that need not
 */
export async function readPage<T>(
  ctx: Context,
  view: View,
  { request, school, shown }: { request: ListRequest; school: School; shown: (rows: Row[]) => T[] },
): Promise<Page<T>> {
  const selection = selectionFor(view, request.columns)
  const asked = await told(withWordsFound(ctx, view, request))
  const queries = pageQueries(view, asked, { orgId: ctx.orgId, zone: school.timeZone })
  const [found, counted] = ctx.db.selectEach(ctx, queries) as [Promise<unknown[][]>, Promise<unknown[][]>]
  const values = await told(found)
  const back = request.cursor?.back ?? false
  const more = values.length > request.perPage
  const kept = more ? (back ? values.slice(1) : values.slice(0, -1)) : values
  const cursor = (row: unknown[] | undefined, goBack: boolean) =>
    row && encodeCursor({ back: goBack, value: row.at(-1) as Cursor['value'], id: row[0] as string })
  const rows = shown(kept.map((row) => selection.read(row, school)))
  const count = (await told(counted))[0]![0] as number
  return {
    rows,
    total: Math.min(count, COUNT_CAP),
    totalIsCapped: count > COUNT_CAP,
    next: back || more ? cursor(kept.at(-1), false) : undefined,
    previous: (back && more) || (!back && request.page > 1) ? cursor(kept[0], true) : undefined,
  }
}

/** @throws AppError NotFound when the school has no such record */
export async function readRecord(ctx: Context, view: View, id: string, school: School): Promise<Row> {
  const [row] = await readRecords(ctx, view, [id], school)
  if (!row) throw notFound(`There is no such ${view.screen.singular.toLowerCase()} in your school.`)
  return row
}

/** Those of `ids` that the school has, in the order of `ids`. */
export async function readRecords(ctx: Context, view: View, ids: string[], school: School): Promise<Row[]> {
  const wanted = ids.filter(isUuid).map((id) => id.toLowerCase())
  const { model } = view.screen
  const text = `SELECT ${view.record.columns} FROM "${model.name}" b ${view.record.joins} WHERE ${tenantCondition(model, 'b', '$1::uuid')} AND b.id = ANY ($2::uuid[])`
  const [values] = await told(ctx.db.select(ctx, [{ text, values: [ctx.orgId, wanted], prepared: true }]))
  const rows = new Map(values!.map((row) => [row[0] as string, view.record.read(row, school)]))
  return wanted.flatMap((id) => rows.get(id) ?? [])
}

const SEARCH_LIMIT = 20

/** The first records whose name contains the words, for choosing a reference; without words the newest. */
export async function searchRecords(ctx: Context, view: View, words: string, school: School): Promise<Row[]> {
  const parameters = new Parameters()
  const inSchool = tenantCondition(view.screen.model, 'b', `${parameters.add(ctx.orgId)}::uuid`)
  const matching =
    words === ''
      ? 'true'
      : searchCondition({ screen: view.screen, paths: view.screen.title }, words.slice(0, 100), parameters)
  if (matching === null) return []
  const names = selectionOf(view.screens, view.screen, [])
  const text = `SELECT ${names.columns} FROM (SELECT ${names.base.join(', ')} FROM "${view.screen.model.name}" b WHERE ${inSchool} AND ${matching} ORDER BY b.id DESC LIMIT ${SEARCH_LIMIT}) b ${names.joins}`
  const [values] = await told(ctx.db.select(ctx, [{ text, values: parameters.values }]))
  return values!.map((row) => names.read(row, school)).sort((a, b) => a.title.localeCompare(b.title))
}

export type Fields = Record<string, unknown>

/** @returns the id of the new record. @throws AppError Invalid and Conflict naming the field */
export async function createRecord(
  ctx: Context,
  view: View,
  input: { payload: Fields; school: School },
): Promise<string> {
  const data = await newData(ctx, view, input)
  const created = await told(
    ctx.db.read(ctx, (client) => delegate(client, view).create({ data, select: { id: true } })),
  )
  return created.id
}

/** What a form says of a record that is not there yet, as Prisma takes it. */
export async function newData(ctx: Context, view: View, input: { payload: Fields; school: School }): Promise<Fields> {
  const isEmpty = (raw: unknown) => raw === undefined || raw === null || raw === ''
  const given = parsed(
    view.properties.filter((one) => one.writable && (one.required || !isEmpty(input.payload[one.name]))),
    input,
  )
  return {
    ...(await storable(ctx, view, given)),
    ...(tenancyOf(view.screen.model) === 'column' ? { orgId: ctx.orgId } : {}),
    // who recorded it is who is signed in, whatever a form says
    ...(fieldOf(view.screen.model, 'recordedById') ? { recordedById: ctx.userId } : {}),
  }
}

/** The fields of a form that the role may change, as Prisma takes them. */
export async function changedData(
  ctx: Context,
  view: View,
  input: { payload: Fields; school: School },
): Promise<Fields> {
  const sent = view.properties.filter((one) => one.writable && Object.hasOwn(input.payload, one.name))
  return await storable(ctx, view, parsed(sent, input))
}

/** @throws InvalidForm with every field that is wrong */
export function parsed(
  properties: readonly Property[],
  { payload, school }: { payload: Fields; school: School },
): Map<Property, unknown> {
  const wrong: AppError[] = []
  const values = new Map<Property, unknown>()
  for (const property of properties) {
    try {
      values.set(property, parseValue(property, payload[property.name], school.timeZone))
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      wrong.push(error)
    }
  }
  if (wrong.length > 0) throw new InvalidForm(wrong)
  return values
}

/** Deletes all of `ids` or none. @throws AppError NotFound when the school has one of them not, Conflict when one is referred to */
export async function deleteRecords(ctx: Context, view: View, ids: string[]): Promise<void> {
  await told(
    ctx.db.transaction(ctx, async (tx) => {
      const { count } = await delegate(tx, view).deleteMany({ where: { id: { in: ids }, ...inSchool(ctx, view) } })
      if (count !== new Set(ids).size) throw notFound('One of these records is no longer there. Load the list again.')
    }),
    (error) => (error.code.endsWith('_fkey') ? new AppError('Conflict', IN_USE) : error),
  )
}

/** References must be records that this school shows: the composite keys refuse the rest too, but people have no such key. */
export async function refuseForeign(ctx: Context, view: View, values: ReadonlyMap<Property, unknown>): Promise<void> {
  const references = [...values].filter(([property, value]) => property.references && value !== null)
  if (references.length === 0) return
  const queries = references.map(([property, value]): Query => {
    const target = screenOf(view.screens, property.references!).model
    return {
      text: `SELECT 1 FROM "${target.name}" t WHERE ${tenantCondition(target, 't', '$1::uuid')} AND t.id = $2::uuid`,
      values: [ctx.orgId, value],
      prepared: true,
    }
  })
  const found = await told(ctx.db.select(ctx, queries))
  const missing = references.find((_, index) => found[index]!.length === 0)
  if (missing)
    throw invalid(`${missing[0].label} is not one of your school's: choose one from the list.`, missing[0].name)
}

async function storable(ctx: Context, view: View, values: ReadonlyMap<Property, unknown>): Promise<Fields> {
  await refuseForeign(ctx, view, values)
  const stored = [...values].map(([property, value]) => [
    property.column,
    property.kind === 'json' && value === null ? prisma.Prisma.DbNull : value,
  ])
  return Object.fromEntries(stored) as Fields
}

interface Delegate {
  findMany(args: unknown): Promise<unknown[]>
  create(args: unknown): Promise<{ id: string }>
  updateMany(args: unknown): Promise<{ count: number }>
  deleteMany(args: unknown): Promise<{ count: number }>
}

export function delegate(client: Transaction, view: View): Delegate {
  const name = view.screen.model.name
  return (client as unknown as Record<string, Delegate>)[name.charAt(0).toLowerCase() + name.slice(1)]!
}

function inSchool(ctx: Context, view: View): Fields {
  const members = { some: { orgId: ctx.orgId } }
  const conditions = {
    column: { orgId: ctx.orgId },
    school: { AND: { id: ctx.orgId } },
    membership: { memberships: members },
    member: { user: { memberships: members } },
  }
  return conditions[tenancyOf(modelOf(view.screen.model.name))]
}

/** A refusal of the database becomes a sentence; a fault stays a fault. */
export async function told<T>(work: Promise<T>, as: (error: AppError) => AppError = (error) => error): Promise<T> {
  try {
    return await work
  } catch (error) {
    const refusal = fromDatabase(error)
    throw refusal ? as(refusal) : error
  }
}
