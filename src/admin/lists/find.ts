import type { Context } from '../../core/context.ts'
import type { Query } from '../../core/db.ts'
import { tenantCondition } from '../../core/schema.ts'
import { isText } from '../../core/search-indexes.ts'
import { Parameters } from './conditions.ts'
import { type View, told } from '../records/records.ts'
import { propertyOf } from '../screen.ts'
import { idsIn, lookUps, searchCondition, searchedIn, textCondition } from './search-condition.ts'
import { type Row, type School, selectionOf } from '../records/selection.ts'
import { type Tone, tonesOf } from '../tones.ts'
import { inWords } from '../words.ts'

export const MOST_SHOWN = 5

export interface Found {
  readonly id: string
  readonly title: string
  /** What tells it from others of the same name. */
  readonly details: readonly string[]
  readonly badge: { readonly label: string; readonly tone: Tone } | null
}

export interface FoundGroup {
  readonly model: string
  readonly label: string
  readonly records: readonly Found[]
  /** There are others. */
  readonly more: boolean
}

/** One search: who asks, and for what. */
interface Search {
  readonly ctx: Context
  readonly text: string
  readonly school: School
}

/**
 * Records of the findable models by the words in them, by telephone number or by the end of their id; of each model a few.
 * First what has the words itself, then what refers to it.
 * @throws AppError Invalid when the text cannot be looked for
 */
export async function find(views: ReadonlyMap<string, View>, search: Search): Promise<FoundGroup[]> {
  const { ctx, text } = search
  const findable = [...views.values()].filter((view) => view.screen.findable && view.offers.search.length > 0)
  const named = findable.filter((view) => !view.offers.search.some((path) => path.includes('.')))
  const referring = findable.filter((view) => !named.includes(view))
  const all = [...named, ...referring]
  const asked = referring.map((view) => lookUps(ctx.orgId, searchedIn(view), text))
  const questions = unlike(asked.flat())
  const [byWords = [], byId = [], answers = []] = await inOneTrip(ctx, [
    named.map((view) => inItself(view, search)),
    shortIdIn(text) ? all.map((view) => byShortId(view, search)) : [],
    questions,
  ])
  const known = new Map(questions.map((query, index) => [keyOf(query), idsIn(answers[index]!)]))
  const [byReference = []] = await inOneTrip(ctx, [
    referring.map((view, index) => {
      const found = asked[index]!.map((query) => known.get(keyOf(query))!)
      return byWhatItRefersTo(view, search, found)
    }),
  ])
  const ids = [...byWords, ...byReference].map((rows, index) => idsIn([...(byId[index] ?? []), ...rows]))
  return await shown(
    all.map((view, index) => ({ view, ids: [...new Set(ids[index])] })).filter((group) => group.ids.length > 0),
    search,
  )
}

/** Several lists of statements in one round trip. */
async function inOneTrip(ctx: Context, lists: Query[][]): Promise<unknown[][][][]> {
  const all = lists.flat()
  const answers = all.length > 0 ? await told(ctx.db.select(ctx, all)) : []
  let at = 0
  return lists.map((list) => answers.slice(at, (at += list.length)))
}

const keyOf = (query: Query): string => JSON.stringify([query.text, query.values])

/** Bookings and payments both ask for the learners. */
const unlike = (queries: Query[]): Query[] => [...new Map(queries.map((query) => [keyOf(query), query])).values()]

/** Ids of the records whose own columns have the words; those whose name has a word that begins like the first come first. */
function inItself(view: View, { ctx, text }: Search): Query {
  const parameters = new Parameters()
  const inside = tenantCondition(view.screen.model, 'b', `${parameters.add(ctx.orgId)}::uuid`)
  const matching = textCondition({ alias: 'b', columns: view.offers.search }, text, parameters)
  const name = view.screen.title.find((path) => isText(view.screen.model, path))
  const nearest = name ? `${startsIn(name, text, parameters)} DESC, ` : ''
  return {
    text: `SELECT b.id FROM "${view.screen.model.name}" b WHERE ${inside} AND ${matching} ORDER BY ${nearest}${orderOf(view)} LIMIT ${MOST_SHOWN + 1}`,
    values: parameters.values,
  }
}

