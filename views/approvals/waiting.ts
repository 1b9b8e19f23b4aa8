import { useEffect, useSyncExternalStore } from 'react'
import { getJson } from '../api.ts'
import { useResource } from '../areas.ts'
import type { ActionJSON, ResourceJSON } from '../types.ts'

/** How much waits for the agreement of whoever is signed in: asked for each page that is loaded, and again as time goes by. */

const LOOK_AGAIN_MS = 60_000

/** Of every kind of what is decided about: runs of actions; refunds and batches of payouts are decided about by fewer. */
export const RUN = 'ActionRun'

/** How this person decides about what others ask for; undefined when they never do. */
export function useDeciding(
  model = RUN,
): { resource: ResourceJSON; approve: ActionJSON; reject: ActionJSON } | undefined {
  const resource = useResource(model)
  const named = (wanted: string) => resource?.actions.find(({ name }) => name === wanted)
  const [approve, reject] = [named('approve'), named('reject')]
  return resource && approve && reject ? { resource, approve, reject } : undefined
}

/** Null until it is known. */
export const useWaiting = (): number | null => useSyncExternalStore(subscribe, () => count)

/** @param patienceMs how long it may wait for what is more urgent on the page */
export function useWatchedWaiting(patienceMs: number): void {
  const isWanted = useDeciding() !== undefined
  useEffect(() => {
    if (!isWanted) return undefined
    const look = () => document.hidden || refreshWaiting()
    const first = setTimeout(refreshWaiting, patienceMs)
    const timer = setInterval(look, LOOK_AGAIN_MS)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearTimeout(first)
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [isWanted, patienceMs])
}

/** After something was done, which may have been an approval. */
export const lookAgain = (): void => void (count === null || refreshWaiting())

export function refreshWaiting(): void {
  getJson<{ waiting: number }>('/panel/approvals/count')
    .then(({ waiting }) => {
      count = waiting
      for (const listener of listeners) listener()
    })
    // a number beside a link is not worth a message
    .catch(() => {})
}

let count: number | null = null
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
