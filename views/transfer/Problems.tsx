import React from 'react'
import { download } from '../api.ts'
import { formatNumber } from '../format.ts'
import { useNotify } from '../notices.ts'
import { Icon } from '../parts/Icon.tsx'
import { importApi } from '../paths.ts'
import type { ResourceJSON } from '../types.ts'
import type { ImportState } from './types.ts'

/** The rows that cannot be imported: the first of them here, all of them as a file. */
export function Problems({ resource, state }: { resource: ResourceJSON; state: ImportState }) {
  const notify = useNotify()
  if (state.rowsRefused === 0) return null
  const save = () =>
    download(importApi(resource.id, state.id, 'refused'), 'GET').then(
      (name) => notify({ message: `${name} is saved.`, type: 'success' }),
      (error: Error) => notify({ message: error.message, type: 'error' }),
    )
  const more = state.rowsRefused - state.problems.length
  return (
    <section className="import-problems" aria-label="Rows that cannot be imported">
      <RowsAndReasons rows={state.problems} />
      {more > 0 ? <p className="field-help">And {formatNumber(more)} more, in the file below.</p> : null}
      <button type="button" className="button" onClick={() => void save()}>
        <Icon name="Download" size={16} /> Save these rows with their reasons
      </button>
    </section>
  )
}

export function RowsAndReasons({ rows }: { rows: ImportState['problems'] }) {
  return (
    // a scrolling region must be reachable by keyboard
    <div className="import-problems-frame" tabIndex={0} role="group" aria-label="Rows and reasons">
      <table>
        <thead>
          <tr>
            <th scope="col">Row</th>
            <th scope="col">Why it cannot be imported</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ number, problem }) => (
            <tr key={number}>
              <th scope="row">{formatNumber(number)}</th>
              <td>{problem}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
