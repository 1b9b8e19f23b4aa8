import { useEffect, useSyncExternalStore } from 'react'
import { getJson } from '../api.ts'
import type { QueueName } from './types.ts'

type Counts = Record<QueueName, number>

/** How much waits for somebody: asked once for a page, and again when something was done. */

export const queueLabels: Record<QueueName, string> = {
  holds: 'Held',
  requests: 'Requests',
  unclosed: 'To close',
  'no-shows': 'No-shows',
}

export const queueNames = Object.keys(queueLabels) as QueueName[]

const MOST = 99

export const countInWords = (count: number): string => (count > MOST ? `${MOST}+` : String(count))

/** @param patienceMs how long it may wait for what is more urgent on the page */
export function useQueues(wanted: boolean, patienceMs = 0): Counts | null {
  useEffect(() => {
    if (!wanted || asked) return undefined
    const timer = setTimeout(refreshQueues, patienceMs)
    return () => clearTimeout(timer)
  }, [wanted, patienceMs])
  return useSyncExternalStore(subscribe, () => counts)
}

export function refreshQueues(): void {
  asked = true
  getJson<{ counts: Counts }>('/panel/queues')
    .then((answer) => {
      counts = answer.counts
      for (const listener of listeners) listener()
    })
    // a number beside a link is not worth a message
    .catch(() => (asked = false))
}

let asked = false
let counts: Counts | null = null
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
