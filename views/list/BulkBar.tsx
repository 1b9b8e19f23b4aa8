import React from 'react'
import { actionsNamed, iconOf, isDangerous, type useRunAction } from '../actions.ts'
import { useLabels } from '../labels.ts'
import { Icon } from '../parts/Icon.tsx'
import type { RecordJSON, ResourceJSON } from '../types.ts'

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
  const named = inWords(selected)
  return (
    <section className="bulk-bar" aria-label="Selected rows">
      <strong aria-live="polite">{selected.length} selected</strong>
      {actionsNamed(sharedActions(selected), resource).map((action) => (
        <button
          key={action.name}
          type="button"
          className={isDangerous(action) ? 'button button-danger-quiet' : 'button'}
          onClick={() => run(action, { target, named })}
        >
          <Icon name={iconOf(action)} size={16} />
          {labels.action(action, resource)}
        </button>
      ))}
      <button type="button" className="button button-quiet" onClick={clear}>
        Clear
      </button>
    </section>
  )
}

const NAMED = 3

/** "Mia Khan, Leo Rossi and 4 more". */
function inWords(records: RecordJSON[]): string {
  const names = records.map(({ title }) => title)
  if (names.length === 1) return names[0] || 'this row'
  const last = names.length > NAMED ? `${names.length - NAMED + 1} more` : names.at(-1)
  return `${names.slice(0, Math.min(names.length, NAMED) - 1).join(', ')} and ${last}`
}

/** Only what every ticked row allows. */
function sharedActions([first, ...others]: RecordJSON[]): string[] {
  const allowed = (action: string) => others.every(({ bulkActions }) => bulkActions.includes(action))
  return (first?.bulkActions ?? []).filter(allowed)
}
