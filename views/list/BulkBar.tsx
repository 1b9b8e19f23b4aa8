import React, { useEffect, useState } from 'react'
import { useLocation } from 'react-router-dom'
import { actionsNamed, iconOf, isDangerous, isOwn, type useRunAction } from '../actions.ts'
import { formatCount } from '../format.ts'
import { useLabels } from '../labels.ts'
import { Icon } from '../parts/Icon.tsx'
import { matchingQuery } from '../query.ts'
import type { ListMeta, RecordJSON, ResourceJSON } from '../types.ts'

interface BulkBarProps {
  resource: ResourceJSON
  selected: RecordJSON[]
  /** The list that they are chosen from. */
  meta: ListMeta | undefined
  clear: () => void
  run: ReturnType<typeof useRunAction>
}

/** What can be done to all ticked rows together, or to everything that the list shows. */
export function BulkBar({ resource, selected, meta, clear, run }: BulkBarProps) {
  const labels = useLabels()
  const { search } = useLocation()
  const [everything, setEverything] = useState(false)
  useEffect(() => setEverything(false), [selected, search])
  if (selected.length === 0) return null
  const total = meta ? formatCount(meta.total, meta.totalIsCapped === true) : ''
  const target = everything
    ? { resourceId: resource.id, matching: matchingQuery(search) }
    : { resourceId: resource.id, recordIds: selected.map(({ id }) => id) }
  const named = everything ? `all ${total}` : inWords(selected)
  const offered = actionsNamed(everyAction(selected), resource)
  const hasMore = meta !== undefined && meta.total > selected.length && offered.some(isOwn)
  return (
    <section className="bulk-bar" aria-label="Selected rows">
      <strong aria-live="polite">{everything ? `All ${total} selected` : `${selected.length} selected`}</strong>
      {hasMore ? (
        <button type="button" className="button button-quiet" onClick={() => setEverything(!everything)}>
          {everything ? `Only these ${selected.length}` : `Select all ${total}`}
        </button>
      ) : null}
      {offered
        .filter((action) => !everything || isOwn(action))
        .map((action) => (
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

/** What at least one ticked row allows: which of the others do not, and why, is said before anything happens. */
const everyAction = (records: RecordJSON[]): string[] => [...new Set(records.flatMap(({ bulkActions }) => bulkActions))]
