import { formatMoney } from '../../core/money.ts'
import type { Built, Chosen } from './build-batch.ts'
import { counted, reasonsOf } from './left-out.ts'

/** A batch as whoever built it reads it: how much, to whom, and what is left out for which reason; a line each. */
export function sentencesOf({ batch, chosen, leftOut }: Built): string[] {
  const money = (cents: number) => formatMoney(cents, batch.currency)
  const all = `Batch ${batch.number}: ${counted(chosen.length)}, ${money(batch.totalCents)}.`
  return [all, ...perInstructor(chosen, money), ...reasonsOf(leftOut)]
}

type Line = Pick<Chosen, 'instructorId' | 'instructor' | 'amountCents' | 'nettedCents'>

/** "Ines Okafor: 12 payouts, A$900.00; A$30.00 of it goes against what Ines Okafor owes." */
export function perInstructor(lines: readonly Line[], money: (cents: number) => string): string[] {
  const groups = Map.groupBy(lines, ({ instructorId }) => instructorId)
  return [...groups.values()]
    .map((own) => {
      const { instructor } = own[0]!
      const netted = sum(own.map(({ nettedCents }) => nettedCents))
      const amount = sum(own.map(({ amountCents }) => amountCents)) - netted
      const debt = netted > 0 ? ` after ${money(netted)} that goes against a debt` : ''
      return `${instructor}: ${counted(own.length)}, ${money(amount)}${debt}.`
    })
    .sort()
}

const sum = (cents: readonly number[]): number => cents.reduce((total, one) => total + one, 0)
