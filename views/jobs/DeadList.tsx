import React from 'react'
import { Link } from 'react-router-dom'
import { useActionDialog } from '../action/ActionDialog.tsx'
import { useResource } from '../areas.ts'
import { Icon } from '../parts/Icon.tsx'
import { State } from '../parts/State.tsx'
import { recordPath } from '../paths.ts'
import { useSchool } from '../session.ts'
import { formatDateTime } from '../zone.ts'
import type { Dead } from './types.ts'

const DELIVERY = 'OutboxDelivery'

/** What was given up, with what is needed to decide about it. */
export function DeadList({ dead, more, done }: { dead: Dead[]; more: boolean; done: () => void }) {
  return (
    <section className="jobs-part" aria-label="Given up">
      <h2>Given up</h2>
      {dead.length === 0 ? (
        <State icon="CheckCircle" title="Nothing was given up">
          What cannot be done after several attempts stands here, with its reason.
        </State>
      ) : (
        <ul className="card jobs-dead">
          {dead.map((one) => (
            <DeadRow key={one.id} one={one} done={done} />
          ))}
        </ul>
      )}
      {more ? <p className="muted">There are more: these are the newest.</p> : null}
    </section>
  )
}

function DeadRow({ one, done }: { one: Dead; done: () => void }) {
  const { timeZone } = useSchool()
  const { id, what, handler, error, attempts, behind, payload, diedAt, about } = one
  return (
    <li>
      <div>
        <p>
          <Link to={recordPath(DELIVERY, id)}>
            <strong>{what}</strong>
          </Link>{' '}
          <span className="muted">{handler}</span>
        </p>
        <p className="jobs-error">{error}</p>
        <p className="muted">
          {attempts === 1 ? 'One attempt' : `${attempts} attempts`}, the last on{' '}
          <time dateTime={diedAt}>{formatDateTime(diedAt, timeZone)}</time>
          {behind > 0 ? `. ${behind === 1 ? 'One event waits' : `${behind} events wait`} behind it.` : ''}
        </p>
        {about ? <Link to={recordPath(about.model, about.id)}>Open the record</Link> : null}
        <details>
          <summary>What it says</summary>
          <pre>{JSON.stringify(payload, null, 2)}</pre>
        </details>
      </div>
      <Decisions id={id} what={what} done={done} />
    </li>
  )
}

function Decisions({ id, what, done }: { id: string; what: string; done: () => void }) {
  const ask = useActionDialog()
  const resource = useResource(DELIVERY)
  const named = (wanted: string) => resource?.actions.find(({ name }) => name === wanted)
  const [retry, skip] = [named('retry'), named('skip')]
  if (!resource || !retry || !skip) return null
  const open = (action: typeof retry) => () =>
    ask({ resource, action, target: { resourceId: DELIVERY, recordId: id }, stay: true, done })
  return (
    <div className="approval-buttons">
      <button type="button" className="button" onClick={open(retry)}>
        <Icon name="RefreshCw" size={16} /> Try again<span className="sr-only"> {what}</span>
      </button>
      <button type="button" className="button button-danger-quiet" onClick={open(skip)}>
        <Icon name="SkipForward" size={16} /> Skip<span className="sr-only"> {what}</span>
      </button>
    </div>
  )
}
