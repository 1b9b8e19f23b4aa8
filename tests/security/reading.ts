import { randomUUID } from 'node:crypto'
import { may, panelRoles } from '../../src/core/permissions.ts'
import { type Model, relationOf } from '../../src/core/schema.ts'
import {
  type Attack,
  type Case,
  answered,
  api,
  dealt,
  finds,
  findsAtLeast,
  findsNothing,
  listOf,
  record,
  refused,
} from './cases.ts'
import { propertyName } from './expectations.ts'
import { jsonOf } from './oracles.ts'
import { type Answer, type Ask, jsonBody } from './wire.ts'

/** Everything that reads, on one model. */
export function reading(attack: Attack, model: Model): Case[] {
  if (!may(attack.actor.role, 'read', model.name)) return unreadable(attack, model)
  return [
    ...lists(attack, model),
    ...orders(attack, model),
    ...filters(attack, model),
    ...hiddenColumns(attack, model),
    ...searches(attack, model),
    ...records(attack, model),
  ]
}

/** A model that the role does not see is not there, in whatever way it is asked for. */
function unreadable({ actor, other }: Attack, { name }: Model): Case[] {
  const own = actor.school.made[name]![0]!
  const foreign = other.made[name]![0]!
  const form = { method: 'POST', ...jsonBody({ notes: 'x' }) }
  const asks = (model: string): Ask[] => [
    ...['list', 'search/a'].map((action) => ({ path: api(model, `actions/${action}`) })),
    { path: record(model, own, 'show') },
    { path: record(model, foreign, 'show') },
    { path: record(model, own, 'edit') },
    { path: record(model, own, 'edit'), ...form },
    { path: api(model, 'actions/new'), ...form },
    { path: record(model, own, 'delete'), method: 'POST' },
    { path: api(model, `bulk/bulkDelete?recordIds=${own}`), method: 'POST' },
    { path: `/admin/resources/${model}` },
    { path: `/admin/resources/${model}/records/${own}/show` },
  ]
  return [name, 'Nothing'].flatMap((model) =>
    asks(model).map((ask, n) => ({ actor, ask, like: { group: `unreadable ${n}`, name: model }, wants: refused })),
  )
}

function lists(attack: Attack, model: Model): Case[] {
  const { actor, owned } = attack
  const total = owned(model.name)
  const counts = model.name === 'AuditLog' ? findsAtLeast(total) : finds(total)
  const html = { accept: 'text/html' }
  return [
    { actor, ask: { path: listOf(model) }, wants: (answer) => answered(answer) ?? counts(answer) },
    ...['perPage=1&page=1', 'perPage=1&page=2'].map((query) => ({
      actor,
      ask: { path: listOf(model, query) },
      wants: answered,
    })),
    { actor, ask: { path: `/admin/resources/${model.name}`, headers: html }, wants: answered },
    ...dealt(attack, model, strangeQueries).map((query) => ({ actor, ask: { path: listOf(model, query) } })),
  ]
}

function orders({ actor, expected }: Attack, model: Model): Case[] {
  return expected.readable(actor.role, model).map(({ name }, index) => {
    const direction = (index + panelRoles.indexOf(actor.role)) % 2 === 0 ? 'asc' : 'desc'
    return { actor, ask: { path: listOf(model, `sortBy=${propertyName(model, name)}&direction=${direction}`) } }
  })
}

function filters(attack: Attack, model: Model): Case[] {
  const { actor, other, expected } = attack
  return expected.readable(actor.role, model).flatMap((field, index) => {
    const key = `filters.${propertyName(model, field.name)}`
    const by = (value: string) => ({ path: listOf(model, `${key}=${encodeURIComponent(value)}`) })
    const target = relationOf(model, field.name)?.type ?? model.name
    const foreign: Case[] =
      field.nativeType?.[0] === 'Uuid'
        ? [{ actor, ask: by(other.made[target]![0]!), twin: by(randomUUID()), wants: findsNone }]
        : field.type === 'String'
          ? [{ actor, ask: by(other.token), wants: findsNone }]
          : []
    const strange = dealt(attack, model, [
      ...garbage.any.filter((_, n) => (n + index) % 2 === 0).map((value) => `=${value}`),
      ...(garbage[field.type] ?? []).filter((_, n) => (n + index) % 2 === 0).map((value) => `=${value}`),
      ...strangeKeys.filter((_, n) => (n + index) % 4 === 0),
    ])
    return [...foreign, ...strange.map((rest) => ({ actor, ask: { path: listOf(model, `${key}${rest}`) } }))]
  })
}

