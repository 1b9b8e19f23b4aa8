import { randomUUID } from 'node:crypto'
import { type FormField, fieldsOf } from '../../src/core/action-form.ts'
import type { Action } from '../../src/core/action.ts'
import { tries } from './action-plans.ts'
import { type Attack, type Case, api, record, refused } from './cases.ts'
import { jsonOf } from './oracles.ts'
import { junkValues } from './junk.ts'
import { type Answer, type Ask, jsonBody } from './wire.ts'

/** `student.archive` is at `archive`. */
export const addressOf = ({ name }: Action): string => name.slice(name.indexOf('.') + 1)

/** Where the action is for these records. */
export function pathOf(action: Action, ids: readonly string[]): string {
  const address = addressOf(action)
  if (action.on === 'resource') return api(action.model, `actions/${address}`)
  return action.on === 'record'
    ? record(action.model, ids[0]!, address)
    : api(action.model, `bulk/${address}?recordIds=${ids.join(',')}`)
}

const shapes: Readonly<Record<string, (model: string, address: string, id: string) => string>> = {
  record: (model, address, id) => record(model, id, address),
  bulk: (model, address, id) => api(model, `bulk/${address}?recordIds=${id}`),
  resource: (model, address) => api(model, `actions/${address}`),
  matching: (model, address) => `/admin/api/panel/matching/${model}/${address}`,
  page: (model, address, id) => `/admin/resources/${model}/records/${id}/${address}`,
}

/** By every shape that it does not have for this person: as if there were no such action at all. */
export function notTheirs({ actor }: Attack, action: Action): Case[] {
  const id = actor.school.base[action.model]![0]!
  const isTheirs = action.may.includes(actor.role)
  const closed = Object.entries(shapes).filter(([shape]) => {
    if (!isTheirs) return true
    return shape !== action.on && !(shape === 'matching' && action.on === 'bulk') && shape !== 'page'
  })
  return closed.flatMap(([, at]) =>
    ['GET', 'POST'].map((method): Case => {
      const ask = (address: string): Ask => ({
        ...(method === 'POST' ? tries('', {}) : {}),
        path: at(action.model, address, id),
        method,
      })
      const mine = ask(addressOf(action))
      const twin = { ...mine, path: ask('no-such-thing').path }
      return isTheirs ? { actor, ask: mine, wants: refused } : { actor, ask: mine, twin, wants: refused }
    }),
  )
}

/** To another school's records, alone or among one's own: as if they were nowhere, and nothing is done to any. */
export function toForeign({ actor, other }: Attack, action: Action): Case[] {
  if (!action.may.includes(actor.role) || action.on === 'resource') return []
  const own = actor.school.base[action.model]![0]!
  const foreign = other.base[action.model]![0]!
  const selections = action.on === 'record' ? [[]] : [[], [own]]
  return selections.flatMap((before) => {
    const path = (id: string) => pathOf(action, [...before, id])
    const missing = randomUUID()
    const commit = jsonBody({ key: randomUUID(), hash: 'x', input: {} })
    const form = (id: string): Ask => ({ path: path(id) })
    const trial = (id: string): Ask => tries(path(id), {})
    const press = (id: string): Ask => ({ path: path(id), method: 'POST', ...commit })
    return [form, trial, press].map((ask) => ({ actor, ask: ask(foreign), twin: ask(missing), wants: refused }))
  })
}

const stateIn = (answer: Answer): string | undefined =>
  (jsonOf(answer) as { answer?: { state?: string } } | null)?.answer?.state

/** Does not come as far as showing what it would do. */
const notTaken = (answer: Answer): string | null =>
  answer.status >= 400 || ['invalid', 'refused'].includes(stateIn(answer) ?? '')
    ? null
    : `is taken: ${stateIn(answer) ?? answer.status}`

/** Forms that name another school's record, in whatever field takes one. */
export function withForeign({ actor, other }: Attack, action: Action): Case[] {
  if (!action.may.includes(actor.role)) return []
  const path = pathOf(action, [actor.school.base[action.model]![0]!])
  return fieldsOf(action)
    .filter(({ references }) => references)
    .map(({ name, references }) => {
      const ask = (id: string) => tries(path, { ...sound(fieldsOf(action)), [name]: id })
      const { [references!]: [id] = [] } = other.base
      return { actor, ask: ask(id!), twin: ask(randomUUID()), wants: notTaken }
    })
}

const examples: Readonly<Record<FormField['kind'], unknown>> = {
  text: 'because of the test',
  longText: 'because of the test',
  number: 4,
  decimal: '1.5',
  money: '10',
  basisPoints: 500,
  date: '2031-03-03',
  datetime: '2031-03-03 10:00',
  enum: '',
  boolean: true,
  reference: '',
}

const sound = (fields: readonly FormField[]): Record<string, unknown> =>
  Object.fromEntries(
    fields
      .filter(({ required }) => required)
      .map(({ name, kind, values }) => [name, Object.keys(values ?? {})[0] ?? examples[kind]]),
  )

/** Everything that does not belong there, in every field of the form and in what is sent beside it; only tried. */
export function withJunk({ actor }: Attack, action: Action): Case[] {
  if (!action.may.includes(actor.role)) return []
  const path = pathOf(action, [actor.school.base[action.model]![0]!])
  const fields = fieldsOf(action)
  const inFields = fields.flatMap(({ name }) =>
    junkValues.map((value) => tries(path, { ...sound(fields), [name]: value })),
  )
  const beside = ['key', 'hash', 'input'].flatMap((name) =>
    junkValues.map((value) => ({
      path,
      method: 'POST',
      ...jsonBody({ key: randomUUID(), hash: 'x', input: sound(fields), [name]: value }),
    })),
  )
  return [...inFields, ...beside].map((ask) => ({ actor, ask }))
}
