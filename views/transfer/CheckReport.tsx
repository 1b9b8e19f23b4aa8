import React from 'react'
import { Problem } from '../parts/Problem.tsx'
import type { ResourceJSON } from '../types.ts'
import { Problems } from './Problems.tsx'
import { rowsInWords } from './rows.ts'
import type { ImportState } from './types.ts'
import type { Importing } from './useImport.ts'

interface CheckReportProps {
  resource: ResourceJSON
  importing: Importing
  change: () => void
  restart: () => void
}

/** What would happen, before it does. */
export function CheckReport({ resource, importing, change, restart }: CheckReportProps) {
  const { state, problem, sending, start } = importing
  if (!state) return null
  const good = state.rowsTotal - state.rowsRefused
  return (
    <div className="card import-card">
      <h2>{good > 0 ? `${rowsInWords(good)} can be imported` : 'No row can be imported'}</h2>
      <p>{inWords(state, good)}</p>
      <Problem problem={problem} />
      <Problems resource={resource} state={state} />
      <div className="import-foot">
        <button type="button" className="button" onClick={restart}>
          Choose another file
        </button>
        <button type="button" className="button" onClick={change}>
          Change the columns
        </button>
        {good > 0 ? (
          <button type="button" className="button button-primary" aria-disabled={sending} onClick={() => void start()}>
            {sending ? 'One moment …' : `Import ${rowsInWords(good)}`}
          </button>
        ) : null}
      </div>
    </div>
  )
}

function inWords({ fileName, rowsRefused }: ImportState, good: number): string {
  if (rowsRefused === 0) return `All of ${fileName} is in order. Nothing is written yet.`
  if (good === 0) return `Nothing is written. Correct ${fileName}, or change the columns, and try again.`
  return `${rowsInWords(rowsRefused)} of ${fileName} cannot: correct them in the file, or import the others and the corrected ones afterwards.`
}
