import type { Context } from '../../core/context.ts'
import { AppError, fromDatabase, invalid } from '../../core/errors.ts'
import { valueLabel } from '../../core/labels.ts'
import type { PanelRole } from '../../core/permissions.ts'
import { type Change, type FieldChange, changeKindOf, describeEach } from './changes.ts'
import type { View } from './records.ts'
import type { School } from './selection.ts'
import { type Happening, type TimelineKind, type Who, timelineKinds } from './timeline-query.ts'
import { queuedJobs } from './timeline-requests.ts'
import { sourcesOf } from './timeline-sources.ts'
import type { Tone } from '../tones.ts'
import { isUndoable } from './undo-rules.ts'

/** What one request did to a record and to what belongs to it. */
export interface TimelineGroup {
  readonly at: string
  /** "Manager of Harbour"; nobody's name when a machine did it. */
  readonly who: string
  readonly role: string | null
  readonly entries: TimelineEntry[]
  /** The request that can perhaps be undone. */
  readonly undo: string | null
}

export interface TimelineEntry {
  readonly id: string
  readonly kind: TimelineKind
  readonly text: string
  readonly note: string | null
  readonly fields: readonly FieldChange[]
  readonly status: { readonly label: string; readonly tone: Tone } | null
  readonly open: { readonly model: string; readonly id: string } | null
}

export interface Timeline {
  readonly groups: TimelineGroup[]
  readonly kinds: { readonly name: TimelineKind; readonly label: string }[]
  readonly next: string | null
}

export interface TimelineRequest {
  readonly view: View
  readonly views: ReadonlyMap<string, View>
  readonly role: PanelRole
  readonly id: string
  readonly school: School
  /** Of these kinds only; all when there are none. */
  readonly kinds: readonly string[]
  readonly cursor: string | undefined
}

const PER_PAGE = 40

/** A page of a record's history, newest first: of each source as much as the page may need, in one round trip. */
export async function readTimeline(ctx: Context, request: TimelineRequest): Promise<Timeline> {
  const { view, views, id, school, kinds } = request
  const before = request.cursor === undefined ? undefined : decode(request.cursor)
  const wanted = { view, views, id, orgId: ctx.orgId, before, limit: PER_PAGE + 1 }
  const all = sourcesOf(wanted)
  const offered = [...new Set(all.map(({ kind }) => kind))]
  if (kinds.some((kind) => !offered.some((one) => one === kind)))
    throw invalid('There is no such part of the history.', 'kinds')
  const isShown = (kind: TimelineKind) => kinds.length === 0 || kinds.includes(kind)
  const sources = all.filter(({ kind }) => isShown(kind))
  const answers = await ctx.db
    .batch(
      ctx,
      sources.map(({ query }) => query),
    )
    .catch((error: unknown) => {
      throw fromDatabase(error) ?? (error as Error)
    })
  const queued = views.has('AuditLog') && isShown('job') ? await queuedJobs(ctx, wanted) : []
  const found = queued.concat(
    answers.flatMap((rows, index) => rows.map((values) => sources[index]!.read(values, school))),
  )
  const sorted = found.toSorted((a, b) => b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : -1))
  const page = sorted.slice(0, PER_PAGE)
  const last = page.at(-1)
  return {
    groups: await groupsOf(ctx, request, page),
    kinds: offered.map((name) => ({ name, label: timelineKinds[name] })),
    next: last && sorted.length > PER_PAGE ? encode(last) : null,
  }
}

async function groupsOf(ctx: Context, request: TimelineRequest, page: readonly Happening[]): Promise<TimelineGroup[]> {
  const { views, school } = request
  const changes = page.filter((one) => one.audited)
  const described = await describeEach(
    ctx,
    { views, school },
    changes.map((one) => one.audited!),
  )
  const groups = new Map<string, { of: Happening[]; entries: TimelineEntry[] }>()
  for (const one of page) {
    const entry = entryOf(one, described[changes.indexOf(one)], request.view)
    if (!entry) continue
    const key = one.requestId ?? `${one.at.toISOString()} ${one.who.name ?? ''}`
    const group = groups.get(key) ?? { of: [], entries: [] }
    group.of.push(one)
    group.entries.push(entry)
    groups.set(key, group)
  }
  return [...groups.values()].map(({ of, entries }) => groupOf(of, entries, request))
}

function groupOf(of: readonly Happening[], entries: TimelineEntry[], { view, role }: TimelineRequest): TimelineGroup {
  const { who } = of.find((one) => one.who.name !== null) ?? of[0]!
  const edit = of.find((one) => one.audited && changeKindOf(one.audited.action) === 'edit')
  return {
    at: of[0]!.at.toISOString(),
    who: who.name ?? machine(who),
    role: who.name && who.role ? valueLabel(who.role) : null,
    entries: entries.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind)),
    undo: edit && isUndoable(role, view.screen.model.name) ? edit.requestId : null,
  }
}

// what was done first, then what came of it
const order = Object.keys(timelineKinds)

const machines: Readonly<Record<string, string>> = {
  webhook: 'Stripe',
  operator: 'The platform',
  system: 'The system',
}
/** Who acted, when it was no person. */
export const machineName = (kind: string | null): string => machines[kind ?? 'system'] ?? 'Somebody'
const machine = ({ kind }: Who): string => machineName(kind)

const verbs = { new: 'added', edit: 'changed', delete: 'deleted' }

// what the audit trigger says of a secret names its column
const UNRECORDED = /(; )?changed, value not recorded: .*$/

function entryOf(one: Happening, change: Change | undefined, { screen }: View): TimelineEntry | undefined {
  const { id, kind, text, note = null, status = null, open = null } = one
  const entry = { id, kind, text, note, fields: [], status, open }
  if (!one.audited) return entry
  const reason = one.audited.reason?.replace(UNRECORDED, '') || null
  if (change) return { ...entry, text: `${screen.singular} ${verbs[change.kind]}`, note: reason, fields: change.fields }
  // a change of columns that the role does not see is none for it
  if (changeKindOf(one.audited.action)) return undefined
  const verb = one.audited.action.split('.').at(-1)!
  return { ...entry, text: events[verb] ?? valueLabel(verb.replaceAll(/([A-Z])/g, '_$1').toLowerCase()), note: reason }
}

const events: Readonly<Record<string, string>> = { undo: 'Change undone' }

const encode = ({ at, id }: Happening): string =>
  Buffer.from(JSON.stringify([at.toISOString(), id])).toString('base64url')

function decode(cursor: string): { at: string; id: string } {
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as [string, string]
    if (Number.isNaN(Date.parse(at)) || !/^[0-9a-f-]{36}$/i.test(id)) throw new AppError('Invalid', '')
    return { at: new Date(at).toISOString(), id }
  } catch {
    throw invalid('This page of the history is no longer known. Start again from the newest.', 'cursor')
  }
}
