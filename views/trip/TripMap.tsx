import React, { useId } from 'react'
import type { Drive } from './types.ts'
import {
  SHEET,
  distance,
  lasting,
  legsOf,
  milestonesOf,
  paceLabels,
  paces,
  projectionFor,
  scaleBar,
} from './projection.ts'

interface TripMapProps {
  drive: Drive
  /** Metres and seconds of the lesson, where it has ended. */
  meters: number | null
  seconds: number | null
}

/** A trip on a sheet without a map under it: the way, where it began and ended, how fast it went. Nothing is asked of anybody. */
export function TripMap({ drive, meters, seconds }: TripMapProps) {
  const id = useId()
  const positions = drive.stretches.flat()
  const last = positions.at(-1)
  const driven = meters ?? drive.meters
  const time = seconds ?? last?.[0] ?? 0
  const facts = [
    { label: 'Distance', value: `${meters === null ? 'about ' : ''}${distance(driven)}` },
    { label: 'Duration', value: lasting(time) },
    ...(time > 0 ? [{ label: 'On average', value: `${Math.round((driven / time) * 3.6)} km/h` }] : []),
    ...(drive.fastestKph === null ? [] : [{ label: 'Fastest', value: `${Math.round(drive.fastestKph)} km/h` }]),
    { label: 'Positions', value: String(drive.recorded) },
  ]
  const said = `Trip from ${drive.startedAt}: ${facts.map(({ label, value }) => `${label.toLowerCase()} ${value}`).join(', ')}.`
  return (
    <figure className="trip" aria-describedby={`${id}-said`}>
      <p id={`${id}-said`} className="sr-only">
        {said}
      </p>
      <dl className="trip-facts">
        {facts.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {positions.length > 0 ? <Sheet drive={drive} said={said} /> : <Nothing drive={drive} />}
      {positions.length > 1 ? <InWords drive={drive} /> : null}
    </figure>
  )
}

function Nothing({ drive: { purgedAt } }: { drive: Drive }) {
  return (
    <p className="muted">
      {purgedAt
        ? `The positions were deleted on ${purgedAt}. What is left is the distance and the duration.`
        : 'No position was recorded.'}
    </p>
  )
}

function Sheet({ drive: { stretches, endedAt }, said }: { drive: Drive; said: string }) {
  const positions = stretches.flat()
  const { at, perMeter } = projectionFor(positions)
  const bar = scaleBar(perMeter)
  const [first, last] = [positions[0]!, positions.at(-1)!]
  const legs = stretches.flatMap((stretch) => legsOf(stretch))
  const shown = paces.filter((pace) => legs.some((leg) => leg.pace === pace))
  const line = legs.map(({ pace, positions: along }) => ({
    pace,
    points: along.map((one) => `${at(one).x.toFixed(1)},${at(one).y.toFixed(1)}`).join(' '),
  }))
  return (
    <>
      <svg className="trip-sheet" viewBox={`0 0 ${SHEET.width} ${SHEET.height}`} role="img" aria-label={said}>
        {/* a light edge keeps the line apart from itself where it crosses */}
        {line.map(({ points }, index) => (
          <polyline key={index} className="trip-edge" points={points} />
        ))}
        {line.map(({ pace, points }, index) => (
          <polyline key={index} className={`trip-way trip-${pace}`} points={points} />
        ))}
        <Mark place={at(last)} label={endedAt ? 'End' : 'Last seen'} kind="end" />
        <Mark place={at(first)} label="Start" kind="start" />
        <g className="trip-scale" transform={`translate(${SHEET.margin} ${SHEET.height - 16})`}>
          <path d={`M0 -6V0H${bar.units.toFixed(1)}V-6`} />
          <text x={bar.units / 2} y={-8} textAnchor="middle">
            {distance(bar.meters)}
          </text>
        </g>
        <g className="trip-north" transform={`translate(${SHEET.width - 28} 40)`}>
          <path d="M0 -14L6 6L0 2L-6 6Z" />
          <text y={30} textAnchor="middle">
            N
          </text>
        </g>
      </svg>
      <figcaption className="trip-legend">
        {shown.map((pace) => (
          <span key={pace}>
            <svg width="28" height="8" aria-hidden="true">
              <line x1="2" y1="4" x2="26" y2="4" className={`trip-way trip-${pace}`} />
            </svg>{' '}
            {paceLabels[pace]}
          </span>
        ))}
      </figcaption>
    </>
  )
}

/** The words stand on the side of the sheet that has room for them. */
function Mark({ place, label, kind }: { place: { x: number; y: number }; label: string; kind: 'start' | 'end' }) {
  const isRight = place.x > SHEET.width / 2
  const below = kind === 'end'
  return (
    <g className={`trip-mark trip-mark-${kind}`} transform={`translate(${place.x.toFixed(1)} ${place.y.toFixed(1)})`}>
      {kind === 'start' ? <circle r="8" /> : <rect x="-7" y="-7" width="14" height="14" rx="2" />}
      <text x={isRight ? -13 : 13} y={below ? 16 : -8} textAnchor={isRight ? 'end' : 'start'}>
        {label}
      </text>
    </g>
  )
}

function InWords({ drive }: { drive: Drive }) {
  return (
    <details className="trip-words">
      <summary>The trip in words</summary>
      <p className="muted">
        {drive.startedAt}
        {drive.endedAt ? ` to ${drive.endedAt}` : ', and it goes on'}
      </p>
      <div className="table-scroll" role="group" aria-label="Moments of the trip" tabIndex={0}>
        <table className="trip-table">
          <thead>
            <tr>
              <th scope="col">After</th>
              <th scope="col">Driven</th>
              <th scope="col">Speed</th>
            </tr>
          </thead>
          <tbody>
            {milestonesOf(drive.stretches).map((one, index) => (
              <tr key={index}>
                <td>{one.after}</td>
                <td>{one.driven}</td>
                <td>{one.speed}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
