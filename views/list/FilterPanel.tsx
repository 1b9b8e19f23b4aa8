import React, { useState } from 'react'
import { useLocation, useNavigate } from 'react-router-dom'
import { useLabels } from '../labels.ts'
import { Select } from '../parts/Select.tsx'
import { SidePanel } from '../parts/SidePanel.tsx'
import { Property } from '../Property.tsx'
import { filteredPaths, readFilters, withFilters, type Filters } from '../query.ts'
import { panelOf, pathOf, type BasePropertyJSON, type PropertyProps, type ResourceJSON } from '../types.ts'

interface FilterPanelProps {
  resource: ResourceJSON
  columns: readonly BasePropertyJSON[]
  close: () => void
}

/** The filters of a list. They exist only while the panel is open. */
export function FilterPanel({ resource, columns, close }: FilterPanelProps) {
  const labels = useLabels()
  const { search } = useLocation()
  const navigate = useNavigate()
  const [filters, setFilters] = useState<Filters>(() => readFilters(search))
  const apply = (chosen: Filters) => {
    navigate({ search: withFilters(search, chosen) })
    close()
  }
  const { often, others } = byUse(resource, columns)
  const active = filteredPaths(readFilters(search))
  const field = (property: BasePropertyJSON) => (
    <Filter
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

/** What the property can be filtered by: its values, and whether it has one. */
function Filter(props: PropertyProps) {
  const { range, multi, flag, relation, null: empty } = panelOf(props.resource).filters
  const path = pathOf(props.property)
  const hasValues = [range, multi, flag, relation].some((names) => names.includes(path))
  return (
    <>
      {hasValues ? <Property {...props} /> : null}
      {empty.includes(path) ? <Emptiness {...props} isAlone={!hasValues} /> : null}
    </>
  )
}

function Emptiness({ isAlone, ...props }: PropertyProps & { isAlone: boolean }) {
  const labels = useLabels()
  const path = `${pathOf(props.property)}~~empty`
  return (
    <div className={isAlone ? '' : 'field-beside'}>
      <Select
        label={`${labels.property(props.property)} given`}
        any="Any"
        value={props.filter?.[path] ?? ''}
        options={[
          { id: 'no', title: 'Yes' },
          { id: 'yes', title: 'No, it is empty' },
        ]}
        onChange={(value) => props.onChange?.(path, value)}
      />
    </div>
  )
}

/** What the list shows is what it is filtered by most: the rest waits behind a fold. */
function byUse(resource: ResourceJSON, shown: readonly BasePropertyJSON[]) {
  const columns = shown.map(({ propertyPath }) => propertyPath)
  const often = resource.filterProperties
    .filter(({ propertyPath }) => columns.includes(propertyPath))
    .toSorted((a, b) => columns.indexOf(a.propertyPath) - columns.indexOf(b.propertyPath))
  return { often, others: resource.filterProperties.filter((property) => !often.includes(property)) }
}
