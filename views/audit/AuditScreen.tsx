import React from 'react'
import { useSearchParams } from 'react-router-dom'
import { useLoad } from '../load.ts'
import { Badge } from '../parts/Badge.tsx'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Skeleton, State } from '../parts/State.tsx'
import { useSchool } from '../session.ts'
import { useTitleOfPage } from '../title.ts'
import { usePages } from '../usePages.ts'
import { formatDateTime } from '../zone.ts'
import { AuditEntry } from './AuditEntry.tsx'
import { AuditFilters } from './AuditFilters.tsx'
import { ExportButton } from './ExportButton.tsx'
import { type Asked, type Found, questionIn, type Story } from './types.ts'

/** Who did what, for whoever has to answer for it; what is asked stands in the address. */
export function AuditScreen() {
  const [query, setQuery] = useSearchParams()
  const question = new URLSearchParams(questionIn(query)).toString()
  const request = question.startsWith('request=') && !question.includes('&') ? query.get('request') : null
  useTitleOfPage('Audit')
  const ask = (changes: Partial<Record<Asked, string>>) => {
    for (const [name, value] of Object.entries(changes)) {
      if (value) query.set(name, value)
      else query.delete(name)
    }
    setQuery(query)
  }
  return (
    <div className="board board-narrow">
      <div className="screen-head">
        <h1>Audit</h1>
        <ExportButton question={question} />
      </div>
      <AuditFilters query={query} ask={ask} />
      {request ? <RequestStory key={request} request={request} /> : <Entries key={question} question={question} />}
    </div>
  )
}

function Entries({ question }: { question: string }) {
  const { timeZone } = useSchool()
  const { pages, error, loading, more } = usePages<Found>(
    (cursor) => `/panel/audit?${question}${cursor ? `&cursor=${cursor}` : ''}`,
  )
  if (error) return <ErrorState error={error} />
  if (pages.length === 0) return <Skeleton lines={6} />
  const entries = pages.flatMap((page) => page.entries)
  const last = pages.at(-1)!
  return (
    <>
      {entries.length === 0 && !last.next ? (
        <State icon="Search" title="Nothing like this is in the log">
          Ask for less: leave out a field, or take more days.
        </State>
      ) : (
        <ol className="audit-entries card" aria-label="Entries">
          {entries.map((entry) => (
            <AuditEntry key={entry.id} entry={entry} />
          ))}
        </ol>
      )}
      {last.readBackTo ? (
        <p className="board-note" role="status">
          Looked back to {formatDateTime(last.readBackTo, timeZone)}; the log goes on.
        </p>
      ) : null}
      {last.next ? (
        <button type="button" className="button" aria-disabled={loading} onClick={more}>
          {loading ? 'Loading…' : last.readBackTo ? 'Look further back' : 'Show earlier'}
        </button>
      ) : null}
    </>
  )
}

/** One request from beginning to end: the rows it changed, and what was done about its events. */
function RequestStory({ request }: { request: string }) {
  const { timeZone } = useSchool()
  const { data, error, reload } = useLoad<Story>(`/panel/audit/request/${encodeURIComponent(request)}`)
  if (error) return <ErrorState error={error} retry={reload} />
  if (!data) return <Skeleton lines={6} />
  return (
    <>
      <h2>Everything in one request</h2>
      <ol className="audit-entries card" aria-label="Entries">
        {data.entries.map((entry) => (
          <AuditEntry key={entry.id} entry={entry} isStory />
        ))}
      </ol>
      {data.more ? <p className="board-note">The first {data.entries.length} are shown.</p> : null}
      {data.events.length > 0 ? (
        <>
          <h2>What came of it</h2>
          <ol className="audit-entries card" aria-label="Events">
            {data.events.map(({ id, at, topic, work }) => (
              <li key={id} className="audit-entry">
                <p>
                  <strong>{topic}</strong> <span className="muted">· {formatDateTime(at, timeZone)}</span>
                </p>
                {work.map(({ handler, status, tone, note }) => (
                  <p key={handler} className="muted">
                    {handler} <Badge tone={tone}>{status}</Badge> {note}
                  </p>
                ))}
              </li>
            ))}
          </ol>
        </>
      ) : null}
    </>
  )
}
