import React, { useEffect, useRef } from 'react'
import { Link } from 'react-router-dom'
import { useActionDialog } from '../action/ActionDialog.tsx'
import { useLoad } from '../load.ts'
import { Badge } from '../parts/Badge.tsx'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Skeleton, State } from '../parts/State.tsx'
import { recordPath } from '../paths.ts'
import { useSchool } from '../session.ts'
import { useTitleOfPage } from '../title.ts'
import type { ActionJSON, Tone } from '../types.ts'
import { formatDateTime } from '../zone.ts'
import { useDeciding, useWaiting } from './waiting.ts'

/** What colleagues want done and somebody must agree to (src/admin/actions/waiting-runs.ts). */
interface Waiting {
  model: string
  id: string
  summary: string
  askedBy: string | null
  askedAt: string
  open: { model: string; id: string } | null
}

interface Asked {
  id: string
  summary: string
  askedAt: string
  status: string
  sentence: string
}

const LOOK_AGAIN_MS = 30_000

/** What waits for the person, and what became of what they asked for themselves. */
export function ApprovalsScreen() {
  const { data, error, reload } = useLoad<{ waiting: Waiting[]; asked: Asked[] }>('/panel/approvals')
  const deciding = useDeciding()
  const count = useWaiting()
  useTitleOfPage('Approvals')
  useEffect(() => {
    // a list behind an open question stays as it is
    const look = () => document.hidden || document.querySelector('dialog[open]') || reload()
    const timer = setInterval(look, LOOK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [reload])
  const shown = useRef(count)
  useEffect(() => {
    // the number in the navigation has changed: so has the list
    if (shown.current !== null && shown.current !== count) reload()
    shown.current = count
  }, [count, reload])
  return (
    <div className="board board-narrow">
      <div className="screen-head">
        <h1>Approvals</h1>
      </div>
      {error ? <ErrorState error={error} retry={reload} /> : null}
      {!error && !data ? <Skeleton lines={5} /> : null}
      {!error && data && deciding ? <WaitingList waiting={data.waiting} decided={reload} /> : null}
      {!error && data ? <AskedList asked={data.asked} isAlone={!deciding} /> : null}
    </div>
  )
}

function WaitingList({ waiting, decided }: { waiting: Waiting[]; decided: () => void }) {
  return (
    <section className="approvals-part" aria-label="Waiting for you">
      <h2>Waiting for you</h2>
      {waiting.length === 0 ? (
        <State icon="CheckCircle" title="Nothing waits for you">
          What a colleague asks for and you may agree to stands here.
        </State>
      ) : (
        <ul className="approvals card">
          {waiting.map((one) => (
            <WaitingRow key={one.id} one={one} decided={decided} />
          ))}
        </ul>
      )}
    </section>
  )
}

function WaitingRow({ one, decided }: { one: Waiting; decided: () => void }) {
  const { timeZone } = useSchool()
  const { model, id, summary, askedBy, askedAt, open } = one
  return (
    <li>
      <div>
        <Link to={recordPath(model, id)}>
          <strong>{summary}</strong>
        </Link>
        <p className="muted">
          {askedBy ?? 'The program'} asked for it on <time dateTime={askedAt}>{formatDateTime(askedAt, timeZone)}</time>
        </p>
        {open ? <Link to={recordPath(open.model, open.id)}>Open the record</Link> : null}
      </div>
      <Decisions one={one} decided={decided} />
    </li>
  )
}

/** What agreeing would do is shown in the dialog, before anything happens. */
function Decisions({ one, decided }: { one: Waiting; decided: () => void }) {
  const { model, id, summary } = one
  const ask = useActionDialog()
  const deciding = useDeciding(model)
  if (!deciding) return null
  const { resource, approve, reject } = deciding
  const open = (action: ActionJSON) => () =>
    ask({ resource, action, target: { resourceId: model, recordId: id }, stay: true, done: decided })
  return (
    <div className="approval-buttons">
      <button type="button" className="button button-primary" onClick={open(approve)}>
        <Icon name="CheckCircle" size={16} /> Approve<span className="sr-only"> {summary}</span>
      </button>
      <button type="button" className="button button-danger-quiet" onClick={open(reject)}>
        <Icon name="XCircle" size={16} /> Reject<span className="sr-only"> {summary}</span>
      </button>
    </div>
  )
}

const states: Record<string, { label: string; tone: Tone }> = {
  waiting: { label: 'Waiting', tone: 'warning' },
  queued: { label: 'Agreed', tone: 'info' },
  running: { label: 'Under way', tone: 'info' },
  succeeded: { label: 'Done', tone: 'success' },
  failed: { label: 'Not done', tone: 'danger' },
  rejected: { label: 'Rejected', tone: 'danger' },
}

function AskedList({ asked, isAlone }: { asked: Asked[]; isAlone: boolean }) {
  const { timeZone } = useSchool()
  if (asked.length === 0 && !isAlone) return null
  return (
    <section className="approvals-part" aria-label="You asked for">
      <h2>You asked for</h2>
      {asked.length === 0 ? (
        <State icon="UserCheck" title="Nothing is waiting">
          What you ask for and somebody else must agree to stands here, with what became of it.
        </State>
      ) : (
        <ul className="approvals card">
          {asked.map(({ id, summary, askedAt, status, sentence }) => (
            <li key={id}>
              <div>
                <p>
                  <strong>{summary}</strong>{' '}
                  <Badge tone={states[status]?.tone ?? 'default'}>{states[status]?.label ?? status}</Badge>
                </p>
                <p>{sentence}</p>
                <p className="muted">
                  Asked for on <time dateTime={askedAt}>{formatDateTime(askedAt, timeZone)}</time>
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
