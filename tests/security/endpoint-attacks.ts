import type { Endpoint } from '../../src/admin/endpoints.ts'
import { may } from '../../src/core/permissions.ts'
import { type Case, answered, refused } from './cases.ts'
import type { EndpointPlan, Place } from './endpoint-plans.ts'
import { propertyName } from './expectations.ts'
import { badBodies } from './forms.ts'
import { junkFiles, junkQueries, junkValues, jsonWith } from './junk.ts'
import type { Actor } from './oracles.ts'
import { type Ask, jsonBody } from './wire.ts'

/** One endpoint in one place. */
export interface Target {
  readonly endpoint: Endpoint
  readonly plan: EndpointPlan
  readonly place: Place
}

export const isAboutModel = ({ path }: Endpoint): boolean => path.includes(':model')

/** Whether the role may ask this at all. */
export function isPermitted({ endpoint, place: { attack, model } }: Target): boolean {
  const { role } = attack.actor
  if (endpoint.roles && !endpoint.roles.includes(role)) return false
  return (
    !isAboutModel(endpoint) || (may(role, 'read', model.name) && may(role, endpoint.operation ?? 'read', model.name))
  )
}

/** The endpoint's address with something in every place. */
export function addressOf({ endpoint, place: { attack, model } }: Target): string {
  const own = attack.actor.school.base[model.name]![0]!
  const path = endpoint.path
    .replace(':model', model.name)
    .replace(':id', own)
    .replace(':name', 'bookings')
    .replace(':action', 'bulkDelete')
  return `/admin/api/panel${path}`
}

const formOf = ({ endpoint }: Target): Partial<Ask> =>
  endpoint.method === 'POST' ? { method: 'POST', ...jsonBody({}) } : {}

/** What works for whoever may, and is not there for the others: like an address of no model where they do not see this one. */
export function asked(target: Target): Case[] {
  const { plan, place, endpoint } = target
  const { actor } = place.attack
  const { name } = place.model
  const isOffered = plan.on?.(place) ?? true
  if (isPermitted(target) && isOffered) return plan.own(place).map((ask) => ({ actor, ask, wants: answered }))
  const ask: Ask = { path: addressOf(target), ...formOf(target) }
  if (!isAboutModel(endpoint) || may(actor.role, 'read', name)) return [{ actor, ask, wants: refused }]
  return [name, 'Nothing'].map((model) => ({
    actor,
    ask: { ...ask, path: ask.path.replace(`/${name}`, `/${model}`) },
    like: { group: `${endpoint.method} ${endpoint.path} ${name}`, name: model },
    wants: refused,
  }))
}

/** What is another's, beside what is nowhere. */
export function foreign({ plan, place }: Target): Case[] {
  if (plan.on && !plan.on(place)) return []
  const { actor } = place.attack
  return (plan.foreign?.(place) ?? []).map(([ask, twin]) => ({ actor, ask, twin }))
}

/** A list by what the role does not see, or of which it sees the end: filter, order and column are refused. */
export function hidden({ endpoint, plan, place }: Target): Case[] {
  const { attack, model } = place
  const { actor, expected } = attack
  if (!plan.isList && !plan.body?.includes('settings')) return []
  const seen = new Set(expected.readable(actor.role, model).map(({ name }) => name))
  const unseen = model.fields.filter(({ kind, name }) => kind !== 'object' && !seen.has(name))
  const masked = expected.masked(actor.role, model)
  const base = addressOf({ endpoint, plan, place }).replace(actor.school.base[model.name]![0]!, 'x')
  const tries = [...unseen, ...masked].flatMap(({ name }, index): Ask[] => {
    const property = propertyName(model, name)
    const isUnseen = index < unseen.length
    if (!plan.isList) {
      const settings = [
        { filters: { [property]: '1' } },
        { filters: { [`${property}~~from`]: '1' } },
        { sortBy: property },
        ...(isUnseen ? [{ columns: [property] }] : []),
      ]
      return settings.map((one) => ({ path: base, method: 'POST', ...jsonBody({ name: 'planted', settings: one }) }))
    }
    const queries = [
      `filters.${property}=1`,
      `filters.${property}~~from=1`,
      `filters.${property}~~empty=true`,
      `sortBy=${property}`,
      ...(isUnseen ? [`columns=${property}`] : []),
    ]
    return queries.map((query) => ({ path: `${base}?${query}`, ...formOf({ endpoint, plan, place }) }))
  })
  return tries.map((ask) => ({ actor, ask, wants: refused }))
}

/** Everything that does not belong in a place, in every place of the endpoint. */
export function junk(target: Target): Case[] {
  const { plan, place, endpoint } = target
  const { actor } = place.attack
  const base = addressOf(target)
  const ways = plan.own(place)
  const [sound = { path: base, ...formOf(target) }] = ways
  const soundForm =
    typeof sound.body === 'string' && sound.body.startsWith('{') ? (JSON.parse(sound.body) as object) : {}
  const form = formOf(target)
  const asks: Ask[] = [
    ...(plan.query ?? []).flatMap((name) => junkQueries(sound.path, name).map((path) => ({ ...sound, path }))),
    ...(plan.body ?? []).flatMap((name) =>
      junkValues.map((value) => ({ ...sound, ...form, ...jsonWith(name, value, soundForm) })),
    ),
    ...(endpoint.method === 'POST' ? badBodies.map((bad) => ({ path: sound.path, method: 'POST', ...bad })) : []),
    ...(endpoint.path === '/import/:model' && endpoint.method === 'POST'
      ? junkFiles.map((bad) => ({ path: sound.path, method: 'POST', ...bad }))
      : []),
  ]
  return [
    ...asks.map((ask) => ({ actor, ask })),
    ...strangePaths(target).map((ask) => ({ actor, ask, wants: refused })),
  ]
}

