import type { Candidate } from './candidates.ts'

/** A payout that is in no batch, and why. */
export interface LeftOut extends Candidate {
  readonly obstacle: string
}

const MOST_REASONS = 12

/** A line for each reason, the most frequent first: "Left out, 12 payouts of 6 instructors: …". */
export function reasonsOf(leftOut: readonly LeftOut[]): string[] {
  const groups = [...Map.groupBy(leftOut, ({ obstacle }) => general(obstacle))]
    .map(([reason, own]) => ({ reason, own }))
    .toSorted((a, b) => b.own.length - a.own.length)
  const told = groups
    .slice(0, MOST_REASONS)
    .map(({ reason, own }) => `Left out, ${counted(own.length)} of ${names(own)}: ${reason}`)
  const more = groups.slice(MOST_REASONS).flatMap(({ own }) => own).length
  return more === 0 ? told : [...told, `Left out for other reasons: ${counted(more)}.`]
}

/** Holds and reviews end at another minute for each lesson; the reason is one. */
function general(obstacle: string): string {
  if (obstacle.startsWith('Ready from ')) return 'the hold after the lesson has not ended yet.'
  return obstacle.startsWith('Waits for its review') ? 'the review of what was kept has not ended yet.' : obstacle
}

const names = (own: readonly LeftOut[]): string => {
  const all = [...new Set(own.map(({ instructor }) => instructor))]
  return all.length > 2 ? `${all.length} instructors` : all.join(' and ')
}

export const counted = (count: number): string => (count === 1 ? 'one payout' : `${count} payouts`)
