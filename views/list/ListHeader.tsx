import React, { useState } from 'react'
import { Link, useLocation, useNavigate } from 'react-router-dom'
import { iconOf, type useRunAction } from '../actions.ts'
import { useLabels } from '../labels.ts'
import { Icon } from '../parts/Icon.tsx'
import { actionPath } from '../paths.ts'
import { filteredPaths, withSort, type Filters } from '../query.ts'
import type { ActionJSON, ListMeta, ResourceJSON } from '../types.ts'
import { FilterPanel } from './FilterPanel.tsx'

interface ListHeaderProps {
  resource: ResourceJSON
  count: string | null
  filters: Filters
  meta: ListMeta | undefined
  run: ReturnType<typeof useRunAction>
}

export function ListHeader({ resource, count, filters, meta, run }: ListHeaderProps) {
  const labels = useLabels()
  const [filtering, setFiltering] = useState(false)
  const active = filteredPaths(filters).length
  const actions = resource.resourceActions.filter(({ name }) => !['list', 'search'].includes(name))
  return (
    <div className="screen-head">
      <h1>
        {labels.resource(resource)}
        {count ? <span className="count">{count}</span> : null}
      </h1>
      <div className="screen-actions">
        <SortSelect resource={resource} meta={meta} />
        {resource.filterProperties.length > 0 ? (
          <button type="button" className="button" aria-haspopup="dialog" onClick={() => setFiltering(true)}>
            <Icon name="Filter" size={16} /> Filter{active > 0 ? ` (${active})` : ''}
          </button>
        ) : null}
        {actions.map((action) => (
          <ResourceAction key={action.name} action={action} resource={resource} run={run} />
        ))}
      </div>
      {filtering ? <FilterPanel resource={resource} close={() => setFiltering(false)} /> : null}
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
  if (action.component === false) {
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
  const sortable = resource.listProperties.filter(({ isSortable }) => isSortable)
  if (sortable.length === 0) return null
  const current = `${meta?.sortBy ?? ''} ${meta?.direction ?? 'asc'}`
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
      {sortable.some(({ propertyPath }) => propertyPath === meta?.sortBy) ? null : (
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
