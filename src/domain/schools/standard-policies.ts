import type { CancellationActor } from '@prisma/client'

/** Who cancels, from how many hours before the start, and the percent that is given back (domain.md, Booking rules). */
export const standardTiers: readonly (readonly [CancellationActor, hours: number, percent: number])[] = [
  ['student', 24, 100],
  ['student', 2, 50],
  ['student', 0, 0],
  ['parent', 24, 100],
  ['parent', 2, 50],
  ['parent', 0, 0],
  ['instructor', 0, 100],
  ['admin', 0, 100],
]
