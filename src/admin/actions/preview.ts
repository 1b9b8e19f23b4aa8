import type { Context } from '../../core/context.ts'
import { valueLabel } from '../../core/labels.ts'
import { formatMoney } from '../../core/money.ts'
import type { Model } from '../../core/schema.ts'
import { formatInstant } from '../../core/time.ts'
import { type Topic, type TopicFacts, topics } from '../../core/topics.ts'
import { messageTemplates } from '../../core/vocabulary.ts'
import type { Announcement, Effects } from './effects.ts'
import { AT_ONCE, type Wish, usualMessage } from './perform.ts'
import type { Trial } from './runner.ts'
import { type AuditRow, type Change, changeKindOf, describeChanges } from '../records/changes.ts'
import type { View } from '../records/records.ts'
import { type Asked, lookAtDeletion } from '../records/warnings.ts'
import { type Stored, storedFields } from '../records/stored.ts'
import type { School } from '../records/selection.ts'

/** What would happen, as the person who decides reads it. */
export interface Preview {
  /** "Archive Mia Khan?" */
  readonly question: string
  readonly changes: readonly Pick<Change, 'singular' | 'title' | 'kind' | 'fields'>[]
  /** Changes that are not shown, because there are so many. */
  readonly more: number
  /** Of how many records the consequences were tried, when it was not all of them. */
  readonly tried: { readonly of: number; readonly first: number } | null
  readonly money: readonly { readonly label: string; readonly amount: string }[]
  readonly messages: readonly string[]
  /** Of a deletion: bookings that are there already and are concerned by it. */
  readonly concerns: Asked | null
  /** What the action will have to say of it: weeks that are left out, a fee that is due. Null for no more than that it is done. */
  readonly outcome: string | null
  /** What the clock does later, unless something happens until then. */
  readonly later: readonly string[]
  /** Stands for all of it, also what is not shown. */
  readonly hash: string
}

const SHOWN = 50

type Views = ReadonlyMap<string, View>

/** @param views what the person's role sees: consequences for other models happen too, but are not shown */
export async function previewOf(
  ctx: Context,
  wish: Wish,
  { trial, views, school }: { trial: Trial; views: Views; school: School },
): Promise<Preview> {
  const { effects } = trial
  const seen = effects.audited.filter((row) => views.has(row.entityType) && changeKindOf(row.action))
  const rows = seen.filter(({ entityType }) => entityType !== 'Message' && !views.get(entityType)!.screen.says)
  const changes = await describeChanges(ctx, views, rows.slice(0, SHOWN), school)
  const shown = changes.filter(({ kind, fields }) => kind !== 'edit' || fields.length > 0)
  return {
    question: questionOf(wish, effects),
    changes: shown.map(({ singular, title, kind, fields }) => ({ singular, title, kind, fields })),
    more: Math.max(rows.length - SHOWN, 0),
    tried: wish.ids.length > AT_ONCE ? { of: wish.ids.length, first: AT_ONCE } : null,
    money: await moneyOf(ctx, seen, { views, school }),
    messages: [...messagesIn(effects.audited, views), ...effects.announced.filter(isForPeople).map(announced)],
    concerns: await concernsOf(ctx, wish, views),
    outcome: trial.outcome.message === usualMessage(wish) ? null : trial.outcome.message,
    later: laterIn(seen, views, school),
    hash: effects.hash,
  }
}

async function concernsOf(ctx: Context, { action, ids }: Wish, views: Views): Promise<Asked | null> {
  const view = views.get(action.model)
  return view && changeKindOf(action.name) === 'delete' ? await lookAtDeletion(ctx, view, ids) : null
}

/** A few of them say it for all. */
const SAID_LATER = 4

function laterIn(rows: readonly AuditRow[], views: Views, { timeZone }: School): string[] {
  const made = rows.filter(({ action }) => changeKindOf(action) === 'new')
  const said = made.flatMap(({ entityType, after }) => {
    const { says, model } = views.get(entityType)!.screen
    return says?.(storedOf(model, after ?? {}), (instant) => formatInstant(instant, timeZone)) ?? []
  })
  if (said.length <= SAID_LATER) return said
  return [...said.slice(0, SAID_LATER), `and ${said.length - SAID_LATER} more like these`]
}

