import { randomUUID } from 'node:crypto'
import { may } from '../../src/core/permissions.ts'
import { type Field, type Model, enumValues, relationOf } from '../../src/core/schema.ts'
import { type Attack, type Case, api, noticeOf, planted, record } from './cases.ts'
import { propertyName } from './expectations.ts'
import type { Fixtures, Snapshot } from './fixtures.ts'
import { jsonOf } from './oracles.ts'
import { type Values, columnTo, ownParents, rowOf } from './rows.ts'
import { type Answer, jsonBody } from './wire.ts'
import { asForm } from './writing.ts'

/** A form that is sent with everything the model has in it, and what came of it. */
export interface Sent {
  readonly attack: Attack
  readonly model: Model
  readonly case: Case
  /** The record that the form is about; a new one is known from the answer. */
  id: string | undefined
  answer: Answer | undefined
}

let numbers = 100

/** Saves a record of their own with every column filled in, also those that no form has. */
export async function editForm(attack: Attack, model: Model, fixtures: Fixtures): Promise<Sent | undefined> {
  const { actor } = attack
  if (!may(actor.role, 'edit', model.name)) return undefined
  const single = model.name === 'Org' || model.name === 'OrgSettings'
  const id = single ? actor.school.made[model.name]![0]! : await fixtures.add(actor.school, model.name)
  return await sent(attack, model, { path: record(model.name, id, 'edit'), id, fixtures })
}

/** Adds a record with every column filled in, also those that no form has. */
export async function newForm(attack: Attack, model: Model, fixtures: Fixtures): Promise<Sent | undefined> {
  if (!may(attack.actor.role, 'new', model.name)) return undefined
  return await sent(attack, model, { path: api(model.name, 'actions/new'), id: undefined, fixtures })
}

interface About {
  path: string
  id: string | undefined
  fixtures: Fixtures
}

async function sent(attack: Attack, model: Model, { path, id, fixtures }: About): Promise<Sent> {
  const { actor } = attack
  const parent = ownParents[model.name]
  // a form with a locked field changed is refused as a whole: what is locked is tried in field-matrix.test.ts
  const changeable = async (values: Values): Promise<Values> => {
    if (id === undefined) return values
    const [stored] = await fixtures.query(`SELECT * FROM "${model.name}" WHERE id = $1`, [id])
    const locked = attack.expected.locked(model, stored!)
    return Object.fromEntries(Object.entries(values).filter(([column]) => !locked.has(column)))
  }
  const row = {
    ...rowOf(model, numbers++, actor.school.base, planted),
    ...(parent ? { [columnTo(model, parent)]: await fixtures.add(actor.school, parent) } : {}),
  }
  const body = jsonBody({ ...asForm(model, await changeable(row)), ...closedValues(attack, model) })
  const form: Sent = {
    attack,
    model,
    id,
    answer: undefined,
    case: {
      actor,
      ask: { path, method: 'POST', ...body },
      wants: (answer) => {
        form.answer = answer
        form.id ??= (jsonOf(answer) as { record?: { id?: string } } | null)?.record?.id
        const notice = noticeOf(answer)
        return notice?.type === 'success' ? null : `is not saved\n${notice?.message ?? answer.text.slice(0, 200)}`
      },
    },
  }
  return form
}

const EVIL_ID = randomUUID()

/** Values for the columns that no form of this role has, each unlike what the database would put there. */
export function closedValues({ actor, other, expected }: Attack, model: Model): Values {
  const open = new Set(expected.writable(actor.role, model).map(({ name }) => name))
  const closed = model.fields.filter((field) => field.kind !== 'object' && !open.has(field.name))
  const values = closed.flatMap((field) => {
    const value =
      field.name === 'id' ? EVIL_ID : field.name === 'orgId' ? other.orgId : closedValue(model, field, other.made)
    return [
      [field.name, value],
      [propertyName(model, field.name), value],
    ]
  })
  return { ...(Object.fromEntries(values) as Values), org: other.orgId }
}

function closedValue(model: Model, field: Field, foreign: Attack['other']['made']): unknown {
  if (field.nativeType?.[0] === 'Uuid') return foreign[relationOf(model, field.name)?.type ?? 'User']![0]
  if (field.kind === 'enum') return enumValues(field.type).at(-1)
  const byType: Record<string, unknown> = {
    Int: 77,
    BigInt: 77,
    Decimal: '77.5',
    Boolean: field.default !== true,
    DateTime: '2001-02-03T04:05:06.000Z',
    Json: { note: planted(`${model.name}.${field.name}`, 7) },
  }
  return byType[field.type] ?? planted(`${model.name}.${field.name}`, 7)
}

/** Columns that changed by themselves. */
const OWN_CHANGE = new Set(['updatedAt', 'xmin'])

/** What the forms did, against what they may: only open columns of their own record, in their own school. */
export function misdeeds(forms: readonly Sent[], before: Snapshot, after: Snapshot): string[] {
  const about = new Map(forms.map((form) => [`${form.model.name} ${form.id}`, form]))
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)]
    if (JSON.stringify(was) === JSON.stringify(is)) return []
    const form = about.get(key)
    if (!is) return [`${key} is gone`]
    if (form) return misdeed(form, was?.values, is.values)
    return !was && isRecordOf(forms, key, is.values)
      ? []
      : [`${key} is ${was ? 'changed' : 'new'}, and no form is about it`]
  })
}

