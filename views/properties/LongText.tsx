import React from 'react'
import { NoValue } from '../parts/Badge.tsx'
import { Field } from '../parts/Field.tsx'
import { TextFilter } from '../parts/TextInput.tsx'
import { pathOf, type PropertyProps } from '../types.ts'

/** Text of several lines: one line of it in a list, all of it on the record. */
export default function LongText(props: PropertyProps) {
  const path = pathOf(props.property)
  const text = String(props.record?.params[path] ?? '')
  if (props.where === 'filter') return <TextFilter {...props} />
  if (props.where === 'edit') {
    return (
      <Field {...props}>
        {(control) => (
          <textarea
            className="input textarea"
            rows={4}
            {...control}
            value={text}
            onChange={(event) => props.onChange?.(path, event.target.value)}
          />
        )}
      </Field>
    )
  }
  if (!text) return <NoValue />
  return props.where === 'list' ? <span title={text}>{text}</span> : <p className="long-text">{text}</p>
}
