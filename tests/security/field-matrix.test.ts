import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Declaration } from '../../src/core/declaration.ts'
import { discover } from '../../src/core/discover.ts'
import { may } from '../../src/core/permissions.ts'
import { type Field, type Model, enumValues, modelOf, models } from '../../src/core/schema.ts'
import { type Attack, type Case, answered, api, findsNothing, listOf, noticeOf, record, refused } from './cases.ts'
import { propertyName } from './expectations.ts'
import { changes } from './fixtures.ts'
import { type Sent, closedValues, editForm, misdeeds, newForm } from './forms.ts'
import { type Harness, openHarness } from './harness.ts'
import { Findings, jsonOf } from './oracles.ts'
import type { Values } from './rows.ts'
import { tryAll } from './run.ts'
import { type Answer, jsonBody } from './wire.ts'

// Every role × resource × operation × field, made from the declarations. What another school is kept from is tenant-matrix.test.ts.

let harness: Harness
beforeAll(async () => {
  harness = await openHarness()
})
afterAll(async () => {
  console.log(`${harness?.wire.sent()} requests`)
  await harness?.close()
})

const all = [...models.values()]
const readers = (): { attack: Attack; model: Model }[] =>
  harness.ofKoala.flatMap((attack) =>
    all.filter(({ name }) => may(attack.actor.role, 'read', name)).map((model) => ({ attack, model })),
  )

async function tried(cases: Case[]): Promise<{ report: string[]; statuses: Map<number, number> }> {
  const { fixtures, wire } = harness
  const findings = new Findings()
  const statuses = await tryAll(cases, { wire, oracles: harness.oracles(await fixtures.snapshot()), findings })
  return { report: findings.report(), statuses }
}

/** Columns of the model that the role does not see, and those of which it sees the end. */
function closedTo({ actor, expected }: Attack, model: Model): { hidden: Field[]; masked: Field[] } {
  const seen = new Set(expected.readable(actor.role, model).map(({ name }) => name))
  return {
    hidden: model.fields.filter(({ kind, name }) => kind !== 'object' && !seen.has(name)),
    masked: expected.masked(actor.role, model),
  }
}

interface RecordLike {
  params: Record<string, unknown>
  locked?: Record<string, string>
}
const recordsIn = (answer: Answer): RecordLike[] => {
  const body = jsonOf(answer) as { record?: RecordLike; records?: RecordLike[] } | null
  return [...(body?.record ? [body.record] : []), ...(body?.records ?? [])]
}

/** Of masked columns there is only the end, wherever they stand. */
function onlyEnds({ actor, expected }: Attack, model: Model) {
  const masked = expected.masked(actor.role, model).map(({ name }) => propertyName(model, name))
  return (answer: Answer): string | null => {
    const clear = recordsIn(answer).flatMap(({ params }) =>
      masked.filter((name) => typeof params[name] === 'string' && !/^••••( .{3})?$/su.test(params[name])),
    )
    return clear.length > 0 ? `shows ${model.name}.${clear[0]!} in full` : answered(answer)
  }
}

// a list takes so many columns at once
const PART = 25
const inParts = (names: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(names.length / PART) }, (_, n) => names.slice(n * PART, (n + 1) * PART))

it('shows nobody a field that they may not read, nor more than the end of a masked one, in any output', async () => {
  const panel = (rest: string) => `/admin/api/panel/${rest}`
  const cases = readers().flatMap(({ attack, model }): Case[] => {
    const { actor, expected } = attack
    const id = actor.school.made[model.name]![0]!
    const wants = onlyEnds(attack, model)
    const columns = expected
      .readable(actor.role, model)
      .filter(({ type, isId, nativeType }) => type !== 'Json' && !isId && nativeType?.[0] !== 'Uuid')
      .map(({ name }) => name)
      // the program's own, which no screen shows
      .filter((name) => !['version', 'dedupeKey', 'linkKey', 'digest'].includes(name))
    const ask = (path: string): Case => ({ actor, ask: { path }, wants })
    return [
      ask(listOf(model)),
      ...inParts(columns).map((part) => ask(listOf(model, `columns=${part.join(',')}`))),
      ask(record(model.name, id, 'show')),
      ...(may(actor.role, 'edit', model.name) ? [ask(record(model.name, id, 'edit'))] : []),
      ask(api(model.name, 'actions/search')),
      ask(panel(`timeline/${model.name}/${id}`)),
      { actor, ask: { path: panel(`export/${model.name}`), method: 'POST' } },
      { actor, ask: { path: panel(`find?q=${actor.school.token}`) } },
    ]
  })
  const { report, statuses } = await tried(cases)
  expect(report).toEqual([])
  expect(statuses.get(200)).toBeGreaterThan(1000)
})

