import React, { useEffect, useRef, useState } from 'react'
import { useLocation, useNavigate } from 'react-router-dom'
import { useLabels } from '../labels.ts'
import { Icon } from '../parts/Icon.tsx'
import { Property } from '../Property.tsx'
import { readFilters, withFilters, type Filters } from '../query.ts'
import type { ResourceJSON } from '../types.ts'

/** The filters of a list, in a panel at the side. It exists only while it is open. */
export function FilterPanel({ resource, close }: { resource: ResourceJSON; close: () => void }) {
  const labels = useLabels()
  const { search } = useLocation()
  const navigate = useNavigate()
  const [filters, setFilters] = useState<Filters>(() => readFilters(search))
  const panel = useRef<HTMLDialogElement>(null)
  useEffect(() => panel.current?.showModal(), [])
  const apply = (chosen: Filters) => {
    navigate({ search: withFilters(search, chosen) })
    close()
  }
  return (
    <dialog
      ref={panel}
      className="panel"
      aria-labelledby="filter-title"
      onClose={close}
      onClick={(event) => event.target === event.currentTarget && close()}
    >
      <form
        className="panel-form"
        onSubmit={(event) => {
          event.preventDefault()
          apply(filters)
        }}
      >
        <div className="panel-head">
          <h2 id="filter-title">Filter {labels.resource(resource).toLowerCase()}</h2>
          <button
            type="button"
            className="button button-icon button-quiet"
            aria-label="Close the filters"
            onClick={close}
          >
            <Icon name="X" />
          </button>
        </div>
        <div className="panel-body">
          {resource.filterProperties.map((property) => (
            <Property
              key={property.propertyPath}
              where="filter"
              property={property}
              resource={resource}
              filter={filters}
              onChange={(path, value) => setFilters((now) => ({ ...now, [path]: String(value ?? '') }))}
            />
          ))}
        </div>
        <div className="panel-foot">
          <button type="button" className="button" onClick={() => apply({})}>
            Reset
          </button>
          <button type="submit" className="button button-primary">
            Apply
          </button>
        </div>
      </form>
    </dialog>
  )
}
