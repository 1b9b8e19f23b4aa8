import { randomUUID } from 'node:crypto'
import { type Operation, may } from '../../src/core/permissions.ts'
import { type Field, type Model, fieldOf, relationOf } from '../../src/core/schema.ts'
import { type Attack, type Case, api, notSaved, planted, record, refused } from './cases.ts'
import { propertyName } from './expectations.ts'
import { type Values, rowOf } from './rows.ts'
import { type Ask, jsonBody } from './wire.ts'

/** Everything that tries to write and must not: what is left as it was is everything. */
export function writing(attack: Attack, model: Model): Case[] {
  const { actor } = attack
  if (!may(actor.role, 'read', model.name)) return []
  const own = actor.school.made[model.name]![0]!
  const row = asForm(model, rowOf(model, 50, actor.school.base, planted))
  const beyond = (operation: Operation, asks: Ask[]): Case[] =>
    may(actor.role, operation, model.name) ? [] : asks.map((ask) => ({ actor, ask, wants: refused }))
  const post = { method: 'POST', ...jsonBody(row) }
  return [
    ...beyond('edit', [{ path: record(model.name, own, 'edit') }, { path: record(model.name, own, 'edit'), ...post }]),
    ...beyond('new', [{ path: api(model.name, 'actions/new'), ...post }]),
    ...beyond('delete', [
      { path: record(model.name, own, 'delete'), method: 'POST' },
      { path: api(model.name, `bulk/bulkDelete?recordIds=${own}`), method: 'POST' },
      { path: api(model.name, `bulk/bulkDelete?recordIds=${own}`) },
    ]),
    ...(may(actor.role, 'edit', model.name)
      ? [...closedColumns(attack, model, row), ...foreignEdits(attack, model)]
      : []),
    ...(may(actor.role, 'new', model.name) ? foreignNew(attack, model, row) : []),
  ]
}

/** Columns that no form has: the school, ids, secrets, what the program counts, what the role does not see. */
function closedColumns({ actor, other, expected }: Attack, model: Model, row: Values): Case[] {
  const open = new Set(expected.writable(actor.role, model).map(({ name }) => name))
  const closed = model.fields.filter((field) => field.kind !== 'object' && !open.has(field.name))
  const values: Values = {
    id: other.made[model.name]![0]!,
    orgId: other.orgId,
    createdAt: '2020-01-01T00:00:00Z',
    updatedAt: '2020-01-01T00:00:00Z',
  }
  const path = record(model.name, actor.school.made[model.name]![0]!, 'edit')
  const post = (fields: Values): Case => ({ actor, ask: { path, method: 'POST', ...jsonBody(fields) } })
  return [
    ...closed.map(({ name }) => {
      const property = propertyName(model, name)
      const value = values[name] ?? row[property] ?? planted(`${model.name}.${name}`, 0)
      return post({ [name]: value, [property]: value, [`params.${name}`]: value, __proto__: { [name]: value } })
    }),
    post({ org: other.orgId, 'org.id': other.orgId, 'org.connect.id': other.orgId }),
    post({
      org: { connect: { id: other.orgId } },
      data: { orgId: other.orgId },
      where: { id: other.made[model.name]![0]! },
    }),
  ]
}

const referencesIn = ({ actor, expected }: Attack, model: Model): Field[] =>
  expected.writable(actor.role, model).filter(({ name }) => relationOf(model, name) !== undefined)

const foreignId = ({ other }: Attack, model: Model, column: string): string =>
  other.made[relationOf(model, column)!.type]![0]!

function foreignEdits(attack: Attack, model: Model): Case[] {
  const { actor } = attack
  const path = record(model.name, actor.school.made[model.name]![0]!, 'edit')
  return referencesIn(attack, model).map(({ name }) => {
    const ask = (id: string) => ({ path, method: 'POST', ...jsonBody({ [propertyName(model, name)]: id }) })
    return { actor, ask: ask(foreignId(attack, model, name)), twin: ask(randomUUID()), wants: notSaved }
  })
}

function foreignNew(attack: Attack, model: Model, row: Values): Case[] {
  const { actor } = attack
  return referencesIn(attack, model).map(({ name }) => {
    const property = propertyName(model, name)
    const ask = (id: string) => ({
      path: api(model.name, 'actions/new'),
      method: 'POST',
      ...jsonBody({ ...row, [property]: id }),
    })
    return { actor, ask: ask(foreignId(attack, model, name)), twin: ask(randomUUID()), wants: notSaved }
  })
}

/** A row as a form sends it: references by their property's name. */
export function asForm(model: Model, row: Values): Values {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [propertyName(model, fieldOf(model, column)!.name), value]),
  )
}