/** Audit entries of the school and the people whose forms were sent. */
function isRecordOf(forms: readonly Sent[], key: string, values: Values): boolean {
  return (
    key.startsWith('AuditLog ') &&
    forms.some(
      ({ attack, answer, id }) =>
        values.orgId === attack.actor.school.orgId &&
        values.requestId === answer?.headers['x-request-id'] &&
        values.entityId === id &&
        values.actorUserId === attack.actor.school.staff[attack.actor.role].id &&
        values.actorRole === attack.actor.role,
    )
  )
}

/** What the database itself writes when the status of a credential changes: only what was sent must not have arrived. */
const BY_DATABASE = new Set(['verifiedById', 'verifiedAt'])

function misdeed({ attack, model }: Sent, was: Values | undefined, is: Values): string[] {
  const { actor, expected } = attack
  const open = new Set(expected.writable(actor.role, model).map(({ name }) => name))
  const closed = closedValues(attack, model)
  const where = `${actor.role} wrote the closed ${model.name}.`
  if (is.orgId !== undefined && is.orgId !== actor.school.orgId) return [`${model.name} landed in another school`]
  const names = Object.keys(is).filter((name) => !open.has(name) && !OWN_CHANGE.has(name))
  // a new row has defaults there: only what was sent must not have arrived
  const arrived = (name: string) => closed[name] !== undefined && same(is[name], closed[name])
  const changed = (name: string) => JSON.stringify(is[name]) !== JSON.stringify(was![name])
  return names
    .filter((name) => (was && !BY_DATABASE.has(name) ? changed(name) : arrived(name)))
    .map((name) => where + name)
}

function same(stored: unknown, sent: unknown): boolean {
  if (typeof stored === 'string' && typeof sent === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(sent))
    return new Date(stored).getTime() === new Date(sent).getTime()
  return JSON.stringify(stored) === JSON.stringify(sent) || String(stored) === String(sent)
}

/** Values that no column of the type can hold, or only by accident. */
const badValues: Readonly<Record<string, readonly unknown[]>> = {
  any: ['\u0000', { $ne: null }, ['a', 'b'], '\ud800', '__null__', '__empty_object__'],
  String: ['x'.repeat(30_000), 5, '‮', ' '],
  Int: ['-1', '1e400', 99_999_999_999_999, 'NaN', '1.5', '0x10', true],
  BigInt: ['1e400', '99999999999999999999'],
  Decimal: ['1e400', '999999999999.999999999', 'Infinity'],
  Boolean: ['maybe', 1],
  DateTime: ['2026-02-30', '9999-12-31T23:59:59Z', '+275760-09-14T00:00:00Z', '0000-00-00', '2026-10-04T02:30', 12],
  Json: ['{', '{"a":"\\u0000"}', '[1e999]', `${'['.repeat(3000)}${']'.repeat(3000)}`],
}

/** Edits of one record with values that do not fit, one column at a time. */
export function badEdits(attack: Attack, model: Model, id: string): Case[] {
  const { actor, expected } = attack
  const path = record(model.name, id, 'edit')
  const open = expected.writable(actor.role, model)
  const post = (fields: Values): Case => ({ actor, ask: { path, method: 'POST', ...jsonBody(fields) } })
  return [
    // what is refused comes back with the form: without what the form never had
    ...open
      .slice(0, 1)
      .map(({ name }) => post({ ...closedValues(attack, model), [propertyName(model, name)]: '\u0000' })),
    ...open.flatMap((field, n) =>
      [...badValues.any!.filter((_, index) => (index + n) % 2 === 0), ...(badValues[field.type] ?? [])].map((value) =>
        post({ [propertyName(model, field.name)]: value }),
      ),
    ),
  ]
}

const big = 'x'.repeat(1_100_000)
const json = { 'content-type': 'application/json' }
const multipart = { 'content-type': 'multipart/form-data; boundary=frontier' }

/** Bodies that are no form. */
export const badBodies: readonly { headers: Record<string, string>; body?: string }[] = [
  { headers: json, body: '{' },
  { headers: json, body: '[]' },
  { headers: json, body: 'null' },
  { headers: json, body: '"text"' },
  { headers: json, body: '5' },
  { headers: json, body: '' },
  { headers: json, body: `${'['.repeat(20_000)}${']'.repeat(20_000)}` },
  { headers: json, body: `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}` },
  { headers: json, body: '{"__proto__":{"name":"x","orgId":"y"},"constructor":{"prototype":{"name":"x"}}}' },
  { headers: json, body: '{"toString":"x","hasOwnProperty":"x","then":"x"}' },
  { headers: { 'content-type': 'application/json; charset=utf-7' }, body: '{}' },
  { headers: { ...json, 'content-encoding': 'gzip' }, body: 'not gzip' },
  { headers: { ...json, 'content-encoding': 'br' }, body: 'x' },
  { headers: json, body: big },
  { headers: {}, body: 'a=b' },
  { headers: { 'content-type': 'text/plain' }, body: 'a=b' },
  {
    headers: { 'content-type': 'application/xml' },
    body: '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
  },
  { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a[b][c]=d&__proto__[x]=y&%zz=%' },
  { headers: { 'content-type': 'multipart/form-data' }, body: 'no boundary' },
  { headers: multipart, body: '--frontier' },
  { headers: multipart, body: '--frontier\r\ncontent-disposition: form-data; name="a"\r\n\r\nnever ends' },
  {
    headers: multipart,
    body: '--frontier\r\ncontent-disposition: form-data; name="f"; filename="../../x.sh"\r\ncontent-type: text/x-sh\r\n\r\nx\r\n--frontier--\r\n',
  },
  { headers: { ...json, 'transfer-encoding': 'chunked' }, body: '{}' },
]
