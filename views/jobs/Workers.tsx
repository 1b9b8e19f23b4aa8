import React from 'react'
import { Badge } from '../parts/Badge.tsx'
import { Problem } from '../parts/Problem.tsx'
import type { Tone } from '../types.ts'
import { ago } from './ago.ts'
import type { Worker } from './types.ts'

/** The processes that do the work, for all schools. */
export function Workers({ workers }: { workers: Worker[] }) {
  const isAnyAlive = workers.some(({ isAlive }) => isAlive)
  return (
    <section className="jobs-part" aria-label="Workers">
      <h2>Workers</h2>
      <Problem problem={isAnyAlive ? null : 'No worker is running: nothing is sent or done until one is started.'}>
        <p>Nothing is lost meanwhile.</p>
      </Problem>
      {workers.length > 0 ? (
        <ul className="card jobs-workers">
          {workers.map((worker) => (
            <WorkerRow key={worker.startedAt} worker={worker} />
          ))}
        </ul>
      ) : null}
    </section>
  )
}

function WorkerRow({ worker }: { worker: Worker }) {
  const { tone, label } = stateOf(worker)
  return (
    <li>
      <Badge tone={tone}>{label}</Badge>
      <span>
        seen <time dateTime={worker.seenAt}>{ago(worker.seenAt)}</time>
      </span>
      <span className="muted">
        started <time dateTime={worker.startedAt}>{ago(worker.startedAt)}</time>
      </span>
    </li>
  )
}

function stateOf({ isAlive, isStopped }: Worker): { tone: Tone; label: string } {
  if (isAlive) return { tone: 'success', label: 'Running' }
  return isStopped ? { tone: 'default', label: 'Ended' } : { tone: 'danger', label: 'Gone' }
}
