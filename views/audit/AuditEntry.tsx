import React from 'react'
import { Link } from 'react-router-dom'
import { Icon } from '../parts/Icon.tsx'
import { pagePath, recordPath } from '../paths.ts'
import { Difference } from '../record/TimelineGroup.tsx'
import { useSchool } from '../session.ts'
import { formatDateTime } from '../zone.ts'
import type { Entry } from './types.ts'

/** What changed, who did it, and the proof that it is what was written. */
export function AuditEntry({ entry, isStory = false }: { entry: Entry; isStory?: boolean }) {
  const { timeZone } = useSchool()
  const { at, who, role, what, record, fields, details, reason, request, ip, seal } = entry
  const shown = [...fields, ...details]
  return (
    <li className="audit-entry">
      <div className="audit-head">
        <p>
          <strong>{what}</strong>
          {record.title ? (
            <>
              {' · '}
              {record.isOpen ? <Link to={recordPath(record.model, record.id)}>{record.title}</Link> : record.title}
            </>
          ) : null}
        </p>
        <p className="muted">
          {who}
          {role ? ` · ${role}` : ''} · <time dateTime={at}>{formatDateTime(at, timeZone)}</time>
        </p>
      </div>
      {reason ? <p className="audit-reason">“{reason}”</p> : null}
      {shown.length > 0 ? (
        <dl className="diff">
          {shown.map((field) => (
            <Difference key={field.property} field={field} />
          ))}
        </dl>
      ) : null}
      <p className="audit-foot muted">
        {seal ? (
          <span>
            <Icon name="Lock" size={14} /> Entry {seal.number}, seal <code>…{seal.hash}</code>
          </span>
        ) : (
          <span>
            <Icon name="Clock" size={14} /> Sealed in a few seconds
          </span>
        )}
        {ip ? <span>from {ip}</span> : null}
        {request && !isStory ? (
          <Link to={`${pagePath('audit')}?${new URLSearchParams({ request })}`}>Everything in this request</Link>
        ) : null}
      </p>
    </li>
  )
}
