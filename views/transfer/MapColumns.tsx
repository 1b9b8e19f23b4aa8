import React, { useState } from 'react'
import { Icon } from '../parts/Icon.tsx'
import { Problem } from '../parts/Problem.tsx'
import { rowsInWords } from './rows.ts'
import type { ImportState } from './types.ts'
import type { Importing } from './useImport.ts'

interface MapColumnsProps {
  importing: Importing
  restart: () => void
}

/** Where each column of the file goes; guessed by its name, and changed by a choice. */
export function MapColumns({ importing, restart }: MapColumnsProps) {
  const { state, problem, sending, check } = importing
  const [mapping, setMapping] = useState(state?.mapping ?? [])
  if (!state) return null
  const choose = (at: number, field: string | null) =>
    setMapping(mapping.map((one, index) => (index === at ? field : one)))
  const missing = state.fields.filter(({ name, required }) => required && !mapping.includes(name))
  return (
    <form
      className="card import-card"
      onSubmit={(event) => {
        event.preventDefault()
        void check(mapping)
      }}
    >
      <p>
        <strong>{state.fileName}</strong>: {rowsInWords(state.rowsTotal)}, read as {state.encoding} with a{' '}
        {state.separator} between the cells.
      </p>
      <Problem problem={problem ?? state.error} />
      <ul className="import-columns">
        {state.columns.map((column, index) => (
          <Column
            key={column.name}
            {...{ column, state, index }}
            chosen={mapping[index] ?? null}
            choose={(field) => choose(index, field)}
          />
        ))}
      </ul>
      {missing.length > 0 ? (
        <p className="import-missing">
          <Icon name="AlertCircle" size={16} /> Still needed: {missing.map(({ label }) => label).join(', ')}
        </p>
      ) : null}
      <div className="import-foot">
        <button type="button" className="button" onClick={restart}>
          Choose another file
        </button>
        <button type="submit" className="button button-primary" aria-disabled={sending}>
          {sending ? 'One moment …' : 'Check the rows'}
        </button>
      </div>
    </form>
  )
}

interface ColumnProps {
  column: ImportState['columns'][number]
  state: ImportState
  index: number
  chosen: string | null
  choose: (field: string | null) => void
}

function Column({ column, state, index, chosen, choose }: ColumnProps) {
  const id = `import-column-${index}`
  const hint = state.fields.find(({ name }) => name === chosen)?.hint
  return (
    <li className="import-column">
      <div>
        <label htmlFor={id}>{column.name}</label>
        <p className="field-help">{column.samples.filter(Boolean).join(' · ') || 'Empty in the first rows'}</p>
      </div>
      <div>
        <select
          id={id}
          className="input select"
          value={chosen ?? ''}
          {...(hint ? { 'aria-describedby': `${id}-help` } : {})}
          onChange={(event) => choose(event.target.value || null)}
        >
          <option value="">Leave out</option>
          {state.fields.map(({ name, label, required }) => (
            <option key={name} value={name}>
              {label}
              {required ? ' (required)' : ''}
            </option>
          ))}
        </select>
        {hint ? (
          <p className="field-help" id={`${id}-help`}>
            {hint}
          </p>
        ) : null}
      </div>
    </li>
  )
}