/** What the list does not offer to filter by is refused. */
const findsNone = (answer: Answer): string | null => (answer.status === 200 ? finds(0)(answer) : null)

/** As they stand in an address, by the type of the column they are compared with. */
const garbage: Readonly<Record<string, readonly string[]>> & { any: readonly string[] } = {
  any: ['%00', '%27%20OR%201%3D1%20--', '%7B%22%24ne%22%3Anull%7D'],
  String: ['%25', '%5C', 'x'.repeat(5000)],
  Int: ['-1', '1e400', '99999999999999999999', 'NaN', '1.5', '0x10'],
  BigInt: ['-1', '99999999999999999999'],
  Decimal: ['1e400', 'Infinity', '1.2.3'],
  Boolean: ['maybe', 'true,false'],
  DateTime: ['2026-02-30', '%2B275760-09-14T00%3A00%3A00Z', '0000-01-01', '9999-12-31', '-271821-04-20', '0001-01-01'],
  Json: ['%7B%7D'],
}
const strangeKeys = [
  '~~from=%00',
  '~~to=99999999999999999999',
  '~~from=2026-99-99',
  '~~other=1',
  '%5B%24ne%5D=1',
  '=__proto__',
  '=a&filters.id=b',
  '.id=1',
  '~~to=9999-12-31',
]
const cursor = (value: unknown) => `cursor=${Buffer.from(JSON.stringify(value)).toString('base64url')}`
const strangeQueries = [
  'page=-5',
  'page=0',
  'page=1000000000',
  'page=10000000000000000',
  'page=abc',
  'page=1&page=2',
  'perPage=1000000000',
  'perPage=0',
  'perPage=-1',
  'perPage=1.5',
  'direction=sideways',
  'direction=asc&direction=desc',
  'sortBy=id&direction=desc',
  'sortBy=__proto__',
  'sortBy=constructor',
  'sortBy=id%22%3B%20DROP%20TABLE%20x',
  'sortBy=%00',
  'sortBy=id&sortBy=orgId',
  'filters.nothing=1',
  'filters.__proto__=1',
  'filters.constructor.prototype=1',
  'filters=1',
  'filters%5Bid%5D=1',
  'filters.%00=1',
  '__proto__%5Bpage%5D=2',
  '%zz=%ED%A0%80',
  'cursor=',
  'cursor=garbage',
  `cursor=${'A'.repeat(4000)}`,
  cursor([]),
  cursor({ length: 3 }),
  cursor([0, null, 'x']),
  cursor([0, null, randomUUID()]),
  cursor([1, null, randomUUID()]),
  cursor([0, '\0', randomUUID()]),
  cursor([0, '99999999999999999999', randomUUID()]),
  cursor([0, 'infinity', randomUUID()]),
  cursor([0, { $ne: 1 }, randomUUID()]),
  cursor([0, "' OR 1=1", '-'.repeat(36)]),
]

/** Columns that the role may not see cannot be told apart from ones that do not exist. */
function hiddenColumns(attack: Attack, model: Model): Case[] {
  const { actor, expected } = attack
  const seen = new Set(expected.readable(actor.role, model).map(({ name }) => name))
  const columns = model.fields.filter(({ kind, name }) => kind !== 'object' && !seen.has(name)).map(({ name }) => name)
  const lists = model.fields.filter(({ isList }) => isList).map(({ name }) => name)
  const asks = (name: string) => [
    listOf(model, `filters.${name}=1`),
    listOf(model, `sortBy=${name}&direction=asc`),
    ...dealt(attack, model, [`filters.${name}~~from=0`]).map((query) => listOf(model, query)),
  ]
  return ['nothing', 'org', ...columns, ...dealt(attack, model, lists)].flatMap((name) =>
    asks(name).map((path, n) => ({
      actor,
      ask: { path },
      wants: refused,
      like: { group: `${model.name} hidden ${n}`, name },
    })),
  )
}

