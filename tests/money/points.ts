/** Where a worker dies on its way to Stripe and back, in this order. */
export const POINTS = [
  'taken',
  'key written, not committed',
  'key committed, not asked',
  'asked, not done',
  'done, not answered',
  'answered, nothing written',
  'written, not committed',
  'committed, job not ended',
] as const

export type Point = (typeof POINTS)[number]
