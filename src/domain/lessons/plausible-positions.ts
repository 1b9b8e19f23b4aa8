import { type Place, metersBetween } from '../places.ts'

/** Nobody drives a learner faster: such a jump is the receiver's error. */
const FASTEST_METERS_A_SECOND = 180 / 3.6

export interface Position extends Place {
  readonly ts: Date
}

/** So many positions that agree with each other are right, and the one before them was the error. */
const ENOUGH_TO_AGREE = 3

/**
 * The drive as far as it can be believed, in stretches without a break. A position that could only be reached at an
 * impossible speed is left out, and the next one goes on from the last good one.
 */
export function plausibleStretches<P extends Position>(positions: readonly P[]): P[][] {
  const stretches: P[][] = []
  let elsewhere: P[] = []
  for (const position of positions) {
    const last = stretches.at(-1)?.at(-1)
    if (!last || isReachable(last, position)) {
      if (last) stretches.at(-1)!.push(position)
      else stretches.push([position])
      elsewhere = []
      continue
    }
    const before = elsewhere.at(-1)
    elsewhere = before && isReachable(before, position) ? [...elsewhere, position] : [position]
    if (elsewhere.length < ENOUGH_TO_AGREE) continue
    stretches.push(elsewhere)
    elsewhere = []
  }
  const driven = stretches.filter((stretch) => stretch.length > 1)
  return driven.length > 0 ? driven : stretches.slice(-1)
}

const isReachable = (from: Position, to: Position): boolean =>
  metersBetween(from, to) <= ((to.ts.getTime() - from.ts.getTime()) / 1000) * FASTEST_METERS_A_SECOND

/** Metres along the positions, as the crow flies from one to the next. */
export const metersAlong = (positions: readonly Position[]): number =>
  Math.round(plausibleStretches(positions).reduce((sum, stretch) => sum + metersOf(stretch), 0))

const metersOf = (stretch: readonly Position[]): number =>
  stretch.slice(1).reduce((sum, one, index) => sum + metersBetween(stretch[index]!, one), 0)