it('filters, sorts, searches and chooses by no field that the role does not see in full', async () => {
  const cases = readers().flatMap(({ attack, model }): Case[] => {
    const { actor } = attack
    const { hidden, masked } = closedTo(attack, model)
    const asks = ({ name }: Field) => {
      const property = propertyName(model, name)
      return [
        `filters.${property}=1`,
        `filters.${property}~~from=1`,
        `filters.${property}~~empty=true`,
        `sortBy=${property}`,
      ]
    }
    const texts = [...hidden, ...masked].filter(({ type, kind }) => type === 'String' && kind === 'scalar')
    return [
      ...[...hidden, ...masked].flatMap((field) => asks(field).map((query) => listOf(model, query))),
      ...hidden.map(({ name }) => listOf(model, `columns=${propertyName(model, name)}`)),
    ]
      .map((path): Case => ({ actor, ask: { path }, wants: refused }))
      .concat(
        texts.flatMap(({ name }): Case[] => {
          const words = encodeURIComponent(`~${model.name}.${name}~`)
          const finds = (answer: Answer) => (answer.status === 400 ? null : findsNothing(answer))
          return [
            { actor, ask: { path: listOf(model, `q=${words}`) }, wants: finds },
            { actor, ask: { path: api(model.name, `actions/search/${words}`) }, wants: findsNothing },
            { actor, ask: { path: `/admin/api/panel/find?q=${words}` } },
          ]
        }),
      )
  })
  const { report } = await tried(cases)
  expect(report).toEqual([])
  expect(cases.length).toBeGreaterThan(1000)
})

it('finds what a role sees in full, so that the searches before were not in vain', async () => {
  const owner = harness.ofKoala[0]!
  const words = encodeURIComponent('~Student.email~')
  const found = (answer: Answer) => (recordsIn(answer).length > 0 ? null : 'finds nothing')
  const { report } = await tried([
    { actor: owner.actor, ask: { path: listOf(modelOf('Student'), `q=${words}`) }, wants: found },
  ])
  expect(report).toEqual([])
})

it('writes nothing but the fields that the role may write, by new and by edit, whatever a form holds', async () => {
  const { fixtures, wire, ofKoala } = harness
  const sent: Sent[] = []
  for (const attack of ofKoala)
    for (const model of all)
      for (const form of [await editForm(attack, model, fixtures), await newForm(attack, model, fixtures)])
        if (form) sent.push(form)
  const before = await fixtures.snapshot()
  const findings = new Findings()
  const cases = sent.map((form) => form.case)
  await tryAll(cases, { wire, oracles: harness.oracles(before), findings })
  expect(findings.report()).toEqual([])
  expect(misdeeds(sent, before, await fixtures.snapshot())).toEqual([])
  expect(sent.length).toBeGreaterThan(100)
})

it('writes nothing at all when a form holds only what the role may not write', async () => {
  const { fixtures } = harness
  const before = await fixtures.snapshot()
  const cases = readers()
    .filter(({ attack, model }) => may(attack.actor.role, 'edit', model.name))
    .map(({ attack, model }): Case => {
      const path = record(model.name, attack.actor.school.made[model.name]![0]!, 'edit')
      return { actor: attack.actor, ask: { path, method: 'POST', ...jsonBody(closedValues(attack, model)) } }
    })
  const { report } = await tried(cases)
  expect(report).toEqual([])
  expect(changes(before, await fixtures.snapshot())).toEqual([])
})

it('imports nothing but the fields that the role may write, whatever a column of a file is said to be', async () => {
  const { wire, ofKoala } = harness
  const declarations = (await discover<Declaration>('resources')).map(({ value }) => value)
  const imported = declarations.filter((one) => one.import)
  expect(imported.length).toBeGreaterThan(3)
  const cases: Case[] = []
  for (const attack of ofKoala)
    for (const { model: name, import: facts } of imported) {
      const { actor, expected } = attack
      const model = modelOf(name)
      const path = `/admin/api/panel/import/${name}`
      if (!may(actor.role, 'import', name)) {
        cases.push({ actor, ask: { path }, wants: refused })
        continue
      }
      // an operation that makes the records decides by itself what becomes of the columns that are declared for it
      const columns = facts!.maker ? facts!.columns : expected.writable(actor.role, model).map((field) => field.name)
      const open = new Set(columns.map((column) => propertyName(model, column)))
      const offersOnly = (answer: Answer) => {
        const { fields = [] } = (jsonOf(answer) ?? {}) as { fields?: { name: string }[] }
        const closed = fields.filter(({ name }) => !open.has(name))
        return closed.length > 0 ? `offers the closed ${closed[0]!.name}` : answered(answer)
      }
      cases.push({ actor, ask: { path }, wants: offersOnly })
      const file = { method: 'POST', headers: { 'content-type': 'text/csv' }, body: 'one\r\nvalue\r\n' }
      const { id } = jsonOf(await wire.send(actor.cookie, { path: `${path}?name=a.csv`, ...file })) as { id: string }
      const closed = model.fields.filter(({ kind, name }) => kind !== 'object' && !open.has(propertyName(model, name)))
      for (const { name } of closed)
        cases.push({
          actor,
          ask: { path: `${path}/${id}/check`, method: 'POST', ...jsonBody({ mapping: [propertyName(model, name)] }) },
          wants: refused,
        })
    }
  const { report } = await tried(cases)
  expect(report).toEqual([])
})

