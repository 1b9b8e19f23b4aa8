import React from 'react'
import { NoValue } from '../parts/Badge.tsx'
import { Field, FieldError, helpOf } from '../parts/Field.tsx'
import { useLabels } from '../labels.ts'
import { pathOf, type PropertyProps } from '../types.ts'

const isTrue = (value: unknown): boolean => value === true || value === 'true'

/** Yes or No. */
export default function YesNo(props: PropertyProps) {
  const path = pathOf(props.property)
  const value = props.record?.params[path]
  if (props.where === 'edit') return <Edit {...props} />
  if (props.where === 'filter') return <Filter {...props} />
  if (value === null || value === undefined || value === '') return <NoValue />
  return isTrue(value) ? <span>Yes</span> : <span className="muted">No</span>
}

function Edit(props: PropertyProps) {
  const labels = useLabels()
  const path = pathOf(props.property)
  const id = `edit-${path}`
  const error = props.record?.errors?.[path]?.message
  const help = helpOf(props.property, labels.property(props.property))
  return (
    <div className={error ? 'field field-wrong' : 'field'} data-field={path}>
      <label className="check">
        <input
          id={id}
          name={path}
          type="checkbox"
          checked={isTrue(props.record?.params[path])}
          disabled={props.property.isDisabled}
          {...(help || error ? { 'aria-describedby': error ? `${id}-error` : `${id}-help` } : {})}
          onChange={(event) => props.onChange?.(path, event.target.checked)}
        />
        {labels.property(props.property)}
      </label>
      {help ? (
        <p className="field-help" id={`${id}-help`}>
          {help}
        </p>
      ) : null}
      <FieldError id={`${id}-error`} message={error ? labels.message(error) : null} />
    </div>
  )
}

function Filter(props: PropertyProps) {
  const path = pathOf(props.property)
  return (
    <Field {...props}>
      {(control) => (
        <select
          className="input select"
          {...control}
          value={props.filter?.[path] ?? ''}
          onChange={(event) => props.onChange?.(path, event.target.value)}
        >
          <option value="">Any</option>
          <option value="true">Yes</option>
          <option value="false">No</option>
        </select>
      )}
    </Field>
  )
}
