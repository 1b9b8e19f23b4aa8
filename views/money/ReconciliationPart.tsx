import React, { useEffect, useState } from 'react'
import { Link } from 'react-router-dom'
import { formatMoney } from '../format.ts'
import { useLoad } from '../load.ts'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Skeleton, State } from '../parts/State.tsx'
import { listPath, recordPath } from '../paths.ts'
import { useSchool } from '../session.ts'
import { formatDateTime, formatDay } from '../zone.ts'
import type { Gap, Reconciliation, Run } from './types.ts'
import { usePageAction } from './useDisputeActions.ts'

const LOOK_AGAIN_MS = 3_000
const WAITS_MS = 60_000

/** Whether Stripe and the books agree; what does not waits for somebody to explain it. */
export function ReconciliationPart() {
  const { data, error, reload } = useLoad<Reconciliation>('/panel/money/reconciliation')
  const latest = data?.runs[0]
  const began = useWaitForRun(latest?.id, reload)
  const start = usePageAction('ReconciliationRun', 'start', began)
  if (error) return <ErrorState error={error} retry={reload} />
  if (!data) return <Skeleton lines={6} />
  return (
    <>
      <div className="money-head">
        {latest ? (
          <Latest run={latest} />
        ) : (
          <p>Stripe and the books have not been compared yet. It is done every night.</p>
        )}
        {start ? (
          <button type="button" className="button" onClick={() => start()}>
            <Icon name="RefreshCw" size={16} /> Compare now
          </button>
        ) : null}
      </div>
      <Gaps gaps={data.open} count={data.count} isCompared={latest !== undefined} reload={reload} />
      {latest && latest.days.length > 0 ? <Days run={latest} /> : null}
      <p className="board-foot">
        <Link to={listPath('ReconciliationException')}>All exceptions</Link> ·{' '}
        <Link to={listPath('ReconciliationRun')}>All comparisons</Link>
      </p>
    </>
  )
}

/** After a run was wanted the page looks until it is there. */
function useWaitForRun(latest: string | undefined, reload: () => void): () => void {
  const [before, setBefore] = useState<{ run: string | undefined; at: number } | null>(null)
  useEffect(() => {
    if (!before || before.run !== latest || Date.now() - before.at > WAITS_MS) return undefined
    const timer = setInterval(reload, LOOK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [before, latest, reload])
  return () => {
    setBefore({ run: latest, at: Date.now() })
    reload()
  }
}

function Latest({ run }: { run: Run }) {
  const { timeZone, currency } = useSchool()
  const agree = run.stripeCents === run.ledgerCents
  return (
    <p>
      Compared on <time dateTime={run.createdAt}>{formatDateTime(run.createdAt, timeZone)}</time>
      {run.by ? ` by ${run.by}` : ''}: {run.movements} movements since {formatDateTime(run.coversFrom, timeZone)}.{' '}
      {agree
        ? `Stripe and the books both have ${formatMoney(run.stripeCents, currency)}.`
        : `Stripe has ${formatMoney(run.stripeCents, currency)}, the books ${formatMoney(run.ledgerCents, currency)}.`}
    </p>
  )
}

const kinds: Record<string, string> = {
  missing_in_ledger: 'Missing in the books',
  missing_at_stripe: 'Missing at Stripe',
  amount_differs: 'Another amount',
  fee_differs: 'Another fee',
}

interface GapsProps {
  gaps: Gap[]
  count: number
  isCompared: boolean
  reload: () => void
}

function Gaps({ gaps, count, isCompared, reload }: GapsProps) {
  const explain = usePageAction('ReconciliationException', 'explain', reload)
  return (
    <section className="approvals-part" aria-label="To explain">
      <h2>To explain</h2>
      {gaps.length === 0 ? (
        <State
          icon={isCompared ? 'CheckCircle' : 'Clock'}
          title={isCompared ? 'Stripe and the books agree' : 'Nothing was compared yet'}
        >
          Where they do not, the difference stands here until somebody says why. Nothing is put right by itself.
        </State>
      ) : (
        <ul className="approvals card">
          {gaps.map((gap) => (
            <li key={gap.id}>
              <div>
                <p>
                  <Link to={recordPath('ReconciliationException', gap.id)}>
                    <strong>{gap.description}</strong>
                  </Link>
                </p>
                <p className="muted">
                  {kinds[gap.kind] ?? gap.kind}, {formatMoney(gap.differenceCents, gap.currency)}, {formatDay(gap.day)}
                </p>
                {gap.about ? <Link to={recordPath(gap.about.model, gap.about.id)}>Open the record</Link> : null}
              </div>
              {explain ? (
                <div className="approval-buttons">
                  <button type="button" className="button" onClick={() => explain(gap.id)}>
                    <Icon name="CheckCircle" size={16} /> Mark as explained
                    <span className="sr-only"> {gap.description}</span>
                  </button>
                </div>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {count > gaps.length ? (
        <p className="muted">And {count - gaps.length} more in the list of all exceptions.</p>
      ) : null}
    </section>
  )
}

function Days({ run }: { run: Run }) {
  const { currency } = useSchool()
  return (
    <section className="approvals-part" aria-label="By day">
      <h2>By day</h2>
      <div className="table-scroll card" role="group" aria-label="Sums by day" tabIndex={0}>
        <table className="jobs-table">
          <thead>
            <tr>
              <th scope="col">Day</th>
              <th scope="col" className="number">
                Movements
              </th>
              <th scope="col" className="number">
                At Stripe
              </th>
              <th scope="col" className="number">
                In the books
              </th>
            </tr>
          </thead>
          <tbody>
            {run.days.map(({ day, movements, stripeCents, ledgerCents }) => (
              <tr key={day} className={stripeCents === ledgerCents ? '' : 'money-differs'}>
                <th scope="row">{formatDay(day)}</th>
                <td className="number">{movements}</td>
                <td className="number">{formatMoney(stripeCents, currency)}</td>
                <td className="number">{formatMoney(ledgerCents, currency)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
