import React from 'react'
import { Link } from 'react-router-dom'
import { useLoad } from '../load.ts'
import { Badge } from '../parts/Badge.tsx'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Skeleton } from '../parts/State.tsx'
import { recordPath } from '../paths.ts'
import { useSchool } from '../session.ts'
import { formatDateTime } from '../zone.ts'
import { AuditEntry } from './AuditEntry.tsx'
import type { Story } from './types.ts'

/** One request from beginning to end: what was agreed to, the rows it changed, and what came of it. */
export function RequestStory({ request }: { request: string }) {
  const { data, error, reload } = useLoad<Story>(`/panel/audit/request/${encodeURIComponent(request)}`)
  if (error) return <ErrorState error={error} retry={reload} />
  if (!data) return <Skeleton lines={6} />
  return (
    <>
      <h2>Everything in one request</h2>
      {data.approvals.map((approval) => (
        <Agreed key={approval.run} approval={approval} />
      ))}
      <ol className="audit-entries card" aria-label="Entries">
        {data.entries.map((entry) => (
          <AuditEntry key={entry.id} entry={entry} isStory />
        ))}
      </ol>
      {data.more ? <p className="board-note">The first {data.entries.length} are shown.</p> : null}
      <Events events={data.events} />
      <Deeds deeds={data.deeds} />
    </>
  )
}

function Agreed({ approval }: { approval: Story['approvals'][number] }) {
  const { timeZone } = useSchool()
  const { run, summary, askedBy, askedAt, decidedBy, seen } = approval
  return (
    <section className="card audit-agreed" aria-label="What the approver saw">
      <p>
        <Icon name="UserCheck" size={16} /> <strong>{decidedBy}</strong> agreed to{' '}
        <Link to={recordPath('ActionRun', run)}>{summary}</Link>, which {askedBy} asked for on{' '}
        {formatDateTime(askedAt, timeZone)}.
      </p>
      {seen ? (
        <p className="muted">
          What they were shown is what the entries below say was changed: its fingerprint <code>{seen}</code> was
          compared before anything was done.
        </p>
      ) : null}
    </section>
  )
}

function Events({ events }: Pick<Story, 'events'>) {
  const { timeZone } = useSchool()
  if (events.length === 0) return null
  return (
    <>
      <h2>What was announced</h2>
      <ol className="audit-entries card" aria-label="Events">
        {events.map(({ id, at, topic, work }) => (
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
  )
}

const icons = { message: 'Mail', stripe: 'CreditCard', webhook: 'Zap', job: 'Activity' } as const

function Deeds({ deeds }: Pick<Story, 'deeds'>) {
  const { timeZone } = useSchool()
  if (deeds.length === 0) return null
  return (
    <>
      <h2>What left the house, and what came in</h2>
      <ol className="audit-entries card" aria-label="Messages, calls and jobs">
        {deeds.map(({ id, at, kind, text, note, status, open }) => (
          <li key={id} className="audit-entry">
            <p>
              <Icon name={icons[kind]} size={16} />{' '}
              {open ? <Link to={recordPath(open.model, open.id)}>{text}</Link> : text}{' '}
              <Badge tone={status.tone}>{status.label}</Badge>{' '}
              <span className="muted">· {formatDateTime(at, timeZone)}</span>
            </p>
            {note ? <p className="muted">{note}</p> : null}
          </li>
        ))}
      </ol>
    </>
  )
}
