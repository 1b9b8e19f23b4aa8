import React, { useEffect, useState } from 'react'
import { useSearchParams } from 'react-router-dom'
import { getJson } from '../api.ts'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Skeleton } from '../parts/State.tsx'
import { timelineApi } from '../paths.ts'
import type { RecordJSON, ResourceJSON } from '../types.ts'
import { TimelineGroup } from './TimelineGroup.tsx'
import type { Group } from './timeline.ts'
import { useUndo } from './useUndo.ts'

interface Page {
  groups: Group[]
  kinds: { name: string; label: string }[]
  next: string | null
}

interface TimelineProps {
  resource: ResourceJSON
  record: RecordJSON
  /** An undo has changed the record. */
  changed: () => void
}

/** What happened to the record, newest first; the kinds that are wanted stand in the address. */
export function Timeline({ resource, record, changed }: TimelineProps) {
  const [query, setQuery] = useSearchParams()
  const wanted = query.get('show') ?? ''
  const pages = usePages(resource.id, record.id, wanted)
  const undo = useUndo(() => {
    changed()
    pages.reload()
  })
  const toggle = (kind: string) => {
    const kinds = new Set(wanted.split(',').filter(Boolean))
    if (!kinds.delete(kind)) kinds.add(kind)
    if (kinds.size > 0) query.set('show', [...kinds].join(','))
    else query.delete('show')
    setQuery(query, { replace: true })
  }
  if (pages.error) return <ErrorState error={pages.error} retry={pages.reload} />
  if (!pages.first) return <Skeleton lines={6} />
  return (
    <div className="card timeline">
      <div className="timeline-kinds" role="group" aria-label="Show only">
        {pages.first.kinds.map(({ name, label }) => (
          <button
            key={name}
            type="button"
            className="button chip"
            aria-pressed={wanted.split(',').includes(name)}
            onClick={() => toggle(name)}
          >
            {label}
          </button>
        ))}
      </div>
      {pages.groups.length === 0 ? <p className="muted timeline-none">Nothing recorded yet</p> : null}
      <ol aria-label="History" className="timeline-groups">
        {pages.groups.map((group) => (
          <TimelineGroup key={`${group.at} ${group.entries[0]?.id}`} group={group} undo={undo} />
        ))}
      </ol>
      {pages.next ? (
        <button type="button" className="button" aria-disabled={pages.loading} onClick={pages.more}>
          {pages.loading ? 'Loading…' : 'Show earlier'}
        </button>
      ) : null}
    </div>
  )
}

/** The pages read so far, put together; other kinds start from the newest again. */
function usePages(resourceId: string, recordId: string, kinds: string) {
  const [pages, setPages] = useState<Page[]>([])
  const [error, setError] = useState<Error | null>(null)
  const [loading, setLoading] = useState(false)
  const [turn, setTurn] = useState(0)
  const read = async (cursor: string | null, signal?: AbortSignal): Promise<void> => {
    setLoading(true)
    try {
      const address = timelineApi(resourceId, recordId, { ...(kinds && { kinds }), ...(cursor && { cursor }) })
      const page = await getJson<Page>(address, signal)
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
  }, [resourceId, recordId, kinds, turn])
  const next = pages.at(-1)?.next ?? null
  return {
    first: pages[0],
    groups: pages.flatMap(({ groups }) => groups),
    next,
    error,
    loading,
    more: () => void (loading || read(next)),
    reload: () => setTurn((count) => count + 1),
  }
}
