import React from 'react'
import { useSearchParams } from 'react-router-dom'
import { formatMoney } from '../format.ts'
import { useLoad } from '../load.ts'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Skeleton, State } from '../parts/State.tsx'
import { useSchool } from '../session.ts'
import { useDownload } from '../useDownload.ts'
import { zoneCity } from '../zone.ts'
import type { Statement } from './types.ts'

/** What the tax office wants to know of a quarter. */
export function GstPart() {
  const [query, setQuery] = useSearchParams()
  const wanted = query.get('quarter')
  const { data, error, reload } = useLoad<Statement>(
    `/panel/money/gst${wanted ? `?${new URLSearchParams({ quarter: wanted })}` : ''}`,
  )
  if (error) return <ErrorState error={error} retry={reload} />
  if (!data) return <Skeleton lines={6} />
  if (!data.registered)
    return (
      <State icon="Info" title="This school is not registered for GST">
        So it charges none and has no statement. Whether it is registered stands in the school’s record.
      </State>
    )
  return (
    <>
      <div className="money-head">
        <label className="money-quarter">
          <span>Quarter</span>
          <select
            className="input"
            value={data.quarter.key}
            onChange={(event) => setQuery({ tab: 'gst', quarter: event.target.value })}
          >
            {quartersOf(data).map(({ key, name }) => (
              <option key={key} value={key}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <Export quarter={data.quarter} />
      </div>
      <Boxes statement={data} />
      <Parts statement={data} />
      <Basis />
    </>
  )
}

/** One that is named in the address stands in the choice, also when nothing was in the books then. */
const quartersOf = ({ quarter, quarters }: Statement) =>
  quarters.some(({ key }) => key === quarter.key) ? quarters : [quarter, ...quarters]

function Export({ quarter }: { quarter: Statement['quarter'] }) {
  const { busy, save } = useDownload('The audit log says who exported it.')
  const path = `/panel/money/gst/export?quarter=${quarter.key}`
  return (
    <div className="approval-buttons">
      <button type="button" className="button" aria-disabled={busy} onClick={() => void save(path)}>
        <Icon name="Download" size={16} /> Export
      </button>
      <button type="button" className="button" onClick={() => window.print()}>
        <Icon name="Printer" size={16} /> Print
      </button>
    </div>
  )
}

function Boxes({ statement }: { statement: Statement }) {
  const { currency = 'AUD', salesCents = 0, gstOnSalesCents = 0, gstOnPurchasesCents = 0, owedCents = 0 } = statement
  const boxes = [
    { box: 'G1', what: 'Total sales, GST included', cents: salesCents },
    { box: '1A', what: 'GST on sales', cents: gstOnSalesCents },
    { box: '1B', what: 'GST on purchases', cents: gstOnPurchasesCents },
    { box: '', what: owedCents < 0 ? 'To come back' : 'To pay', cents: Math.abs(owedCents) },
  ]
  return (
    <dl className="money-boxes" aria-label={`Statement of ${statement.quarter.name}`}>
      {boxes.map(({ box, what, cents }) => (
        <div key={what} className="card">
          <dt>
            {box ? <strong>{box}</strong> : null} {what}
          </dt>
          <dd className="number">{formatMoney(cents, currency)}</dd>
          {/* the form takes whole dollars, the cents dropped */}
          <dd className="muted">{box ? `On the form: ${Math.trunc(cents / 100).toLocaleString('en')}` : ' '}</dd>
        </div>
      ))}
    </dl>
  )
}

function Parts({ statement: { parts, currency = 'AUD' } }: { statement: Statement }) {
  if (parts.length === 0) return <p>Nothing was received or paid in this quarter.</p>
  return (
    <div className="table-scroll card" role="group" aria-label="What it is made of" tabIndex={0}>
      <table className="jobs-table">
        <thead>
          <tr>
            <th scope="col">What it is made of</th>
            <th scope="col" className="number">
              Number
            </th>
            <th scope="col" className="number">
              With GST
            </th>
            <th scope="col" className="number">
              GST
            </th>
          </tr>
        </thead>
        <tbody>
          {parts.map(({ name, count, amountCents, gstCents }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="number">{count}</td>
              <td className="number">{formatMoney(amountCents, currency)}</td>
              <td className="number">{formatMoney(gstCents, currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Basis() {
  const { timeZone } = useSchool()
  return (
    <p className="muted money-basis">
      On a cash basis: what was received, given back and paid in the quarter by the clocks of {zoneCity(timeZone)},
      whenever the lessons are. Packages count when they are sold; a disputed payment counts until it is lost. 1B has
      what instructors who are registered for GST were paid; the tax on Stripe’s fees and on your other costs is on
      their invoices.
    </p>
  )
}
