import { useEffect, useState } from 'react'
import { getJson } from './api.ts'

/** One page of something long, newest first; `next` asks for the one after it. */
interface Page {
  next: string | null
}

/**
 * The pages that were read so far.
 * @param addressOf the GET of the page after `cursor`, null for the first one; another first address begins anew
 */
export function usePages<P extends Page>(addressOf: (cursor: string | null) => string) {
  const [pages, setPages] = useState<P[]>([])
  const [error, setError] = useState<Error | null>(null)
  const [loading, setLoading] = useState(false)
  const [turn, setTurn] = useState(0)
  const read = async (cursor: string | null, signal?: AbortSignal): Promise<void> => {
    setLoading(true)
    try {
      const page = await getJson<P>(addressOf(cursor), signal)
      setPages((before) => (cursor ? [...before, page] : [page]))
      setError(null)
    } catch (problem) {
      if (!signal?.aborted) setError(problem as Error)
    } finally {
      if (!signal?.aborted) setLoading(false)
    }
  }
  useEffect(() => {
    const request = new AbortController()
    void read(null, request.signal)
    return () => request.abort()
    // oxlint-disable-next-line react/exhaustive-deps -- `read` is made anew by each drawing
  }, [addressOf(null), turn])
  const next = pages.at(-1)?.next ?? null
  return {
    pages,
    next,
    error,
    loading,
    more: () => void (loading || read(next)),
    reload: () => setTurn((count) => count + 1),
  }
}
