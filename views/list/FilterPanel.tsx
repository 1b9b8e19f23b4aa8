import React, { useState } from 'react'
import { useLocation, useNavigate } from 'react-router-dom'
import { useLabels } from '../labels.ts'
import { SidePanel } from '../parts/SidePanel.tsx'
import { Property } from '../Property.tsx'
import { filteredPaths, readFilters, withFilters, type Filters } from '../query.ts'
import type { BasePropertyJSON, ResourceJSON } from '../types.ts'

/** The filters of a list. They exist only while the panel is open. */
export function FilterPanel({ resource, close }: { resource: ResourceJSON; close: () => void }) {
  const labels = useLabels()
  const { search } = useLocation()
  const navigate = useNavigate()
  const [filters, setFilters] = useState<Filters>(() => readFilters(search))
  const apply = (chosen: Filters) => {
    navigate({ search: withFilters(search, chosen) })
    close()
  }
  const { often, others } = byUse(resource)
  const active = filteredPaths(readFilters(search))
  const field = (property: BasePropertyJSON) => (
    <Property
      key={property.propertyPath}
      where="filter"
      property={property}
      resource={resource}
      filter={filters}
      onChange={(path, value) => setFilters((now) => ({ ...now, [path]: String(value ?? '') }))}
    />
  )
  return (
    <SidePanel
      title={`Filter ${labels.resource(resource).toLowerCase()}`}
      close={close}
      onSubmit={() => apply(filters)}
      foot={
        <>
          <button type="button" className="button" onClick={() => apply({})}>
            Reset
          </button>
          <button type="submit" className="button button-primary">
            Apply
          </button>
        </>
      }
    >
      {often.map(field)}
      {others.length > 0 ? (
        <details className="more-filters" open={others.some(({ propertyPath }) => active.includes(propertyPath))}>
          <summary>More filters ({others.length})</summary>
          <div>{others.map(field)}</div>
        </details>
      ) : null}
    </SidePanel>
  )
}

/** What the list shows is what it is filtered by most: the rest waits behind a fold. */
function byUse(resource: ResourceJSON): { often: BasePropertyJSON[]; others: BasePropertyJSON[] } {
  const columns = resource.listProperties.map(({ propertyPath }) => propertyPath)
  const often = resource.filterProperties
    .filter(({ propertyPath }) => columns.includes(propertyPath))
    .toSorted((a, b) => columns.indexOf(a.propertyPath) - columns.indexOf(b.propertyPath))
  return { often, others: resource.filterProperties.filter((property) => !often.includes(property)) }
}