/** As the database's own log holds it, every instant is text. */
const storedOf = (model: Model, values: Readonly<Record<string, unknown>>): Stored =>
  Object.fromEntries(
    storedFields(model).map(({ name, type }) => {
      const value = values[name] ?? null
      return [name, type === 'DateTime' && typeof value === 'string' ? new Date(value) : value]
    }),
  )

function questionOf({ action, ids, title, input }: Wish, { audited }: Effects): string {
  const touched = new Set(
    audited.filter(({ entityType }) => entityType === action.model).map(({ entityId }) => entityId),
  )
  const count = action.on === 'resource' ? touched.size : ids.length
  if (action.confirm) return action.confirm({ title, count, input })
  return action.on === 'resource' ? `${action.label}?` : `${action.label} ${title}?`
}

/** How much more or less there is of each kind of amount, by its label and currency. */
async function moneyOf(
  ctx: Context,
  rows: readonly AuditRow[],
  { views, school }: { views: Views; school: School },
): Promise<Preview['money']> {
  const currencies = await currenciesOf(ctx, rows, views)
  const sums = new Map<string, { label: string; currency: string; cents: number }>()
  for (const { entityType, entityId, before, after } of rows) {
    const view = views.get(entityType)!
    const currency = currencies.get(entityId) ?? String((after ?? before)?.currency ?? school.currency)
    for (const property of view.properties.filter(({ kind, masked }) => kind === 'money' && !masked)) {
      const cents = Number(after?.[property.column] ?? 0) - Number(before?.[property.column] ?? 0)
      const { singular } = view.screen
      const label =
        singular === property.label
          ? singular
          : `${singular}: ${property.label.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())}`
      const sum = sums.get(label + currency) ?? { label, currency, cents: 0 }
      sums.set(label + currency, { ...sum, cents: sum.cents + cents })
    }
  }
  return [...sums.values()]
    .filter(({ cents }) => cents !== 0)
    .map(({ label, currency, cents }) => ({
      label,
      amount: `${cents > 0 ? '+' : '−'}${formatMoney(Math.abs(cents), currency)}`,
    }))
}

/** An audit row of a change says only what changed, which is seldom the currency. */
async function currenciesOf(ctx: Context, rows: readonly AuditRow[], views: Views): Promise<Map<string, string>> {
  const edited = rows.filter(({ action, entityType }) => {
    const fields = views.get(entityType)!.screen.model.fields
    return changeKindOf(action) === 'edit' && fields.some(({ name }) => name === 'currency')
  })
  const models = [...new Set(edited.map(({ entityType }) => entityType))]
  if (models.length === 0) return new Map()
  const queries = models.map((model) => ({
    text: `SELECT id, currency FROM "${model}" b WHERE "orgId" = $1::uuid AND id = ANY ($2::uuid[])`,
    values: [ctx.orgId, edited.filter(({ entityType }) => entityType === model).map(({ entityId }) => entityId)],
  }))
  const found = await ctx.db.select(ctx, queries)
  return new Map(found.flat().map(([id, currency]) => [id as string, currency as string]))
}

/** To whom what is said; somebody who does not see messages learns how many there are. */
function messagesIn(rows: readonly AuditRow[], views: Views): string[] {
  const written = rows.filter(({ entityType, action }) => entityType === 'Message' && changeKindOf(action) === 'new')
  if (written.length === 0) return []
  if (!views.has('Message')) return [written.length === 1 ? 'One message' : `${written.length} messages`]
  const shown = written.slice(0, SHOWN).map(({ after }) => {
    const { channel, toAddress, templateKey, subject } = (after ?? {}) as Record<string, string | null>
    const what = subject ?? (templateKey ? (messageTemplates as Record<string, string>)[templateKey] : undefined)
    return [`${valueLabel(channel ?? 'message')} to ${toAddress}`, what].filter(Boolean).join(': ')
  })
  return written.length > SHOWN ? [...shown, `and ${written.length - SHOWN} more`] : shown
}

/** What only the program hears of is nobody's news. */
const isForPeople = ({ topic }: Announcement): boolean => {
  const facts: TopicFacts | undefined = topics[topic as Topic]
  return !facts?.inside
}

const announced = ({ topic }: Announcement): string => `Everybody concerned is told: ${valueLabel(topic).toLowerCase()}`
