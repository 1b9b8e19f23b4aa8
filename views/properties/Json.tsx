import React from 'react'
import { Link } from 'react-router-dom'
import { useResource } from '../areas.ts'
import { formatMoney, formatNumber, humanise, isUuid, shortId } from '../format.ts'
import { isListOfCodes, jsonProblem, prettyJson, readJson, type Json as JsonValue } from '../json.ts'
import { NoValue } from '../parts/Badge.tsx'
import { Field } from '../parts/Field.tsx'
import { TextFilter } from '../parts/TextInput.tsx'
import { recordPath } from '../paths.ts'
import { useSchool } from '../session.ts'
import { useTitle } from '../titles.ts'
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

/** @param name the key that it stands under, which says what it is */
function Outline({ value, depth, name = '' }: { value: JsonValue; depth: number; name?: string }) {
  if (value === null || typeof value !== 'object') return <Scalar {...{ name, value }} />
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
          <dt>{humanise(key.replace(/(?<=.)(Id|Cents)$/, ''))}</dt>
          <dd>
            <Outline value={item} depth={depth + 1} name={key} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** `instructorId` by the instructor's name, `feeCents` as an amount of the school, an instant by its clocks. */
function Scalar({ name, value }: { name: string; value: null | boolean | number | string }) {
  const { timeZone, currency } = useSchool()
  const model = name.replace(/Id$/, '').replace(/^./, (letter) => letter.toUpperCase())
  const isSeen = useResource(model) !== undefined
  if (isUuid(value) && isSeen) return <Named model={model} id={value} />
  if (typeof value === 'number' && name.endsWith('Cents')) return <span>{formatMoney(value, currency)}</span>
  return <span>{scalar(value, timeZone)}</span>
}

function Named({ model, id }: { model: string; id: string }) {
  const title = useTitle(model, id)
  return <Link to={recordPath(model, id)}>{title}</Link>
}

function scalar(value: null | boolean | number | string, zone: string): string {
  if (value === null || value === '') return '—'
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  if (typeof value === 'number') return formatNumber(value)
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