function strangePaths({ endpoint, place: { attack, model }, plan }: Target): Ask[] {
  const form = formOf({ endpoint, place: { attack, model } as Place, plan })
  const own = attack.actor.school.base[model.name]![0]!
  const parts = { ':model': model.name, ':id': own, ':name': 'bookings', ':action': 'bulkDelete' }
  const strange: Record<string, readonly string[]> = {
    ':model': [model.name.toLowerCase(), '__proto__', 'constructor', 'Nothing', '%00', '..', '*', `${model.name}%20`],
    ':id': ['x', '%00', '0', `${own}x`, `${own}%00`, '%2e%2e', `${own.slice(0, -1)}g`, '__proto__', `{${own}}`],
    ':name': ['__proto__', 'constructor', 'toString', '%00', 'org', 'x'],
    ':action': ['__proto__', 'constructor', 'toString', '%00', 'edit', 'list', 'BULKDELETE', 'x'],
  }
  return Object.entries(strange)
    .filter(([part]) => endpoint.path.includes(part))
    .flatMap(([part, values]) =>
      values.map((value) => {
        const filled = Object.entries({ ...parts, [part]: value }).reduce(
          (path, [name, one]) => path.replace(name, one),
          endpoint.path,
        )
        return { path: `/admin/api/panel${filled}`, ...form }
      }),
    )
}

const nobody: Actor = { name: 'nobody', role: null, school: null, cookie: '' }
const forger: Actor = { ...nobody, name: 'a forger', cookie: 'driveflow-80=s%3Aforged.AAAA' }

const elsewhere: readonly Record<string, string>[] = [
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': '', origin: 'https://evil.example.test' },
  { 'sec-fetch-site': '', origin: 'null' },
]

/** Nobody, another website, another method, another spelling. */
export function strangers(target: Target, isAlsoAt: (method: string, path: string) => boolean): Case[] {
  const { endpoint, place, plan } = target
  const { actor } = place.attack
  const own = plan.own(place)
  const sound = own.length > 0 ? own : [{ path: addressOf(target), ...formOf(target) }]
  const other = endpoint.method === 'GET' ? 'POST' : 'GET'
  const spellings = [
    (path: string) => path.replace('/panel/', '/PANEL/'),
    (path: string) => path.replace('/admin/api', '/admin/API'),
    (path: string) => path.replace('/admin/', '/Admin/'),
    (path: string) => path.replace('/panel/', '/panel//'),
    (path: string) => path.replace('/panel/', '/./panel/'),
    (path: string) => path.replace('/panel/', '/%70anel/../PANEL/'),
    (path: string) => path.replace(/\/panel\/([a-z])/, (_, first: string) => `/panel/${first.toUpperCase()}`),
  ]
  const method = (one: string) => (answer: { status: number }) =>
    answer.status === 405 ? null : `is answered ${answer.status} to ${one}`
  return sound.slice(0, 1).flatMap((ask): Case[] => [
    ...[nobody, forger].map((who) => ({ actor: who, ask, wants: refused })),
    ...(endpoint.method === 'POST'
      ? elsewhere.map((headers) => ({
          actor,
          ask: { ...ask, headers: { ...ask.headers, ...headers } },
          wants: refused,
        }))
      : []),
    ...['HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'].map((one) => ({
      actor,
      ask: { path: ask.path, method: one },
      wants: method(one),
    })),
    ...(isAlsoAt(other, endpoint.path)
      ? []
      : [
          {
            actor,
            ask: { path: ask.path, method: other, ...(other === 'POST' ? jsonBody({}) : {}) },
            wants: refused,
          },
        ]),
    ...spellings.map((spell) => ({ actor, ask: { ...ask, path: spell(ask.path) }, wants: refused })),
  ])
}

/** The session is over: nothing is read and nothing done with it. */
export function afterwards(target: Target, actor: Actor): Case[] {
  const own = target.plan.own(target.place)
  const [ask = { path: addressOf(target), ...formOf(target) }] = own
  return [{ actor, ask, wants: ({ status }) => (status === 401 ? null : `is answered ${status} after the session`) }]
}

/** Columns of a list that may be chosen, in parts as large as may be chosen at once. */
export function columnParts({ attack, model }: Pick<Place, 'attack' | 'model'>): string[][] {
  const names = attack.expected
    .readable(attack.actor.role, model)
    .filter(({ type, isId, nativeType }) => type !== 'Json' && !isId && nativeType?.[0] !== 'Uuid')
    .map(({ name }) => name)
    .filter((name) => name !== 'version' && name !== 'dedupeKey')
  const PART = 25
  return Array.from({ length: Math.ceil(names.length / PART) }, (_, n) => names.slice(n * PART, (n + 1) * PART))
}

/** A share of the cases of a place: together the places try all of them, several times over. */
export function share<T>(all: readonly T[], place: number, each: number): T[] {
  return Array.from({ length: Math.min(each, all.length) }, (_, n) => all[(place * each + n) % all.length]!)
}