function startsIn(column: string, text: string, parameters: Parameters): string {
  const [first = ''] = text.trim().split(/\s+/)
  return `strpos(' ' || search_text(b."${column}"), ' ' || search_text(${parameters.add(first)})) > 0`
}

function byWhatItRefersTo(view: View, { ctx, text }: Search, found: string[][]): Query {
  const parameters = new Parameters()
  const inside = tenantCondition(view.screen.model, 'b', `${parameters.add(ctx.orgId)}::uuid`)
  const matching = searchCondition({ ...searchedIn(view), found }, text, parameters) ?? 'false'
  return {
    text: `SELECT b.id FROM "${view.screen.model.name}" b WHERE ${inside} AND ${matching} ORDER BY ${orderOf(view)} LIMIT ${MOST_SHOWN + 1}`,
    values: parameters.values,
  }
}

function orderOf({ screen }: View): string {
  const column = propertyOf(screen, screen.sort.by)?.column ?? 'id'
  return `b."${column}" ${screen.sort.direction}, b.id ${screen.sort.direction}`
}

const SHORT = 6

/** `#6a235f`, its last eight characters or a whole id, without its hyphens; a telephone number is none. */
function shortIdIn(text: string): string | undefined {
  const digits = text.trim().replace(/^#/, '').replaceAll('-', '').toLowerCase()
  return /^[0-9a-f]{6,32}$/.test(digits) && (digits.length <= 8 || /[a-f]/.test(digits)) ? digits : undefined
}

// compared in the words of the indexes booking_short_id and payment_short_id
function byShortId(view: View, { ctx, text }: Search): Query {
  const typed = shortIdIn(text)!
  const { model } = view.screen
  return {
    text: `SELECT b.id FROM "${model.name}" b WHERE ${tenantCondition(model, 'b', '$1::uuid')} AND "right"(b.id::text, ${SHORT}) = $2 AND replace(b.id::text, '-', '') LIKE $3 LIMIT ${MOST_SHOWN + 1}`,
    values: [ctx.orgId, typed.slice(-SHORT), `%${typed}`],
  }
}

interface Hits {
  readonly view: View
  readonly ids: readonly string[]
}

async function shown(hits: readonly Hits[], { ctx, school }: Search): Promise<FoundGroup[]> {
  const selections = hits.map(({ view }) => selectionOf(view.screens, view.screen, tellingOf(view)))
  const [answers = []] = await inOneTrip(ctx, [
    hits.map(({ view: { screen }, ids }, index) => ({
      text: `SELECT ${selections[index]!.columns} FROM "${screen.model.name}" b ${selections[index]!.joins} WHERE ${tenantCondition(screen.model, 'b', '$1::uuid')} AND b.id = ANY ($2::uuid[])`,
      values: [ctx.orgId, ids.slice(0, MOST_SHOWN)],
      prepared: true,
    })),
  ])
  return hits.map(({ view, ids }, index) => {
    const rows = answers[index]!.map((values) => selections[index]!.read(values, school))
    return {
      model: view.screen.model.name,
      label: view.screen.label,
      more: ids.length > MOST_SHOWN,
      records: ids.flatMap((id) => rows.filter((row) => row.id === id)).map((row) => inShort(view, row, school)),
    }
  })
}

function inShort(view: View, { id, title, params }: Row, school: School): Found {
  const details = tellingOf(view).filter((one) => one.name !== 'status')
  return {
    id,
    title,
    details: details.flatMap((one) => inWords(one, params[one.name], school) ?? []),
    badge: badgeOf(view, params.status),
  }
}

/** What the words may have been found in beside the name, and how the record stands. */
function tellingOf({ screen, offers, properties }: View) {
  const searched = offers.search.filter((path) => !screen.title.includes(path))
  return properties.filter((one) => searched.includes(one.column) || (one.name === 'status' && one.kind === 'enum'))
}

function badgeOf({ properties }: View, status: unknown): Found['badge'] {
  const words = properties.find((one) => one.name === 'status' && one.kind === 'enum')?.values
  if (!words || typeof status !== 'string') return null
  return { label: words[status] ?? status, tone: tonesOf([status])[status] ?? 'default' }
}
