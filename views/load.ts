import { useCallback, useEffect, useState } from 'react'
import { getJson } from './api.ts'

interface Loaded<T> {
  /** The last answer; it stays while the next one is on its way. */
  data: T | null
  error: Error | null
  loading: boolean
  reload: () => void
}

/** What a GET of the panel's API answers; null asks nothing. A newer address or an unmount abandons the request. */
export function useLoad<T>(path: string | null): Loaded<T> {
  const [data, setData] = useState<T | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const [loading, setLoading] = useState(true)
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    if (path === null) return undefined
    const request = new AbortController()
    setLoading(true)
    getJson<T>(path, request.signal)
      .then((answer) => {
        setData(answer)
        setError(null)
      })
      .catch((problem: Error) => {
        if (!request.signal.aborted) setError(problem)
      })
      .finally(() => {
        if (!request.signal.aborted) setLoading(false)
      })
    return () => request.abort()
  }, [path, turn])
  const reload = useCallback(() => setTurn((count) => count + 1), [])
  return { data, error, loading, reload }
}
