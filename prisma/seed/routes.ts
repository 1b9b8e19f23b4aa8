import type { Random } from './random.ts'

/** Metres from where the drive began. */
interface Corner {
  readonly east: number
  readonly north: number
}

/** How a drive is told: by so many places that it leads past, and so many turns on the way to each. */
export interface Detail {
  readonly places: number
  readonly turns: number
}

/**
 * The corners of a drive through streets that meet at right angles, out and back by another way; the first and the last are
 * the same.
 * @param meters how far out it leads, about
 */
export function streets(chance: Random, { places, turns }: Detail, meters: number): Corner[] {
  const begins = chance.next()
  const past = Array.from({ length: places }, (_, n): Corner => {
    const angle = (begins + (n + 0.3 + 0.4 * chance.next()) / (places + 1)) * 2 * Math.PI
    const far = meters * (0.6 + 0.8 * chance.next())
    return { east: far * (Math.cos(angle) - Math.cos(begins * 2 * Math.PI)), north: far * Math.sin(angle) }
  })
  const home = { east: 0, north: 0 }
  const stops = [home, ...past, home]
  const corners = stops.slice(1).flatMap((stop, n) => between(chance, [stops[n]!, stop], turns))
  const tilt = ((chance.next() - 0.5) * Math.PI) / 5
  return [home, ...corners].map(({ east, north }) => ({
    east: east * Math.cos(tilt) - north * Math.sin(tilt),
    north: east * Math.sin(tilt) + north * Math.cos(tilt),
  }))
}

/** Two legs for each turn: along one street, then along the other. */
function between(chance: Random, [from, to]: [Corner, Corner], turns: number): Corner[] {
  const [easts, norths] = [parts(chance, turns), parts(chance, turns)]
  const at = (along: number, across: number): Corner => ({
    east: from.east + (to.east - from.east) * along,
    north: from.north + (to.north - from.north) * across,
  })
  return easts.flatMap((along, n) => [at(along, norths[n - 1] ?? 0), at(along, norths[n]!)])
}

/** A way cut into pieces of unequal length: where each ends, the last at 1. */
function parts(chance: Random, count: number): number[] {
  const lengths = Array.from({ length: count }, () => 0.4 + chance.next())
  const all = lengths.reduce((sum, length) => sum + length, 0)
  let ends = 0
  return lengths.map((length, n) => (n === count - 1 ? 1 : (ends += length / all)))
}
