import React from 'react'
import { readJson } from '../json.ts'
import { useLabels } from '../labels.ts'
import { isWide, kindOf } from '../kinds.ts'
import { Property } from '../Property.tsx'
import type { BasePropertyJSON, RecordJSON, ResourceJSON } from '../types.ts'

interface FactsProps {
  resource: ResourceJSON
  record: RecordJSON
  properties: BasePropertyJSON[]
  /** Paths of those that stand out, because they say something else now. */
  changed: string[]
}

/** What the record says, label above value; long values take the whole width. What it does not say is named last, in one line. */
export function Facts({ resource, record, properties: all, changed }: FactsProps) {
  const labels = useLabels()
  const empty = all.filter((property) => isEmpty(property, record))
  const filled = all.filter((property) => !empty.includes(property))
  return (
    <div className="card">
      <dl className="facts">
        {filled.map((property) => (
          <div key={property.propertyPath} className={classOf(property, changed)}>
            <dt>{labels.property(property)}</dt>
            <dd>
              <Property where="show" property={property} resource={resource} record={record} />
            </dd>
          </div>
        ))}
      </dl>
      {empty.length > 0 ? (
        <p className="facts-empty">
          <strong>Empty:</strong> {empty.map((property) => labels.property(property)).join(', ')}
        </p>
      ) : null}
    </div>
  )
}

const classOf = (property: BasePropertyJSON, changed: string[]): string =>
  ['fact', isWide(property) && 'fact-wide', changed.includes(property.propertyPath) && 'fact-changed']
    .filter(Boolean)
    .join(' ')

function isEmpty(property: BasePropertyJSON, record: RecordJSON): boolean {
  const { propertyPath: path } = property
  const value = kindOf(property) === 'json' ? readJson(record.params, path) : record.params[path]
  if (property.components?.show) return false
  return value === null || value === undefined || value === ''
}
