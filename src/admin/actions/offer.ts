import type { Action, Outcome } from '../../core/action.ts'
import { MOST_RECORDS } from '../../core/action.ts'
import { type Context, isUuid } from '../../core/context.ts'
import { AppError, InvalidForm, fromDatabase, invalid } from '../../core/errors.ts'
import type { Offered } from './catalogue.ts'
import { fieldJson } from './field.ts'
import { parseInput } from './input.ts'
import { type Wish, isLong } from './perform.ts'
import { type Preview, previewOf } from './preview.ts'
import type { Result, Runner } from './runner.ts'
import { Refused, refusedActions } from './subjects.ts'
import type { View } from '../records/records.ts'
import { readRecords } from '../records/records.ts'
import type { School } from '../records/selection.ts'

/** What a role may do with a model beyond editing, and what does it. */
export interface Actions {
  readonly list: readonly Offered[]
  readonly runner: Runner
  /** What the role sees, by model: consequences are told for these. */
  readonly views: ReadonlyMap<string, View>
}

/** Somebody before an action, with the records that they have chosen. */
export interface Call {
  readonly ctx: Context
  readonly school: School
  readonly view: View
  readonly offered: Offered
  readonly ids: readonly string[]
}

/** The form as the browser gets it when it is opened. */
export async function formOf({ ctx, school, view, offered, ids }: Call): Promise<object> {
  const { action, fields } = offered
  checkNumber(action, ids)
  const title = await titleOf(ctx, { view, ids, school })
  const refusal = ids.length === 1 ? (await refusedActions(ctx, [action], ids)).get(ids[0]!) : undefined
  return {
    label: action.label,
    title: action.on === 'resource' ? action.label : headingOf(action.label, title),
    fields: fields.map(fieldJson),
    danger: action.danger ?? false,
    needsPassword: needsPassword(action, ctx),
    long: isLong({ action, ids }),
    refused: refusal?.get(action.name) ?? null,
  }
}

/** "Archive Mia Khan", but "Adjust prices: Standard". */
const headingOf = (label: string, title: string): string => `${label}${label.includes(' ') ? ':' : ''} ${title}`

export type Answer =
  | { readonly state: 'preview'; readonly preview: Preview }
  | (Ways & { readonly state: 'invalid'; readonly message: string; readonly errors: Readonly<Record<string, string>> })
  | (Refusals & Ways & { readonly state: 'refused'; readonly message: string })
  | { readonly state: 'stale'; readonly message: string; readonly preview: Preview }
  | { readonly state: 'password'; readonly message: string }
  | {
      readonly state: 'done'
      readonly message: string
      readonly open: { model: string; id: string } | null
      readonly secret?: NonNullable<Outcome['secret']>
    }
  | { readonly state: 'waiting' | 'running'; readonly message: string; readonly run: string }

/** Where what is missing can be put right, for whoever may. */
interface Ways {
  readonly ways?: readonly {
    readonly label: string
    readonly model: string
    readonly id: string
    readonly action: string
  }[]
}

interface Refusals {
  /** Of the first that refuse. */
  readonly reasons: readonly Reason[]
  /** How many refuse, and how many do not. */
  readonly refused: number
  readonly left: number
}

/** What was refused has no records that could be left out. */
export const NONE_REFUSE: Refusals = { reasons: [], refused: 0, left: 0 }

interface Reason {
  readonly id: string
  readonly title: string
  readonly sentence: string
}

/** Shows what would happen (`preview`), or does it: with the `key` of the form and the `hash` of what was shown. */
export async function answerTo(call: Call, body: Readonly<Record<string, unknown>>): Promise<Answer> {
  const { ctx, school, view, offered, ids } = call
  const { action } = offered
  try {
    checkNumber(action, ids)
    const input = await parseInput(ctx, offered, { typed: body.input, school })
    const title = await titleOf(ctx, { view, ids, school })
    const wish: Wish = { action, ids, input, typed: body.input, title, key: keyIn(body) }
    const { runner, views } = view.actions!
    const seen = async (trial: Awaited<ReturnType<Runner['attempt']>>) =>
      await previewOf(ctx, wish, { trial, views, school })
    if (body.preview) return { state: 'preview', preview: await seen(await runner.attempt(ctx, wish)) }
    if (needsPassword(action, ctx)) return { state: 'password', message: PASSWORD }
    const result = await runner.commit(ctx, wish, typeof body.hash === 'string' ? body.hash : '')
    if (result.state !== 'stale') return answerOf(result)
    const sentence = body.hash ? STALE : 'Look at what will happen first, then confirm.'
    return { state: 'stale', message: sentence, preview: await seen(result.trial) }
  } catch (error) {
    return await refusalOf(call, fromDatabase(error) ?? error)
  }
}

