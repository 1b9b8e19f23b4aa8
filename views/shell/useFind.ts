import { useEffect, useState } from 'react'
import { getJson } from '../api.ts'
import type { Tone } from '../types.ts'

export interface FoundRecord {
  id: string
  title: string
  details: string[]
  badge: { label: string; tone: Tone } | null
}

export interface FoundGroup {
  model: string
  label: string
  records: FoundRecord[]
  /** There are others, which its list shows. */
  more: boolean
}

export interface Finding {
  text: string
  setText: (text: string) => void
  /** Of what is asked, or while that is on its way of what was asked before; null before there is anything to ask. */
  groups: FoundGroup[] | null
  searching: boolean
  error: Error | null
  retry: () => void
}

const PAUSE_MS = 200

/** Asks once the typing pauses. A newer text abandons the request for an older one, so that its answer never comes late. */
export function useFind(): Finding {
  const [text, setText] = useState('')
  const [turn, setTurn] = useState(0)
  const [groups, setGroups] = useState<FoundGroup[] | null>(null)
  const [searching, setSearching] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const wanted = text.trim()
  useEffect(() => {
    setError(null)
    setSearching(isEnough(wanted))
    if (!isEnough(wanted)) {
      setGroups(null)
      return undefined
    }
    const request = new AbortController()
    const ask = async () => {
      try {
        const query = new URLSearchParams({ q: wanted })
        const answer = await getJson<{ groups: FoundGroup[] }>(`/panel/find?${query}`, request.signal)
        setGroups(answer.groups)
      } catch (problem) {
        if (request.signal.aborted) return
        setGroups(null)
        setError(problem as Error)
      }
      setSearching(false)
    }
    const timer = setTimeout(() => void ask(), PAUSE_MS)
    return () => {
      clearTimeout(timer)
      request.abort()
    }
  }, [wanted, turn])
  return { text, setText, groups, searching, error, retry: () => setTurn((count) => count + 1) }
}

/** Two characters, or one that is a name by itself: 王. The server says the same. */
export const isEnough = (text: string): boolean => Array.from(text).length >= 2 || /\p{Script=Han}/u.test(text)
