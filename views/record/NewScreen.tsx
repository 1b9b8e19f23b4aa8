import React from 'react'
import { useLabels } from '../labels.ts'
import { listPath } from '../paths.ts'
import { useTitleOfPage } from '../title.ts'
import { factsOf, type ActionJSON, type ResourceJSON } from '../types.ts'
import { Breadcrumbs } from './Breadcrumbs.tsx'
import { EditForm } from './EditForm.tsx'

/** A form for a new record. */
export function NewScreen({ resource, action }: { resource: ResourceJSON; action: ActionJSON }) {
  const labels = useLabels()
  const name = labels.resource(resource)
  const label = labels.action(action, resource)
  const title = label === 'New' ? `New in ${name.toLowerCase()}` : label
  useTitleOfPage(title)
  return (
    <div className="record-screen">
      <Breadcrumbs trail={[{ label: name, to: resource.href ?? listPath(resource.id) }]} />
      <div className="screen-head">
        <h1>{title}</h1>
      </div>
      <EditForm resource={resource} initial={initialParams(resource)} />
    </div>
  )
}

function initialParams(resource: ResourceJSON): Record<string, unknown> {
  const initial = resource.editProperties.map((property) => [property.propertyPath, factsOf(property).initial] as const)
  return Object.fromEntries(initial.filter(([, value]) => value !== undefined))
}
