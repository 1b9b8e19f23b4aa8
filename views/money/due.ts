import type { Tone } from '../types.ts'

const SOON_HOURS = 48

/** "3 days left", "5 hours left", "too late". */
export function timeLeft(hours: number): string {
  if (hours < 0) return 'too late'
  if (hours < 1) return 'less than an hour left'
  if (hours < SOON_HOURS) return `${hours} ${hours === 1 ? 'hour' : 'hours'} left`
  return `${Math.floor(hours / 24)} days left`
}

export const urgency = (hours: number): Tone => (hours < SOON_HOURS ? 'danger' : hours < 4 * 24 ? 'warning' : 'info')
