import React from 'react'
import { formatNumber } from '../format.ts'
import { Problem } from '../parts/Problem.tsx'
import type { Importing } from './useImport.ts'

/** How far it is. Who leaves the page or loads it again misses nothing. */
export function Progress({ importing }: { importing: Importing }) {
  const { state, error, problem, sending, check, start } = importing
  if (!state) return null
  const { status, rowsDone, rowsTotal, stale, mapping } = state
  const doing = status === 'checking' ? 'Checking the rows' : 'Importing'
  const again = () => (status === 'checking' ? check(mapping) : start())
  return (
    <div className="card import-card">
      <h2>{doing} …</h2>
      <progress className="import-progress" aria-label={doing} value={rowsDone} max={rowsTotal} />
      <output>
        {formatNumber(rowsDone)} of {formatNumber(rowsTotal)} rows
      </output>
      <p className="field-help">You may leave this page: it goes on, and this address shows how far it is.</p>
      <Problem problem={problem ?? error?.message ?? null} />
      {stale ? (
        <div className="import-foot">
          <p>It has not moved for a minute. Nothing is lost, and no row is written twice.</p>
          <button type="button" className="button button-primary" aria-disabled={sending} onClick={() => void again()}>
            Go on
          </button>
        </div>
      ) : null}
    </div>
  )
}
