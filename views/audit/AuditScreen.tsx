import React from 'react'
import { Link, useSearchParams } from 'react-router-dom'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Skeleton, State } from '../parts/State.tsx'
import { pagePath } from '../paths.ts'
import { useSchool } from '../session.ts'
import { useTitleOfPage } from '../title.ts'
import { usePages } from '../usePages.ts'
import { formatDateTime } from '../zone.ts'
import { AuditEntry } from './AuditEntry.tsx'
import { AuditFilters } from './AuditFilters.tsx'
import { ExportButton } from './ExportButton.tsx'
import { RequestStory } from './RequestStory.tsx'
import { type Asked, type Found, questionIn } from './types.ts'

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
        <div className="screen-actions">
          <Link className="button" to={pagePath('access-review')}>
            <Icon name="UserCheck" size={16} /> Access review
          </Link>
          <ExportButton question={question} />
        </div>
      </div>
      <AuditFilters query={query} ask={ask} />
      {request ? <RequestStory key={request} request={request} /> : <Entries key={question} question={question} />}
    </div>
  )
}

function Entries({ question }: { question: string }) {
  const { timeZone } = useSchool()
  const { pages, error, loading, more, reload } = usePages<Found>(
    (cursor) => `/panel/audit?${question}${cursor ? `&cursor=${cursor}` : ''}`,
  )
  if (error && pages.length === 0) return <ErrorState error={error} retry={reload} />
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
      {error ? <ErrorState error={error} retry={more} /> : null}
      {last.next && !error ? (
        <button type="button" className="button" aria-disabled={loading} onClick={more}>
          {loading ? 'Loading…' : last.readBackTo ? 'Look further back' : 'Show earlier'}
        </button>
      ) : null}
    </>
  )
}
