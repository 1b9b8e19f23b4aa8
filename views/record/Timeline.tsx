import React from 'react'
import { useSearchParams } from 'react-router-dom'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Skeleton } from '../parts/State.tsx'
import { timelineApi } from '../paths.ts'
import type { RecordJSON, ResourceJSON } from '../types.ts'
import { usePages } from '../usePages.ts'
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
  const pages = useTimeline(resource.id, record.id, wanted)
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
function useTimeline(resourceId: string, recordId: string, kinds: string) {
  const { pages, ...rest } = usePages<Page>((cursor) =>
    timelineApi(resourceId, recordId, { ...(kinds && { kinds }), ...(cursor && { cursor }) }),
  )
  return { ...rest, first: pages[0], groups: pages.flatMap(({ groups }) => groups) }
}
