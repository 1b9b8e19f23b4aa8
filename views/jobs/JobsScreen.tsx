import React, { useEffect } from 'react'
import { useLoad } from '../load.ts'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Skeleton, State } from '../parts/State.tsx'
import { useTitleOfPage } from '../title.ts'
import { DeadList } from './DeadList.tsx'
import { Replay } from './Replay.tsx'
import type { Backlog, Deliveries } from './types.ts'
import { Workers } from './Workers.tsx'
import { ago } from './ago.ts'

const LOOK_AGAIN_MS = 10_000

/** What is done behind the screens when something happened: how far it is, what went wrong, and who is at it. */
export function JobsScreen() {
  const { data, error, reload } = useLoad<Deliveries>('/panel/jobs')
  useTitleOfPage('Jobs')
  useEffect(() => {
    // what is being read, or decided about, stays as it is
    const look = () => document.hidden || document.querySelector('dialog[open], details[open]') || reload()
    const timer = setInterval(look, LOOK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [reload])
  return (
    <div className="board board-narrow jobs">
      <div className="screen-head">
        <h1>Jobs</h1>
        <Replay done={reload} />
      </div>
      <p className="lead">
        Whatever happens in the school is told to those who act on it, for example by writing to the learner.
      </p>
      {error ? <ErrorState error={error} retry={reload} /> : null}
      {!error && !data ? <Skeleton lines={8} /> : null}
      {!error && data ? (
        <>
          <Workers workers={data.workers} />
          <Backlogs data={data} />
          <DeadList dead={data.dead} more={data.more} done={reload} />
        </>
      ) : null}
    </div>
  )
}

function Backlogs({ data: { backlog, untaken } }: { data: Deliveries }) {
  const open = backlog.filter(({ waiting, inHand }) => waiting + inHand > 0)
  return (
    <section className="jobs-part" aria-label="To be done">
      <h2>To be done</h2>
      {open.length === 0 && untaken.count === 0 ? (
        <State icon="CheckCircle" title="Everything is done">
          No event waits.
        </State>
      ) : (
        <table className="card jobs-table">
          <thead>
            <tr>
              <th scope="col">Handler</th>
              <th scope="col">Waiting</th>
              <th scope="col">In hand</th>
              <th scope="col">The oldest</th>
            </tr>
          </thead>
          <tbody>
            {untaken.count > 0 ? (
              <tr>
                <th scope="row">Not taken up yet</th>
                <td className="number">{untaken.count}</td>
                <td className="number">0</td>
                <td>{untaken.since ? ago(untaken.since) : ''}</td>
              </tr>
            ) : null}
            {open.map((one) => (
              <BacklogRow key={one.handler} one={one} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function BacklogRow({ one: { handler, waiting, inHand, since } }: { one: Backlog }) {
  return (
    <tr>
      <th scope="row">{handler}</th>
      <td className="number">{waiting}</td>
      <td className="number">{inHand}</td>
      <td>{since ? <time dateTime={since}>{ago(since)}</time> : ''}</td>
    </tr>
  )
}
