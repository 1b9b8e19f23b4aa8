import React from 'react'
import { Link, useLocation } from 'react-router-dom'
import type { useRunAction } from '../actions.ts'
import { useLabels } from '../labels.ts'
import { Icon } from '../parts/Icon.tsx'
import { isRightAligned } from '../Property.tsx'
import { withSort } from '../query.ts'
import type { BasePropertyJSON, ListMeta, ListResponse, ResourceJSON } from '../types.ts'
import type { Selection } from './ListScreen.tsx'
import { RecordRow } from './RecordRow.tsx'

interface RecordsTableProps {
  resource: ResourceJSON
  list: ListResponse
  loading: boolean
  selection: Selection
  run: ReturnType<typeof useRunAction>
}

/** Rows of 44 px under a head that stays; on a telephone the same rows are cards. */
export function RecordsTable({ resource, list, loading, selection, run }: RecordsTableProps) {
  const labels = useLabels()
  const { records, meta } = list
  const selectable = records.filter((record) => record.bulkActions.length > 0).length
  const columns = columnsOf(resource)
  const name = labels.resource(resource)
  return (
    <div
      className={loading ? 'records-frame records-loading' : 'records-frame'}
      role="region"
      aria-label={name}
      tabIndex={0}
    >
      <table className="records">
        <caption className="sr-only">{name}</caption>
        <thead>
          <tr>
            {selectable > 0 ? (
              <th scope="col" className="cell-check">
                <SelectAll selection={selection} selectable={selectable} />
              </th>
            ) : null}
            {columns.map((property, index) => (
              <Head key={property.propertyPath} property={property} meta={meta} isTitle={index === 0} />
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
              columns={columns}
              selection={selectable > 0 ? selection : null}
              run={run}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** The column whose value opens the record comes first: it stays in sight when the others scroll. */
function columnsOf(resource: ResourceJSON): BasePropertyJSON[] {
  const all = resource.listProperties
  const title = all.find(({ propertyPath }) => propertyPath === resource.titleProperty?.propertyPath)
  // a reference has a link of its own, to another record
  const opener = [all[0], title, ...all].find((property) => property && !property.reference) ?? all[0]
  return opener ? [opener, ...all.filter((property) => property !== opener)] : []
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
  isTitle: boolean
}

function Head({ property, meta, isTitle }: HeadProps) {
  const labels = useLabels()
  const { search } = useLocation()
  const label = labels.property(property)
  const isSorted = meta.sortBy === property.propertyPath
  const ascending = meta.direction === 'asc'
  const className = [isTitle ? 'cell-title' : '', isRightAligned(property) ? 'cell-number' : ''].join(' ').trim()
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
