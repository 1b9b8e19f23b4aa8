const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** "just now", "20 seconds ago", "3 hours ago". */
export function ago(instant: string, now = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(instant)) / 1000))
  if (seconds < 5) return 'just now'
  if (seconds < MINUTE) return `${seconds} seconds ago`
  if (seconds < HOUR) return counted(Math.floor(seconds / MINUTE), 'minute')
  if (seconds < DAY) return counted(Math.floor(seconds / HOUR), 'hour')
  return counted(Math.floor(seconds / DAY), 'day')
}

const counted = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'} ago`
