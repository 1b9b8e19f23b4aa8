import React from 'react'
import { Link } from 'react-router-dom'
import { formatMoney } from '../format.ts'
import { useLoad } from '../load.ts'
import { Badge } from '../parts/Badge.tsx'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Skeleton, State } from '../parts/State.tsx'
import { listPath, recordPath } from '../paths.ts'
import { useSchool } from '../session.ts'
import type { Tone } from '../types.ts'
import { formatDateTime } from '../zone.ts'
import { timeLeft, urgency } from './due.ts'
import { EvidencePack } from './EvidencePack.tsx'
import type { Dispute, Disputes } from './types.ts'
import { usePageAction } from './useDisputeActions.ts'

/** By the day until which they can be answered. */
export function DisputesPart() {
  const { data, error, reload } = useLoad<Disputes>('/panel/money/disputes')
  if (error) return <ErrorState error={error} retry={reload} />
  if (!data) return <Skeleton lines={6} />
  return (
    <>
      <Section title="To answer" disputes={data.toAnswer} reload={reload}>
        <State icon="CheckCircle" title="Nothing to answer">
          When a learner’s bank takes a payment back, it stands here with the day until which you can say what happened.
        </State>
      </Section>
      <Section title="With the bank" disputes={data.atBank} reload={reload} />
      <Section title="Decided lately" disputes={data.decided} reload={reload} />
      <p className="board-foot">
        <Link to={listPath('Dispute')}>All disputes</Link>
      </p>
    </>
  )
}

interface SectionProps {
  title: string
  disputes: Dispute[]
  reload: () => void
  /** What stands there when there are none. */
  children?: React.ReactNode
}

function Section({ title, disputes, reload, children }: SectionProps) {
  if (disputes.length === 0 && !children) return null
  return (
    <section className="approvals-part" aria-label={title}>
      <h2>{title}</h2>
      {disputes.length === 0 ? (
        children
      ) : (
        <ul className="approvals card">
          {disputes.map((dispute) => (
            <DisputeRow key={dispute.id} dispute={dispute} reload={reload} />
          ))}
        </ul>
      )}
    </section>
  )
}

function DisputeRow({ dispute, reload }: { dispute: Dispute; reload: () => void }) {
  const { timeZone } = useSchool()
  const { id, amountCents, currency, learner, reason, lessonAt, openedAt } = dispute
  const title = `${formatMoney(amountCents, currency)}, ${learner}`
  return (
    <li>
      <div>
        <p>
          <Link to={recordPath('Dispute', id)}>
            <strong>{title}</strong>
          </Link>{' '}
          <Standing dispute={dispute} />
        </p>
        <p>
          {reason}
          {lessonAt ? ` · lesson on ${formatDateTime(lessonAt, timeZone)}` : ''}
        </p>
        <p className="muted">
          Opened on <time dateTime={openedAt}>{formatDateTime(openedAt, timeZone)}</time>
          <Until dispute={dispute} timeZone={timeZone} />
        </p>
        {dispute.failureCode ? (
          <p className="money-failed">
            Stripe did not take the answer ({dispute.failureCode.replaceAll('_', ' ')}). Answer it again.
          </p>
        ) : null}
      </div>
      <Answers dispute={dispute} title={title} reload={reload} />
    </li>
  )
}

const outcomes: Record<string, { label: string; tone: Tone }> = {
  under_review: { label: 'Under review', tone: 'info' },
  won: { label: 'Won', tone: 'success' },
  lost: { label: 'Lost', tone: 'danger' },
  closed: { label: 'Ended', tone: 'default' },
}

function Standing({ dispute: { status, answer, answeredAt, hoursLeft } }: { dispute: Dispute }) {
  const outcome = outcomes[status]
  if (outcome) return <Badge tone={outcome.tone}>{outcome.label}</Badge>
  if (answer && !answeredAt) return <Badge tone="info">Answer on its way</Badge>
  if (hoursLeft === null) return null
  return <Badge tone={urgency(hoursLeft)}>{timeLeft(hoursLeft)}</Badge>
}

function Until({ dispute: { evidenceDueBy, closedAt }, timeZone }: { dispute: Dispute; timeZone: string }) {
  if (closedAt)
    return (
      <>
        , decided on <time dateTime={closedAt}>{formatDateTime(closedAt, timeZone)}</time>
      </>
    )
  if (!evidenceDueBy) return null
  return (
    <>
      , answer until <time dateTime={evidenceDueBy}>{formatDateTime(evidenceDueBy, timeZone)}</time>
    </>
  )
}

function Answers({ dispute, title, reload }: { dispute: Dispute; title: string; reload: () => void }) {
  const submit = usePageAction('Dispute', 'submit-evidence', reload)
  const accept = usePageAction('Dispute', 'accept', reload)
  const waits = dispute.answer === null && (dispute.status === 'warning' || dispute.status === 'needs_response')
  return (
    <div className="approval-buttons">
      <EvidencePack id={dispute.id} of={title} />
      {waits && submit ? (
        <button type="button" className="button button-primary" onClick={() => submit(dispute.id)}>
          <Icon name="Send" size={16} /> Submit evidence<span className="sr-only"> {title}</span>
        </button>
      ) : null}
      {waits && accept ? (
        <button type="button" className="button button-danger-quiet" onClick={() => accept(dispute.id)}>
          <Icon name="Slash" size={16} /> Accept<span className="sr-only"> {title}</span>
        </button>
      ) : null}
    </div>
  )
}
