import React from 'react'
import { iconOf, isDangerous, type useRunAction } from '../actions.ts'
import { useLabels } from '../labels.ts'
import { Icon } from '../parts/Icon.tsx'
import type { ActionJSON, RecordJSON, ResourceJSON } from '../types.ts'

interface BulkBarProps {
  resource: ResourceJSON
  selected: RecordJSON[]
  clear: () => void
  run: ReturnType<typeof useRunAction>
}

/** What can be done to all ticked rows together. */
export function BulkBar({ resource, selected, clear, run }: BulkBarProps) {
  const labels = useLabels()
  if (selected.length === 0) return null
  const target = { resourceId: resource.id, recordIds: selected.map(({ id }) => id) }
  const named = selected.length === 1 ? (selected[0]?.title ?? '1 row') : `${selected.length} rows`
  return (
    <div className="bulk-bar" role="region" aria-label="Selected rows">
      <strong aria-live="polite">{selected.length} selected</strong>
      {sharedActions(selected).map((action) => (
        <button
          key={action.name}
          type="button"
          className={isDangerous(action) ? 'button button-danger-quiet' : 'button'}
          onClick={() => run(action, { target, named })}
        >
          <Icon name={iconOf(action)} size={16} />
          {action.name === 'bulkDelete' ? 'Delete' : labels.action(action, resource)}
        </button>
      ))}
      <button type="button" className="button button-quiet" onClick={clear}>
        Clear
      </button>
    </div>
  )
}

/** Only what every ticked row allows. */
function sharedActions(records: RecordJSON[]): ActionJSON[] {
  const [first, ...others] = records
  const allowed = (action: ActionJSON) =>
    others.every(({ bulkActions }) => bulkActions.some(({ name }) => name === action.name))
  return (first?.bulkActions ?? []).filter(allowed)
}
