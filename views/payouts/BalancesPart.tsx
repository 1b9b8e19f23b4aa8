import React from 'react'
import { Link } from 'react-router-dom'
import { formatMoney } from '../format.ts'
import { useLoad } from '../load.ts'
import { Badge } from '../parts/Badge.tsx'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Skeleton, State } from '../parts/State.tsx'
import { listPath, pagePath, recordPath } from '../paths.ts'
import type { InstructorBalance } from './types.ts'

/** What is owed to each instructor, what of it is held, what was paid, and what they owe. */
export function BalancesPart() {
  const { data, error, reload } = useLoad<{ balances: InstructorBalance[] }>('/panel/payout-balances')
  if (error) return <ErrorState error={error} retry={reload} />
  if (!data) return <Skeleton lines={6} />
  return (
    <>
      <div className="money-head">
        <p className="muted">
          By the books: what instructors have earned and not got yet. What one owes is taken off the next batch.
        </p>
        <div className="approval-buttons">
          <Link className="button" to={listPath('PayoutBatch')}>
            Payout batches
          </Link>
          <Link className="button" to={listPath('Payout')}>
            Payouts
          </Link>
        </div>
      </div>
      {data.balances.length === 0 ? (
        <State icon="CheckCircle" title="Nothing is owed to anybody">
          As soon as a paid lesson is completed it stands here.
        </State>
      ) : (
        <div className="payout-table" role="group" aria-label="Balances" tabIndex={0}>
          <table className="card jobs-table">
            <thead>
              <tr>
                <th scope="col">Instructor</th>
                <th scope="col" className="number">
                  Owed
                </th>
                <th scope="col" className="number">
                  To pay
                </th>
                <th scope="col" className="number">
                  Held
                </th>
                <th scope="col" className="number">
                  Owes
                </th>
                <th scope="col" className="number">
                  Paid so far
                </th>
                <th scope="col">
                  <span className="sr-only">Statement</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.balances.map((one) => (
                <BalanceRow key={one.instructorId + one.currency} one={one} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}

function BalanceRow({ one }: { one: InstructorBalance }) {
  const money = (cents: number) => (cents === 0 ? '–' : formatMoney(cents, one.currency))
  return (
    <tr>
      <th scope="row">
        <Link to={recordPath('Instructor', one.instructorId)}>{one.instructor}</Link>
        {one.onboarding === 'complete' ? null : <Badge tone="warning">Stripe not ready</Badge>}
      </th>
      <td className="number">{money(one.owedCents)}</td>
      <td className="number">{money(one.openCents)}</td>
      <td className="number">{money(one.heldCents)}</td>
      <td className="number">{money(one.debtCents)}</td>
      <td className="number">{money(one.paidCents)}</td>
      <td>
        <Link to={`${pagePath('statement')}?instructor=${one.instructorId}`}>
          Statement<span className="sr-only"> of {one.instructor}</span>
        </Link>
      </td>
    </tr>
  )
}
