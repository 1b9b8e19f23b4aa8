import type { PanelRole } from '../../src/core/permissions.ts'
import { may, panelRoles } from '../../src/core/permissions.ts'
import type { Model } from '../../src/core/schema.ts'
import type { Expectations } from './expectations.ts'
import type { CanarySchool } from './fixtures.ts'
import { type Actor, jsonOf } from './oracles.ts'
import { type Canary, canaryOf } from './rows.ts'
import type { Answer, Ask } from './wire.ts'

/** One thing to try; whatever it is, the oracles look at the answer. */
export interface Case {
  readonly actor: Actor
  readonly ask: Ask
  /** Must be answered the same: it asks for what is nowhere instead of what is another school's. */
  readonly twin?: Ask
  /** All cases of a group must be answered the same, but for the name that each asks about. */
  readonly like?: { readonly group: string; readonly name: string }
  /** What else must hold. @returns the problem, or null */
  readonly wants?: (answer: Answer) => string | null
}

/** A person of one school, and the other school that they try to reach. */
export interface Attack {
  readonly actor: Actor & { readonly role: PanelRole; readonly school: CanarySchool }
  readonly other: CanarySchool
  readonly expected: Expectations
  /** How many rows the actor's school has of a model. */
  readonly owned: (model: string) => number
}

/** Stands in whatever the tests try to write. */
export const PLANTED = 'dingo5d2e'
export const planted: Canary = (place, n) => inFormat(place, n) ?? canaryOf(PLANTED)(place, n)

/** Where a form takes only what follows a rule. */
function inFormat(place: string, n: number): string | undefined {
  if (place.endsWith('.email')) return `${PLANTED}.${n}@example.test`
  return place.endsWith('.abn') ? '51824753556' : undefined
}

export const api = (model: string, rest: string): string => `/admin/api/resources/${model}/${rest}`
export const record = (model: string, id: string, action: string): string => api(model, `records/${id}/${action}`)
export const listOf = (model: Model, query = ''): string =>
  api(model.name, `actions/list${query === '' ? '' : `?${query}`}`)

export const refused = ({ status }: Answer): string | null =>
  status >= 400 && status < 500 ? null : `is answered ${status}, not refused`

export const answered = ({ status }: Answer): string | null =>
  status === 200 ? null : `is answered ${status}, not 200`

/** The list counts this many rows. */
export const finds = (total: number) => (answer: Answer) => {
  const found = (jsonOf(answer) as { meta?: { total: number } } | null)?.meta?.total
  return found === total ? null : `finds ${String(found)} rows, not ${total}`
}

/** Or more: that somebody looks at people is written into the log while it is read. */
export const findsAtLeast = (total: number) => (answer: Answer) => {
  const found = (jsonOf(answer) as { meta?: { total: number } } | null)?.meta?.total ?? -1
  return found >= total ? null : `finds ${found} rows, not ${total}`
}

/** The search has no hit. */
export function findsNothing(answer: Answer): string | null {
  const found = (jsonOf(answer) as { records?: unknown[] } | null)?.records?.length
  return found === 0 ? null : `finds ${String(found)} records, not none`
}

export const noticeOf = (answer: Answer): { type: string; message: string } | undefined =>
  (jsonOf(answer) as { notice?: { type: string; message: string } } | null)?.notice

export function notSaved(answer: Answer): string | null {
  return answer.status >= 400 || noticeOf(answer)?.type === 'error' ? null : 'is saved, and should not be'
}

/** Each of `all` goes to one of the roles that read the model: together they try everything. */
export function dealt<T>({ actor }: Attack, model: Model, all: readonly T[]): T[] {
  const readers = panelRoles.filter((role) => may(role, 'read', model.name))
  return all.filter((_, index) => readers[index % readers.length] === actor.role)
}
