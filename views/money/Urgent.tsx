import React from 'react'
import { Link } from 'react-router-dom'
import { useResource } from '../areas.ts'
import { useLoad } from '../load.ts'
import { listPath, pagePath } from '../paths.ts'
import { useSchool } from '../session.ts'
import { formatDateTime } from '../zone.ts'
import type { Urgent as Counts } from './types.ts'

/** Money that waits for somebody, each with the way to it. @param quiet nothing is said while nothing waits */
export function Urgent({ quiet = false }: { quiet?: boolean }) {
  const reads = useResource('LedgerEntry') !== undefined
  const { timeZone } = useSchool()
  const { data } = useLoad<Counts>(reads ? '/panel/money/today' : null)
  if (!reads || !data) return null
  const first = data.disputes > 1 ? 'the first ' : ''
  const due = data.dueBy ? `, ${first}until ${formatDateTime(data.dueBy, timeZone)}` : ''
  const list = (model: string, scope: string) => `${listPath(model)}?${new URLSearchParams({ scope })}`
  const all = [
    { count: data.disputes, one: 'Dispute', many: 'Disputes', what: `to answer${due}`, to: pagePath('money') },
    {
      count: data.exceptions,
      one: 'Gap',
      many: 'Gaps',
      what: 'between Stripe and the books',
      to: `${pagePath('money')}?tab=reconciliation`,
    },
    { count: data.refunds, one: 'Refund', many: 'Refunds', what: 'to approve', to: list('Refund', 'to-approve') },
    {
      count: data.batches,
      one: 'Batch',
      many: 'Batches',
      what: 'of payouts to approve',
      to: list('PayoutBatch', 'to-approve'),
    },
    { count: data.failedRefunds, one: 'Refund', many: 'Refunds', what: 'that failed', to: list('Refund', 'failed') },
    { count: data.failedPayouts, one: 'Payout', many: 'Payouts', what: 'that failed', to: list('Payout', 'failed') },
  ]
  const shown = quiet ? all.slice(0, 2).filter(({ count }) => count > 0) : all
  if (shown.length === 0) return null
  return (
    <ul className="waiting money-waiting" aria-label="Money that waits">
      {shown.map(({ count, what, one, many, to }) => (
        <li key={many + what}>
          <Link className={count > 0 ? 'waiting-some' : ''} to={to}>
            <strong className="number">{count}</strong>
            <span>
              {count === 1 ? one : many} {what}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
