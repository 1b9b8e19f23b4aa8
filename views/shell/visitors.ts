import { useEffect, useSyncExternalStore } from 'react'
import { getJson } from '../api.ts'

export interface Visitor {
  id: string
  name: string
  reason: string
  until: string
}

const LOOK_AGAIN_MS = 60_000
/** Long enough for the page to have what it asks for first. */
const PATIENCE_MS = 1_000

/** Who of the platform is inside: asked for each page that is loaded, and every minute. */
export function useVisitors(isWanted: boolean): readonly Visitor[] {
  useEffect(() => {
    if (!isWanted) return undefined
    const look = () => document.hidden || lookForVisitors()
    const first = setTimeout(lookForVisitors, PATIENCE_MS)
    const timer = setInterval(look, LOOK_AGAIN_MS)
    return () => {
      clearTimeout(first)
      clearInterval(timer)
    }
  }, [isWanted])
  return useSyncExternalStore(subscribe, () => visitors)
}

export function lookForVisitors(): void {
  getJson<{ visitors: Visitor[] }>('/panel/visitors')
    .then((found) => {
      visitors = found.visitors
      for (const listener of listeners) listener()
    })
    // it is asked again; the list of accesses says it as well
    .catch(() => {})
}

let visitors: readonly Visitor[] = []
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
