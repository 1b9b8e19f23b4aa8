import type { Form, Params } from './form.ts'
import { missing } from './problem.ts'

interface Listed {
  readonly id?: string
  readonly created?: number
}

const MOST = 100
const USUAL = 10

/** A page of what is listed, newest first: `limit`, `starting_after`, `ending_before` and `created` as Stripe knows them. */
export function page<T extends Listed>(form: Form, all: readonly T[], url: string): object {
  const limit = Math.min(Math.max(form.whole('limit') ?? USUAL, 1), MOST)
  const wanted = all.filter((one) => isWithin(form, one.created ?? 0))
  const after = form.text('starting_after')
  const before = form.text('ending_before')
  const from = after ? place(wanted, after, 'starting_after') + 1 : 0
  const until = before ? place(wanted, before, 'ending_before') : wanted.length
  const start = before ? Math.max(from, until - limit) : from
  const data = wanted.slice(start, Math.min(start + limit, until))
  const more = before ? start > 0 : start + data.length < wanted.length
  return { object: 'list', url, has_more: more, data }
}

function place<T extends Listed>(all: readonly T[], id: string, param: string): number {
  const index = all.findIndex((one) => one.id === id)
  if (index < 0) throw missing('object', id, param)
  return index
}

function isWithin(form: Form, created: number): boolean {
  const range: Params = form.branch('created')
  const exact = Object.keys(range).length === 0 ? form.whole('created') : undefined
  const limit = (name: string, fallback: number) => (typeof range[name] === 'string' ? Number(range[name]) : fallback)
  return (
    (exact === undefined || created === exact) &&
    created >= limit('gte', 0) &&
    created > limit('gt', -1) &&
    created <= limit('lte', Infinity) &&
    created < limit('lt', Infinity)
  )
}
