import React, { useState } from 'react'
import { Link, useLocation, useNavigate } from 'react-router-dom'
import { iconOf, isImmediate, type useRunAction } from '../actions.ts'
import { useLabels } from '../labels.ts'
import { Icon } from '../parts/Icon.tsx'
import { actionPath } from '../paths.ts'
import { filteredPaths, withSort, type Filters } from '../query.ts'
import { panelOf, type ActionJSON, type ListMeta, type ResourceJSON } from '../types.ts'
import { TransferMenu } from '../transfer/TransferMenu.tsx'
import { ColumnChooser } from './ColumnChooser.tsx'
import { FilterPanel } from './FilterPanel.tsx'
import { SavedViews } from './SavedViews.tsx'
import { SearchBox } from './SearchBox.tsx'
import type { ChosenColumns } from './useColumns.ts'

interface ListHeaderProps {
  resource: ResourceJSON
  columns: ChosenColumns
  count: string | null
  filters: Filters
  meta: ListMeta | undefined
  run: ReturnType<typeof useRunAction>
}

/** What the list is, and everything that changes how it is looked at. */
export function ListHeader({ resource, columns, count, filters, meta, run }: ListHeaderProps) {
  const labels = useLabels()
  const [open, setOpen] = useState<'filters' | 'views' | null>(null)
  const close = () => setOpen(null)
  const active = filteredPaths(filters).length
  const actions = resource.resourceActions.filter(({ name }) => !['list', 'search'].includes(name))
  return (
    <div className="screen-head">
      <h1>
        {labels.resource(resource)}
        {count ? <span className="count">{count}</span> : null}
      </h1>
      <div className="screen-actions">
        {panelOf(resource).searchable ? <SearchBox resource={resource} /> : null}
        <SortSelect resource={resource} meta={meta} />
        {resource.filterProperties.length > 0 ? (
          <button type="button" className="button" aria-haspopup="dialog" onClick={() => setOpen('filters')}>
            <Icon name="Filter" size={16} /> Filter{active > 0 ? ` (${active})` : ''}
          </button>
        ) : null}
        <ColumnChooser resource={resource} columns={columns.columns} choose={columns.choose} />
        <button type="button" className="button list-tool" aria-haspopup="dialog" onClick={() => setOpen('views')}>
          <Icon name="Bookmark" size={16} /> Views
        </button>
        <TransferMenu resource={resource} columns={columns.chosen} />
        {actions.map((action) => (
          <ResourceAction key={action.name} action={action} resource={resource} run={run} />
        ))}
      </div>
      {open === 'filters' ? <FilterPanel resource={resource} columns={columns.columns} close={close} /> : null}
      {open === 'views' ? <SavedViews resource={resource} chosen={columns.chosen} close={close} /> : null}
    </div>
  )
}

interface ResourceActionProps extends Pick<ListHeaderProps, 'resource' | 'run'> {
  action: ActionJSON
}

function ResourceAction({ action, resource, run }: ResourceActionProps) {
  const labels = useLabels()
  const target = { resourceId: resource.id }
  const content = (
    <>
      <Icon name={iconOf(action)} size={16} /> {labels.action(action, resource)}
    </>
  )
  if (isImmediate(action)) {
    return (
      <button
        type="button"
        className="button"
        onClick={() => run(action, { target, named: labels.resource(resource).toLowerCase() })}
      >
        {content}
      </button>
    )
  }
  return (
    <Link className={action.name === 'new' ? 'button button-primary' : 'button'} to={actionPath(action, target)}>
      {content}
    </Link>
  )
}

/** Order by a choice, where the table has no heads to press: on a telephone. */
function SortSelect({ resource, meta }: Pick<ListHeaderProps, 'resource' | 'meta'>) {
  const labels = useLabels()
  const { search } = useLocation()
  const navigate = useNavigate()
  const sortable = panelOf(resource).sorts.flatMap((name) => (name === 'id' ? [] : (resource.properties[name] ?? [])))
  if (sortable.length === 0) return null
  const asked = new URLSearchParams(search)
  // what was asked for last, though it is not there yet: the next key goes on from it
  const order = asked.has('sortBy') ? { sortBy: asked.get('sortBy'), direction: asked.get('direction') } : meta
  const current = `${order?.sortBy ?? ''} ${order?.direction ?? 'asc'}`
  return (
    <select
      className="input select sort-select"
      aria-label="Sort by"
      value={current}
      onChange={(event) => {
        const [sortBy = '', direction] = event.target.value.split(' ')
        navigate({ search: withSort(search, sortBy, direction === 'desc' ? 'desc' : 'asc') })
      }}
    >
      {sortable.some(({ propertyPath }) => propertyPath === order?.sortBy) ? null : (
        <option value={current}>Sort by</option>
      )}
      {sortable.flatMap((property) =>
        (['asc', 'desc'] as const).map((direction) => (
          <option key={`${property.propertyPath} ${direction}`} value={`${property.propertyPath} ${direction}`}>
            {labels.property(property)} {direction === 'asc' ? '↑' : '↓'}
          </option>
        )),
      )}
    </select>
  )
}
