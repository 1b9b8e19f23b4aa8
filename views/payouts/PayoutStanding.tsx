import React from 'react'
import { Link } from 'react-router-dom'
import { formatMoney } from '../format.ts'
import { useLoad } from '../load.ts'
import { Badge } from '../parts/Badge.tsx'
import { ErrorState } from '../parts/ErrorState.tsx'
import { recordPath } from '../paths.ts'
import type { Standing } from './types.ts'

/** On the screen of a payout: why it is not paid yet, or how far its money is. */
export function PayoutStanding({ id }: { id: string }) {
  const { data, error, reload } = useLoad<Standing>(`/panel/payout-standing/${encodeURIComponent(id)}`)
  if (error) return <ErrorState error={error} retry={reload} />
  if (!data) return null
  return (
    <section className="card payout-standing" aria-labelledby="payout-standing">
      <h2 id="payout-standing">Where the money is</h2>
      <p>{sentence(data)}</p>
      {data.debtCents > 0 && data.status === 'pending' ? (
        <p>
          The instructor owes {formatMoney(data.debtCents, data.currency)}: the next batch takes it off before anything
          is transferred.
        </p>
      ) : null}
      {data.bank ? <Bank bank={data.bank} /> : null}
    </section>
  )
}

function sentence({ status, obstacle, transfer, batch }: Standing): React.ReactNode {
  if (obstacle) return obstacle
  if (status === 'pending') return 'It can be paid: build a batch.'
  if (status === 'canceled') return 'It was called off.'
  if (status === 'deducted') return 'It is taken off what the instructor is paid next.'
  const named = batch ? <Link to={recordPath('PayoutBatch', batch.id)}>batch {batch.number}</Link> : 'its batch'
  if (status === 'batched') return <>In {named}, which is not paid yet.</>
  if (status === 'submitting' || status === 'unknown') return <>Stripe is being asked to transfer {transfer}.</>
  return (
    <>
      {transfer} went to the instructor’s Stripe account with {named}.
    </>
  )
}

const words = {
  pending: ['info', 'is on its way to the bank'],
  in_transit: ['info', 'is on its way to the bank'],
  paid: ['success', 'has arrived at the bank'],
  failed: ['danger', 'came back from the bank'],
  canceled: ['warning', 'was called off'],
} as const

function Bank({ bank }: { bank: NonNullable<Standing['bank']> }) {
  const [tone, said] = words[bank.status as keyof typeof words] ?? words.pending
  return (
    <p>
      <Badge tone={tone}>{bank.status.replace('_', ' ')}</Badge> From there it {said}.{' '}
      {bank.failureReason ?? (bank.arrivesOn && bank.status !== 'paid' ? `Expected on ${bank.arrivesOn}. ` : '')}{' '}
      <Link to={recordPath('BankPayout', bank.id)}>Bank transfer</Link>
    </p>
  )
}
