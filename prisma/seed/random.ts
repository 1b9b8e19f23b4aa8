import { hash } from 'node:crypto'

/** Numbers that look random and are the same in every run: one stream per name. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number
  /** A whole number, both ends included. */
  between(low: number, high: number): number
  /** True in so many of 100 cases. */
  percent(likelihood: number): boolean
  pick<T>(from: readonly T[]): T
  /** The list in another order; the list itself stays as it is. */
  shuffled<T>(list: readonly T[]): T[]
}

export function random(name: string): Random {
  const digest = hash('sha1', name, 'hex')
  let state = Number.parseInt(digest.slice(0, 8), 16)
  // mulberry32: small, fast, and even enough for a story
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    between,
    percent: (likelihood) => next() * 100 < likelihood,
    pick: (from) => from[between(0, from.length - 1)]!,
    shuffled: (list) =>
      list
        .map((item) => ({ item, order: next() }))
        .toSorted((a, b) => a.order - b.order)
        .map(({ item }) => item),
  }
}

/** An id shaped like version 7 of RFC 9562, its time part from `at`, the rest from the name: the same in every run. */
export function seededId(name: string, at: Date): string {
  const digest = hash('sha1', name, 'hex')
  const time = at.getTime().toString(16).padStart(12, '0')
  const variant = (8 + (Number.parseInt(digest[3]!, 16) & 3)).toString(16)
  const groups = [time.slice(0, 8), time.slice(8), `7${digest.slice(0, 3)}`, `${variant}${digest.slice(4, 7)}`]
  return [...groups, digest.slice(7, 19)].join('-')
}