const STALE = 'Something has changed since you looked. Nothing was done: look again, then confirm.'
const PASSWORD = 'Type your password once more to go on. It is asked for every five minutes where it matters.'

/** A result for the person who pressed the button. */
export function answerOf(result: Exclude<Result, { state: 'stale' }>): Answer {
  if (result.state === 'done') {
    const { message, open = null, secret } = result.outcome
    return { state: 'done', message, open, ...(secret ? { secret } : {}) }
  }
  const message =
    result.state === 'waiting'
      ? `This waits for the approval of somebody else: ${result.approvers}.`
      : 'This takes a while. You can leave this page; it goes on.'
  return { state: result.state, message, run: result.runId }
}

async function refusalOf({ ctx, view, school, offered }: Call, error: unknown): Promise<Answer> {
  if (!(error instanceof AppError)) throw error
  if (error instanceof Refused) {
    const shown = error.refusals.slice(0, SHOWN)
    const ids = shown.map(({ id }) => id)
    const titles = new Map((await readRecords(ctx, view, ids, school)).map(({ id, title }) => [id, title]))
    const reasons = shown.map(({ id, sentence }) => ({ id, sentence, title: titles.get(id) ?? '' }))
    const refused = error.refusals.length
    return { state: 'refused', message: error.message, reasons, refused, left: error.of - refused }
  }
  const errors = error instanceof InvalidForm ? error.errors : [error]
  const besides = errors.filter(({ field }) => offered.fields.some(({ name }) => name === field))
  // what is wrong lies in the record, not in what was typed
  const ways = waysOut(view, errors)
  if (besides.length === 0)
    return { state: 'refused', message: errors.map(({ message }) => message).join(' '), ...NONE_REFUSE, ...ways }
  return {
    state: 'invalid',
    message: error.message,
    ...ways,
    errors: Object.fromEntries(besides.map(({ field, message }) => [field!, message])),
  }
}

function waysOut({ actions }: View, errors: readonly AppError[]): Ways {
  const ways = errors.flatMap(({ wayOut }) => {
    const offered = wayOut && actions?.views.get(wayOut.model)?.actions?.list
    const address = offered?.find(({ action }) => action.name === wayOut!.action)?.address
    return wayOut && address ? [{ ...wayOut, action: address }] : []
  })
  return ways.length > 0 ? { ways } : {}
}

/** As many as can be ticked on a page of a list. */
const SHOWN = 100

/** @throws AppError Invalid when more are chosen than the action takes at once */
function checkNumber({ on, atMost = MOST_RECORDS }: Action, ids: readonly string[]): void {
  if (on !== 'resource' && ids.length === 0) throw invalid('Select the records first.')
  if (ids.length > atMost)
    throw invalid(
      `At most ${atMost.toLocaleString('en')} records can be changed at once. Narrow the list with a filter.`,
    )
}

/** "Mia Khan", "214 students". */
async function titleOf(ctx: Context, of: { view: View; ids: readonly string[]; school: School }): Promise<string> {
  const { view, ids, school } = of
  const { label, singular } = view.screen
  if (ids.length === 1) return (await readRecords(ctx, view, [...ids], school))[0]?.title ?? singular
  return `${ids.length.toLocaleString('en')} ${label.charAt(0).toLowerCase()}${label.slice(1)}`
}

const FRESH_MS = 5 * 60_000

const needsPassword = (action: Action, { passwordAt }: Context): boolean =>
  action.reauth === true && Date.now() - (passwordAt ?? 0) > FRESH_MS

function keyIn({ key }: Readonly<Record<string, unknown>>): string {
  if (!isUuid(key)) throw invalid('The form could not be read. Load the page again and retry.')
  return key
}
