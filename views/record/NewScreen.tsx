import React from 'react'
import { useLabels } from '../labels.ts'
import { listPath } from '../paths.ts'
import { useTitleOfPage } from '../title.ts'
import type { ResourceJSON } from '../types.ts'
import { Breadcrumbs } from './Breadcrumbs.tsx'
import { EditForm } from './EditForm.tsx'

/** A form for a new record. */
export function NewScreen({ resource }: { resource: ResourceJSON }) {
  const labels = useLabels()
  const name = labels.resource(resource)
  useTitleOfPage(`New · ${name}`)
  return (
    <div className="record-screen">
      <Breadcrumbs trail={[{ label: name, to: resource.href ?? listPath(resource.id) }]} />
      <div className="screen-head">
        <h1>New in {name.toLowerCase()}</h1>
      </div>
      <EditForm resource={resource} />
    </div>
  )
}
