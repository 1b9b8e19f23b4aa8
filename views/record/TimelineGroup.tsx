import React from 'react'
import { Link } from 'react-router-dom'
import { Badge } from '../parts/Badge.tsx'
import { Icon } from '../parts/Icon.tsx'
import { recordPath } from '../paths.ts'
import { useSchool } from '../session.ts'
import { formatDateTime } from '../zone.ts'
import type { Entry, FieldChange, Group } from './timeline.ts'

const icons: Record<string, string> = {
  change: 'Edit2',
  history: 'Flag',
  payment: 'DollarSign',
  message: 'Mail',
  action: 'Play',
  webhook: 'CloudLightning',
  job: 'Send',
}

/** What one request did: who, when, and all that came of it. */
export function TimelineGroup({ group, undo }: { group: Group; undo: (request: string) => Promise<void> }) {
  const { timeZone } = useSchool()
  const { at, who, role, entries, undo: request } = group
  return (
    <li className="timeline-group">
      <div className="timeline-head">
        <p>
          <strong>{who}</strong>
          {role ? <span className="muted"> · {role}</span> : null}
          <span className="muted"> · </span>
          <time dateTime={at}>{formatDateTime(at, timeZone)}</time>
        </p>
        {request ? (
          <button type="button" className="button timeline-undo" onClick={() => void undo(request)}>
            <Icon name="RotateCcw" size={16} /> Undo
            <span className="sr-only">
              {' '}
              the change of {formatDateTime(at, timeZone)} by {who}
            </span>
          </button>
        ) : null}
      </div>
      <ul>
        {entries.map((entry) => (
          <TimelineEntry key={entry.id} entry={entry} />
        ))}
      </ul>
    </li>
  )
}

function TimelineEntry({ entry: { kind, text, note, status, fields, open } }: { entry: Entry }) {
  return (
    <li className="timeline-entry">
      <span className="timeline-icon">
        <Icon name={icons[kind] ?? 'Circle'} size={16} />
      </span>
      <div className="timeline-body">
        <p>
          {open ? <Link to={recordPath(open.model, open.id)}>{text}</Link> : text}{' '}
          {status ? <Badge tone={status.tone}>{status.label}</Badge> : null}
        </p>
        {note ? <p className="muted">{note}</p> : null}
        {fields.length > 0 ? (
          <dl className="diff">
            {fields.map((field) => (
              <Difference key={field.property} field={field} />
            ))}
          </dl>
        ) : null}
      </div>
    </li>
  )
}

/** A field as it was and as it became. */
export function Difference({ field: { label, before, after } }: { field: FieldChange }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {before === null ? null : (
          <>
            <span className="sr-only">was </span>
            <del>{before}</del>{' '}
          </>
        )}
        {after === null ? (
          <span className="muted">{before === null ? '' : 'now empty'}</span>
        ) : (
          <>
            <span className="sr-only">is now </span>
            <ins>{after}</ins>
          </>
        )}
      </dd>
    </div>
  )
}
