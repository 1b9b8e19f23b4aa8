/** What /panel/jobs answers (src/admin/board/deliveries.ts). */

export interface Backlog {
  handler: string
  waiting: number
  inHand: number
  dead: number
  since: string | null
}

export interface Dead {
  id: string
  eventId: string
  what: string
  handler: string
  error: string
  attempts: number
  behind: number
  payload: unknown
  diedAt: string
  about: { model: string; id: string } | null
}

export interface Worker {
  startedAt: string
  seenAt: string
  isAlive: boolean
  isStopped: boolean
}

export interface Deliveries {
  backlog: Backlog[]
  untaken: { count: number; since: string | null }
  dead: Dead[]
  more: boolean
  workers: Worker[]
}
