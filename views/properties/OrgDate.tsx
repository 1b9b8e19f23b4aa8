import React from 'react'
import { NoValue } from '../parts/Badge.tsx'
import { Field } from '../parts/Field.tsx'
import { RangeFilter } from '../parts/Range.tsx'
import { pathOf, type PropertyProps } from '../types.ts'
import { formatDay } from '../zone.ts'

/** A calendar day without a time: a birthday, an expiry. It is the same day in every zone. */
export default function OrgDate(props: PropertyProps) {
  const path = pathOf(props.property)
  const day = String(props.record?.params[path] ?? '').slice(0, 10)
  if (props.where === 'edit') {
    return (
      <Field {...props}>
        {(control) => (
          <input
            type="date"
            className="input"
            {...control}
            value={day}
            onChange={(event) => props.onChange?.(path, event.target.value || null)}
          />
        )}
      </Field>
    )
  }
  if (props.where === 'filter') {
    return (
      <RangeFilter
        {...props}
        input={({ onChange, ...end }) => (
          <input {...end} type="date" className="input" onChange={(event) => onChange(event.target.value)} />
        )}
      />
    )
  }
  return day ? <time dateTime={day}>{formatDay(day)}</time> : <NoValue />
}
