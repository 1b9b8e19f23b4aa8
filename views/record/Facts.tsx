import React from 'react'
import { useLabels } from '../labels.ts'
import { kindOf, Property } from '../Property.tsx'
import type { BasePropertyJSON, RecordJSON, ResourceJSON } from '../types.ts'

/** Everything the record says, label beside value; long values take the whole width. */
export function Facts({ resource, record }: { resource: ResourceJSON; record: RecordJSON }) {
  const labels = useLabels()
  return (
    <dl className="card facts">
      {resource.showProperties.map((property) => (
        <div key={property.propertyPath} className={isWide(property) ? 'fact fact-wide' : 'fact'}>
          <dt>{labels.property(property)}</dt>
          <dd>
            <Property where="show" property={property} resource={resource} record={record} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

export const isWide = (property: BasePropertyJSON): boolean => ['json', 'longText'].includes(kindOf(property))
