import React from 'react'
import { humanise, isUuid, shortId } from '../format.ts'
import { isListOfCodes, jsonProblem, prettyJson, readJson, type Json as JsonValue } from '../json.ts'
import { NoValue } from '../parts/Badge.tsx'
import { Field } from '../parts/Field.tsx'
import { TextFilter } from '../parts/TextInput.tsx'
import { useSchool } from '../session.ts'
import { pathOf, type PropertyProps } from '../types.ts'
import { formatDateTime } from '../zone.ts'

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/
const DEEPEST = 6

/** Structured data: a count in a list, a readable outline on the record, checked text in a form. */
export default function Json(props: PropertyProps) {
  if (props.where === 'edit') return <Edit {...props} />
  if (props.where === 'filter') return <TextFilter {...props} />
  const value = readJson(props.record?.params ?? {}, pathOf(props.property))
  if (value === undefined || value === null || isEmpty(value)) return <NoValue />
  return props.where === 'list' ? <span className="muted">{summary(value)}</span> : <Outline value={value} depth={0} />
}

function Edit(props: PropertyProps) {
  const path = pathOf(props.property)
  const [edited, setEdited] = React.useState<string | null>(null)
  const typed = edited ?? prettyJson(readJson(props.record?.params ?? {}, path))
  return (
    <Field {...props} problem={jsonProblem(typed)}>
      {(control) => (
        <textarea
          className="input textarea code"
          rows={6}
          spellCheck={false}
          {...control}
          value={typed}
          onChange={(event) => {
            setEdited(event.target.value)
            props.onChange?.(path, event.target.value)
          }}
        />
      )}
    </Field>
  )
}

function Outline({ value, depth }: { value: JsonValue; depth: number }) {
  const { timeZone } = useSchool()
  if (value === null || typeof value !== 'object') return <span>{scalar(value, timeZone)}</span>
  if (isEmpty(value)) return <NoValue />
  if (depth === DEEPEST) return <span>{JSON.stringify(value)}</span>
  if (Array.isArray(value)) {
    const items = isListOfCodes(value) ? value.map(humanise) : value
    return (
      <ul className="outline-list">
        {items.map((item, index) => (
          <li key={index}>
            <Outline value={item} depth={depth + 1} />
          </li>
        ))}
      </ul>
    )
  }
  return (
    <dl className="outline">
      {Object.entries(value).map(([key, item]) => (
        <div key={key}>
          <dt>{humanise(key)}</dt>
          <dd>
            <Outline value={item} depth={depth + 1} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function scalar(value: null | boolean | number | string, zone: string): string {
  if (value === null || value === '') return '—'
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  if (typeof value === 'number') return String(value)
  if (isUuid(value)) return shortId(value)
  return INSTANT.test(value) ? formatDateTime(value, zone) : value
}

const isEmpty = (value: JsonValue): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0

function summary(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return String(value)
  const count = Object.keys(value).length
  const noun = Array.isArray(value) ? 'item' : 'field'
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
