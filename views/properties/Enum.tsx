import React from 'react'
import { choicesOf, type Choice } from '../choices.ts'
import { humanise } from '../format.ts'
import { Badge, NoValue } from '../parts/Badge.tsx'
import { Field, FieldGroup } from '../parts/Field.tsx'
import { factsOf, pathOf, type PropertyProps } from '../types.ts'

/** One of a fixed set, by its label and in its colour. */
export default function Enum(props: PropertyProps) {
  const path = pathOf(props.property)
  const choices = choicesOf(props.property)
  if (props.where === 'edit') return <Select {...props} choices={choices} />
  if (props.where === 'filter') return <Checkboxes {...props} choices={choices} />
  const value = props.record?.params[path]
  if (value === null || value === undefined || value === '') return <NoValue />
  const label = choices.find((choice) => choice.value === String(value))?.label ?? humanise(String(value))
  return <Badge tone={factsOf(props.property).tones?.[String(value)] ?? 'default'}>{label}</Badge>
}

function Select({ choices, ...props }: PropertyProps & { choices: Choice[] }) {
  const path = pathOf(props.property)
  const value = String(props.record?.params[path] ?? '')
  return (
    <Field {...props}>
      {(control) => (
        <select
          className="input select"
          {...control}
          value={value}
          onChange={(event) => props.onChange?.(path, event.target.value || null)}
        >
          {value === '' || !props.property.isRequired ? (
            <option value="">{props.property.isRequired ? 'Choose…' : 'None'}</option>
          ) : null}
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

/** Any of the ticked ones. The address of the list holds them separated by commas. */
function Checkboxes({ choices, ...props }: PropertyProps & { choices: Choice[] }) {
  const path = pathOf(props.property)
  const ticked = (props.filter?.[path] ?? '').split(',').filter(Boolean)
  const toggle = (value: string) => {
    const next = choices.map((choice) => choice.value).filter((each) => (each === value) !== ticked.includes(each))
    props.onChange?.(path, next.join(','))
  }
  return (
    <FieldGroup {...props}>
      <div className="checks">
        {choices.map(({ value, label }) => (
          <label key={value} className="check">
            <input type="checkbox" name={path} checked={ticked.includes(value)} onChange={() => toggle(value)} />
            {label}
          </label>
        ))}
      </div>
    </FieldGroup>
  )
}
