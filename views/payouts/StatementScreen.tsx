import React from 'react'
import { useSearchParams } from 'react-router-dom'
import { formatMoney } from '../format.ts'
import { useLoad } from '../load.ts'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Skeleton, State } from '../parts/State.tsx'
import { listPath, recordPath } from '../paths.ts'
import { Breadcrumbs } from '../record/Breadcrumbs.tsx'
import { ChooseInstructor } from '../record/ChooseInstructor.tsx'
import { useSchool } from '../session.ts'
import { useTitleOfPage } from '../title.ts'
import { useDownload } from '../useDownload.ts'
import type { Statement, StatementLine } from './types.ts'

/** What an instructor earned and got in a period: opening balance, lines, closing balance. To be read, printed or saved. */
export function StatementScreen() {
  const [query, setQuery] = useSearchParams()
  const instructor = query.get('instructor')
  if (!instructor) return <ChooseInstructor title="Statement" choose={(id) => setQuery({ instructor: id })} />
  return <StatementOf key={instructor} instructor={instructor} />
}

function StatementOf({ instructor }: { instructor: string }) {
  const [query, setQuery] = useSearchParams()
  const days = Object.fromEntries(['from', 'to'].flatMap((name) => (query.get(name) ? [[name, query.get(name)!]] : [])))
  const asked = new URLSearchParams(days).toString()
  const address = `/panel/instructor-statement/${encodeURIComponent(instructor)}`
  const { data, error, reload } = useLoad<Statement>(`${address}?${asked}`)
  const { name } = useSchool()
  useTitleOfPage(data ? `Statement of ${data.instructor.title}` : 'Statement')
  const change = (more: Record<string, string>) => setQuery({ instructor, ...days, ...more })
  return (
    <div className="board board-narrow money statement">
      {data ? (
        <Breadcrumbs
          trail={[
            { label: 'Instructors', to: listPath('Instructor') },
            { label: data.instructor.title, to: recordPath('Instructor', data.instructor.id) },
          ]}
        />
      ) : null}
      <div className="screen-head">
        <h1>{data ? `Statement of ${data.instructor.title}` : 'Statement'}</h1>
      </div>
      {error ? <ErrorState error={error} retry={reload} /> : null}
      {!data && !error ? <Skeleton lines={8} /> : null}
      {data ? (
        <>
          <div className="money-head">
            <Days statement={data} change={change} />
            <Buttons file={`${address}/file?${asked}`} />
          </div>
          <p className="statement-school">
            {name}, {data.from} to {data.to}
          </p>
          <Sums statement={data} />
          <Lines statement={data} />
        </>
      ) : null}
    </div>
  )
}

function Days({ statement, change }: { statement: Statement; change: (more: Record<string, string>) => void }) {
  return (
    <div className="statement-days">
      {(['from', 'to'] as const).map((name) => (
        <label key={name}>
          <span>{name === 'from' ? 'From' : 'To'}</span>
          <input
            type="date"
            className="input"
            value={statement[name]}
            onChange={({ target }) => target.value && change({ [name]: target.value })}
          />
        </label>
      ))}
    </div>
  )
}

function Buttons({ file }: { file: string }) {
  const { busy, save } = useDownload('The audit log says who took it.')
  return (
    <div className="approval-buttons">
      <button type="button" className="button" aria-disabled={busy} onClick={() => void save(file)}>
        <Icon name="Download" size={16} /> Export
      </button>
      <button type="button" className="button" onClick={() => window.print()}>
        <Icon name="Printer" size={16} /> Print
      </button>
    </div>
  )
}

function Sums({ statement }: { statement: Statement }) {
  const money = (cents: number) => formatMoney(cents, statement.currency)
  const sums = [
    ['Owed before', statement.openingCents],
    ['Earned', statement.earnedCents],
    ['Transferred', statement.transferredCents],
    ['Owed now', statement.closingCents],
  ] as const
  return (
    <dl className="money-boxes">
      {sums.map(([label, cents]) => (
        <div key={label} className="card">
          <dt>{label}</dt>
          <dd className="number">{money(cents)}</dd>
        </div>
      ))}
    </dl>
  )
}

function Lines({ statement: { lines, currency, ...sums } }: { statement: Statement }) {
  const money = (cents: number) => formatMoney(cents, currency)
  if (lines.length === 0)
    return (
      <State icon="FileText" title="Nothing in this period">
        The balance stays at {money(sums.closingCents)}.
      </State>
    )
  return (
    <div className="payout-table" role="group" aria-label="Lines of the statement" tabIndex={0}>
      <table className="card jobs-table">
        <thead>
          <tr>
            <th scope="col">Date</th>
            <th scope="col">What</th>
            <th scope="col" className="number">
              Amount
            </th>
            <th scope="col" className="number">
              Balance
            </th>
          </tr>
        </thead>
        <tbody>
          <Balance label="Opening balance" amount={money(sums.openingCents)} />
          {lines.map((line) => (
            <Line key={line.id} line={line} money={money} />
          ))}
          <Balance label="Closing balance" amount={money(sums.closingCents)} />
        </tbody>
      </table>
    </div>
  )
}

function Line({ line, money }: { line: StatementLine; money: (cents: number) => string }) {
  const about = [line.about, line.lessonAt].filter(Boolean).join(', ')
  return (
    <tr className={line.isTransfer ? 'statement-transfer' : ''}>
      <td>{line.at}</td>
      <td>
        {line.what}
        {about ? <span className="muted statement-about">{about}</span> : null}
        {line.reference ? <code className="statement-about">{line.reference}</code> : null}
      </td>
      <td className="number">{money(line.cents)}</td>
      <td className="number">{money(line.balanceCents)}</td>
    </tr>
  )
}

const Balance = ({ label, amount }: { label: string; amount: string }) => (
  <tr className="statement-balance">
    <th scope="row" colSpan={3}>
      {label}
    </th>
    <td className="number">{amount}</td>
  </tr>
)