type Lock = (values: Values) => string | false

it('says why a field of a record is locked, and writes it by no form, whoever sends it', async () => {
  const { fixtures, ofKoala } = harness
  const declarations = (await discover<Declaration>('resources')).map(({ value }) => value)
  const locks = declarations.flatMap(({ model, fields }) =>
    Object.entries((fields ?? {}) as Record<string, { lockedWhen?: Lock }>)
      .filter(([, { lockedWhen }]) => lockedWhen)
      .map(([column, { lockedWhen }]) => ({ model: modelOf(model), column, lockedWhen: lockedWhen! })),
  )
  expect(locks.length).toBeGreaterThan(8)
  const cases: Case[] = []
  for (const { model, column, lockedWhen } of locks)
    for (const attack of ofKoala) {
      const { actor, expected } = attack
      if (!may(actor.role, 'edit', model.name)) continue
      if (!expected.writable(actor.role, model).some(({ name }) => name === column)) continue
      const id = await fixtures.add(actor.school, model.name)
      const sentence = await putUnderLock(model, id, lockedWhen)
      const name = propertyName(model, column)
      const path = record(model.name, id, 'edit')
      const told = (answer: Answer) =>
        recordsIn(answer)[0]?.locked?.[name] === sentence ? null : `does not say that ${name} is locked`
      cases.push({ actor, ask: { path }, wants: told })
      cases.push({ actor, ask: { path: record(model.name, id, 'show') }, wants: told })
      const form = jsonBody({ [name]: await otherValue(attack, { model, id, column }) })
      const refusing = (answer: Answer) =>
        noticeOf(answer)?.type === 'error' && answer.text.includes(JSON.stringify(sentence).slice(1, -1))
          ? null
          : `takes the locked ${model.name}.${column}\n${answer.text.slice(0, 300)}`
      cases.push({ actor, ask: { path, method: 'POST', ...form }, wants: refusing })
    }
  const before = await fixtures.snapshot()
  const { report } = await tried(cases)
  expect(report).toEqual([])
  expect(changes(before, await fixtures.snapshot())).toEqual([])
})

/** Brings a record into a state in which the field is locked; @returns why it is. */
async function putUnderLock(model: Model, id: string, lockedWhen: Lock): Promise<string> {
  const { query } = harness.fixtures
  const [stored] = await query(`SELECT * FROM "${model.name}" WHERE id = $1`, [id])
  const states = [{}, ...model.fields.flatMap(statesOf)].map((state) => ({ ...stored, ...state, changed: state }))
  const state = states.find((values) => lockedWhen(values) !== false)
  if (!state) throw new Error(`no value of one column locks ${model.name}: say here how its lock comes about`)
  for (const [column, value] of Object.entries(state.changed)) {
    // as no rule of the database would let a test jump into that state
    await query(`SET session_replication_role = replica`)
    const cancelled = value === 'cancelled' ? `, "cancelledAt" = now(), "cancellationReason" = 'x'` : ''
    await query(`UPDATE "${model.name}" SET "${column}" = $1${cancelled} WHERE id = $2`, [value, id])
    await query(`SET session_replication_role = DEFAULT`)
  }
  return lockedWhen(state) as string
}

function statesOf(field: Field): Values[] {
  if (field.kind === 'enum') return enumValues(field.type).map((value) => ({ [field.name]: value }))
  if (field.type === 'DateTime') return [{ [field.name]: new Date('2020-01-01T00:00:00Z') }]
  return field.type === 'Boolean' ? [{ [field.name]: true }, { [field.name]: false }] : []
}

/** Something that the column could hold, and does not. */
async function otherValue(
  { actor }: Attack,
  { model, id, column }: { model: Model; id: string; column: string },
): Promise<unknown> {
  const field = model.fields.find(({ name }) => name === column)!
  const relation = model.fields.find((one) => one.relationFromFields?.[0] === column)
  if (relation) return await harness.fixtures.add(actor.school, relation.type)
  if (field.kind === 'enum') {
    const [stored] = await harness.fixtures.query(`SELECT "${column}" AS now FROM "${model.name}" WHERE id = $1`, [id])
    return enumValues(field.type).find((value) => value !== stored!.now)
  }
  if (field.type === 'DateTime') return '2035-01-01 10:00'
  return column === 'currency' ? 'NZD' : 'dingo'
}
