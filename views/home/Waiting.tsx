import React from 'react'
import { Link } from 'react-router-dom'
import { countInWords, queueLabels, queueNames, useQueues } from '../board/queues.ts'
import { pagePath } from '../paths.ts'

/** What waits for somebody, each with the way to it. */
export function Waiting() {
  const counts = useQueues(true)
  return (
    <ul className="waiting" aria-label="Waiting for you" aria-busy={counts === null}>
      {queueNames.map((name) => (
        <li key={name}>
          <Link className={counts && counts[name] > 0 ? 'waiting-some' : ''} to={`${pagePath('review')}?queue=${name}`}>
            <strong className="number">{counts ? countInWords(counts[name]) : '–'}</strong>
            <span>{queueLabels[name]}</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
