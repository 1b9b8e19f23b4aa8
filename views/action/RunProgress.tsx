import React, { useEffect, useState } from 'react'
import { Link } from 'react-router-dom'
import { ApiError, getJson, postJson } from '../api.ts'
import { formatNumber } from '../format.ts'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Skeleton, State } from '../parts/State.tsx'
import { pagePath, recordPath } from '../paths.ts'
import type { Answer } from './types.ts'

interface Run {
  summary: string | null
  progress: { done: number; of: number }
  answer: Answer
  /** It failed, and can be done once more as it is. */
  again: boolean
}

/** By how it stands; what has ended is looked at no more. */
const LOOK_AGAIN_MS: Partial<Record<Answer['state'], number>> = { running: 700, waiting: 10_000 }
const RETRY_MS = 700

/** How a run stands that takes long or waits for somebody. Asks again until it has ended. */
export function RunProgress({ run, back, backTo }: { run: string; back: string; backTo: string }) {
  const { data, error, tryAgain } = useRun(run)
  if (error) return <ErrorState error={error} />
  if (!data) return <Skeleton lines={3} />
  const way = (
    <Link className="button" to={backTo}>
      {back}
    </Link>
  )
  const { answer, progress } = data
  if (answer.state === 'running') return <Bar progress={progress} summary={data.summary} way={way} />
  if (answer.state === 'waiting')
    return (
      <State
        icon="UserCheck"
        title="Waiting for approval"
        actions={
          <>
            {way}
            <Link className="button" to={pagePath('approvals')}>
              What you asked for
            </Link>
          </>
        }
      >
        {answer.message}
      </State>
    )
  const isDone = answer.state === 'done'
  const open = isDone ? answer.open : null
  const actions = (
    <>
      {open ? (
        <Link className="button button-primary" to={recordPath(open.model, open.id)}>
          Open
        </Link>
      ) : null}
      {data.again ? (
        <button type="button" className="button button-primary" onClick={tryAgain}>
          Try again
        </button>
      ) : null}
      {way}
    </>
  )
  return (
    <State icon={isDone ? 'CheckCircle' : 'AlertCircle'} title={isDone ? 'Done' : 'Not done'} actions={actions}>
      {'message' in answer ? answer.message : ''}
    </State>
  )
}

function Bar({ progress: { done, of }, summary, way }: Pick<Run, 'progress' | 'summary'> & { way: React.ReactNode }) {
  const said = of > 0 ? `${formatNumber(done)} of ${formatNumber(of)}` : 'It is about to begin.'
  return (
    <State icon="Loader" title={summary ?? 'Under way'} actions={way}>
      <progress className="run-bar" aria-label="Progress" {...(of > 0 ? { value: done, max: of } : {})} />
      <span className="run-said" aria-live="polite">
        {said}
      </span>
      You can leave this page; it goes on.
    </State>
  )
}

function useRun(run: string): { data: Run | null; error: Error | null; tryAgain: () => void } {
  const [data, setData] = useState<Run | null>(null)
  const [tries, setTries] = useState(0)
  const [error, setError] = useState<Error | null>(null)
  useEffect(() => {
    const request = new AbortController()
    let timer: ReturnType<typeof setTimeout>
    const look = async () => {
      let pause: number | undefined = RETRY_MS
      try {
        const found = await getJson<Run>(`/panel/runs/${run}`, request.signal)
        setData(found)
        pause = LOOK_AGAIN_MS[found.answer.state]
        if (pause === undefined) return
      } catch (problem) {
        if (request.signal.aborted) return
        // a server that is not reached now may be reached again
        if (problem instanceof ApiError && problem.status !== 0) return setError(problem)
      }
      timer = setTimeout(() => void look(), pause)
    }
    void look()
    return () => {
      request.abort()
      clearTimeout(timer)
    }
  }, [run, tries])
  const tryAgain = () => {
    setData(null)
    postJson(`/panel/runs/${run}/again`, {})
      .then(() => setTries((count) => count + 1))
      .catch(setError)
  }
  return { data, error, tryAgain }
}
