import React from 'react'
import { Link, useLocation } from 'react-router-dom'
import type { useRunAction } from '../actions.ts'
import { useLabels } from '../labels.ts'
import { Icon } from '../parts/Icon.tsx'
import { isRightAligned } from '../kinds.ts'
import { withSort } from '../query.ts'
import type { BasePropertyJSON, ListMeta, ListResponse, ResourceJSON } from '../types.ts'
import type { Selection } from './ListScreen.tsx'
import { columnsOf } from './columns.ts'
import { RecordRow } from './RecordRow.tsx'

interface RecordsTableProps {
  resource: ResourceJSON
  columns: readonly BasePropertyJSON[]
  /** Somebody chose the columns: a card shows all of them. */
  areChosen: boolean
  list: ListResponse
  loading: boolean
  selection: Selection
  run: ReturnType<typeof useRunAction>
}

/** How many of its columns a card shows by itself. */
const ON_CARD = 5

/** Rows of 44 px under a head that stays; on a telephone the same rows are cards. */
export function RecordsTable({ resource, columns, areChosen, list, loading, selection, run }: RecordsTableProps) {
  const labels = useLabels()
  const { records, meta } = list
  const selectable = records.filter((record) => record.bulkActions.length > 0).length
  const { opener, others } = columnsOf(resource, columns)
  const name = labels.resource(resource)
  return (
    // focusable, so that arrow keys can scroll it
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={loading ? 'records-frame records-loading' : 'records-frame'} aria-label={name} tabIndex={0}>
      <table className="records">
        <caption className="sr-only">{name}</caption>
        <thead>
          <tr>
            {selectable > 0 ? (
              <th scope="col" className="cell-check">
                <SelectAll selection={selection} selectable={selectable} />
              </th>
            ) : null}
            {opener ? (
              <Head property={opener} meta={meta} isTitle />
            ) : (
              <th scope="col" className="cell-title">
                Name
              </th>
            )}
            {others.map((property) => (
              <Head key={property.propertyPath} property={property} meta={meta} />
            ))}
            <th scope="col" className="cell-actions">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <RecordRow
              key={record.id}
              record={record}
              resource={resource}
              opener={opener}
              others={others}
              selection={selectable > 0 ? selection : null}
              onCard={areChosen ? others.length : ON_CARD}
              run={run}
            />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function SelectAll({ selection, selectable }: { selection: Selection; selectable: number }) {
  const chosen = selection.records.length
  return (
    <label className="check-cell">
      <span className="sr-only">Select all rows of this page</span>
      <input
        type="checkbox"
        checked={chosen > 0 && chosen === selectable}
        ref={(box) => {
          if (box) box.indeterminate = chosen > 0 && chosen < selectable
        }}
        onChange={selection.toggleAll}
      />
    </label>
  )
}

interface HeadProps {
  property: BasePropertyJSON
  meta: ListMeta
  isTitle?: boolean
}

function Head({ property, meta, isTitle = false }: HeadProps) {
  const labels = useLabels()
  const { search } = useLocation()
  const label = labels.property(property)
  const isSorted = meta.sortBy === property.propertyPath
  const ascending = meta.direction === 'asc'
  const className = isTitle ? 'cell-title' : isRightAligned(property) ? 'cell-number' : ''
  if (!property.isSortable) {
    return (
      <th scope="col" className={className}>
        {label}
      </th>
    )
  }
  return (
    <th
      scope="col"
      className={className}
      {...(isSorted ? { 'aria-sort': ascending ? 'ascending' : 'descending' } : {})}
    >
      <Link to={{ search: withSort(search, property.propertyPath, isSorted && ascending ? 'desc' : 'asc') }}>
        {label}
        <Icon name={isSorted && !ascending ? 'ArrowDown' : 'ArrowUp'} size={14} />
      </Link>
    </th>
  )
}
