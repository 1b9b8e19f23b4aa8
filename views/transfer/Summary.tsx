import React from 'react'
import { Link } from 'react-router-dom'
import { useLabels } from '../labels.ts'
import { Icon } from '../parts/Icon.tsx'
import { Problem } from '../parts/Problem.tsx'
import { listPath } from '../paths.ts'
import type { ResourceJSON } from '../types.ts'
import { Problems } from './Problems.tsx'
import { rowsInWords } from './rows.ts'
import type { ImportState } from './types.ts'
import type { Importing } from './useImport.ts'

interface SummaryProps {
  resource: ResourceJSON
  importing: Importing
  restart: () => void
}

/** What came of it. */
export function Summary({ resource, importing, restart }: SummaryProps) {
  const labels = useLabels()
  const heading = React.useRef<HTMLHeadingElement>(null)
  // where the progress was there is this now: the keyboard and the screen reader go on here
  React.useEffect(() => heading.current?.focus(), [])
  const { state, problem, sending, start } = importing
  if (!state) return null
  const named = labels.resource(resource).toLowerCase()
  const isWhole = state.status === 'finished'
  return (
    <div className="card import-card">
      <h2 ref={heading} tabIndex={-1}>
        <Icon name={isWhole ? 'CheckCircle' : 'AlertTriangle'} size={20} /> {rowsInWords(state.rowsWritten)} imported
      </h2>
      <p>{isWhole ? summaryOf(state) : 'It stopped before the end.'}</p>
      <Problem problem={problem ?? state.error} />
      <Problems resource={resource} state={state} />
      <div className="import-foot">
        <button type="button" className="button" onClick={restart}>
          Import another file
        </button>
        {isWhole ? null : (
          <button type="button" className="button button-primary" aria-disabled={sending} onClick={() => void start()}>
            Go on
          </button>
        )}
        <Link className={isWhole ? 'button button-primary' : 'button'} to={resource.href ?? listPath(resource.id)}>
          Show the {named}
        </Link>
      </div>
    </div>
  )
}

function summaryOf({ fileName, rowsTotal, rowsRefused }: ImportState): string {
  if (rowsRefused === 0) return `All of ${fileName} is in.`
  return `Of ${rowsInWords(rowsTotal)} in ${fileName} ${rowsInWords(rowsRefused)} stayed behind: correct them, and import them as a file of their own.`
}
