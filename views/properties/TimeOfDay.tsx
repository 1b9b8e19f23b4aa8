import React from 'react'
import { formatTime } from '../format.ts'
import { NoValue } from '../parts/Badge.tsx'
import { Field } from '../parts/Field.tsx'
import { TextFilter } from '../parts/TextInput.tsx'
import { pathOf, type PropertyProps } from '../types.ts'

/** A time of day at the school. Stored as "09:00" or as minutes since midnight, and always sent as "09:00". */
export default function TimeOfDay(props: PropertyProps) {
  const path = pathOf(props.property)
  const value = props.record?.params[path] as number | string | null | undefined
  const isEmpty = value === null || value === undefined || value === ''
  if (props.where === 'filter') return <TextFilter {...props} />
  if (props.where === 'edit') {
    return (
      <Field {...props}>
        {(control) => (
          <input
            type="time"
            className="input"
            {...control}
            value={isEmpty ? '' : formatTime(value)}
            onChange={(event) => props.onChange?.(path, event.target.value || null)}
          />
        )}
      </Field>
    )
  }
  return isEmpty ? <NoValue /> : <span className="number">{formatTime(value)}</span>
}