function searches(attack: Attack, model: Model): Case[] {
  const { actor, other, expected } = attack
  const hidden = model.fields.filter(
    ({ type, kind, name }) =>
      type === 'String' && kind === 'scalar' && !expected.mayShow(actor.role, `${model.name}.${name}`),
  )
  const search = (words: string) => ({ path: api(model.name, `actions/search/${words}`) })
  const query = (words: string, property: string) => ({
    path: api(model.name, `actions/search?searchProperty=${property}&query=${encodeURIComponent(words)}`),
  })
  return [
    { actor, ask: search(''), wants: answered },
    { actor, ask: search(encodeURIComponent(other.token)), wants: findsNothing },
    { actor, ask: query(`${other.token} ${actor.school.token}`, 'id'), wants: findsNothing },
    ...hidden.map(({ name }) => ({ actor, ask: query(`~${model.name}.${name}~`, name), wants: findsNothing })),
    ...dealt(attack, model, strangeWords).map((words) => ({ actor, ask: search(words) })),
    ...dealt(attack, model, ['search', `search/${actor.school.token}`]).map((rest) => ({
      actor,
      ask: { path: api(model.name, rest) },
      wants: refused,
    })),
  ]
}

const strangeWords = [
  '%00',
  '%25',
  '%5C',
  '_',
  '%ED%A0%80',
  '%zz',
  '%E0%A4%A',
  'x'.repeat(5000),
  'a%20b%20c%20d%20e%20f%20g%20h',
  '..%2f..%2factions%2flist',
  '%0a%0d',
  '%27%3B%20DROP%20TABLE%20x%3B--',
  '%F0%9F%90%A8',
  '?query=a&query=b',
  '?query%5B%24ne%5D=a',
]

function records({ actor, other }: Attack, { name }: Model): Case[] {
  const own = actor.school.made[name]![0]!
  const foreign = other.made[name]![0]!
  const missing = randomUUID()
  const pair = (ask: (id: string) => Ask): Case => ({ actor, ask: ask(foreign), twin: ask(missing) })
  const form = jsonBody({ notes: 'x', orgId: actor.school.orgId })
  return [
    { actor, ask: { path: record(name, own, 'show') }, wants: answered },
    ...['show', 'edit', 'delete'].map((action) => pair((id) => ({ path: record(name, id, action) }))),
    pair((id) => ({ path: `/admin/resources/${name}/records/${id}/show`, headers: { accept: 'text/html' } })),
    pair((id) => ({ path: record(name, id, 'edit'), method: 'POST', ...form })),
    pair((id) => ({ path: record(name, id, 'delete'), method: 'POST' })),
    pair((id) => ({ path: record(name, id.toUpperCase(), 'show') })),
    ...['GET', 'POST'].map((method) => pair((id) => ({ path: api(name, `bulk/bulkDelete?recordIds=${id}`), method }))),
    pair((id) => ({ path: api(name, `bulk/bulkDelete?recordIds=${own},${id}`) })),
  ]
}

/** An audit entry holds a record as it was: of it the role sees there what it sees of the record, and no more. */
export function auditEntry({ actor, expected }: Attack, id: string, model: Model): Case {
  const seen = new Set(expected.readable(actor.role, model).map(({ name }) => name))
  const isOpen = (column: string) => column === 'orgId' || (may(actor.role, 'read', model.name) && seen.has(column))
  const wants = (answer: Answer) => {
    const { params } = (jsonOf(answer) as { record: { params: Record<string, unknown> } }).record
    const hidden = [params.before, params.after]
      .filter((text) => typeof text === 'string')
      .flatMap((text) => Object.keys(JSON.parse(text) as object))
      .filter((column) => !isOpen(column))
    return hidden.length === 0 ? null : `shows ${actor.role} the hidden columns of ${model.name}: ${hidden.join(', ')}`
  }
  return { actor, ask: { path: record('AuditLog', id, 'show') }, wants }
}
