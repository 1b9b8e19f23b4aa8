import React from 'react'
import { NoValue } from '../parts/Badge.tsx'
import { Field } from '../parts/Field.tsx'
import { RangeFilter } from '../parts/Range.tsx'
import { useSchool } from '../session.ts'
import { pathOf, type PropertyProps } from '../types.ts'
import { formatDateTime, wallTime, zoneCity } from '../zone.ts'

const WALL_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/

/** An instant, read and typed as the time on the school's wall. */
export default function OrgDateTime(props: PropertyProps) {
  const { timeZone } = useSchool()
  if (props.where === 'edit') return <Edit {...props} zone={timeZone} />
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
  const instant = props.record?.params[pathOf(props.property)]
  if (!instant) return <NoValue />
  return (
    <time dateTime={String(instant)}>
      {formatDateTime(String(instant), timeZone)}
      {props.where === 'show' ? <span className="muted"> ({zoneCity(timeZone)})</span> : null}
    </time>
  )
}

/** Sends the wall time as typed: the server knows which times a zone skips, and says so beside the field. */
function Edit({ zone, ...props }: PropertyProps & { zone: string }) {
  const path = pathOf(props.property)
  const stored = String(props.record?.params[path] ?? '')
  return (
    <Field {...props} hint={`Time in ${zoneCity(zone)}.`}>
      {(control) => (
        <input
          type="datetime-local"
          className="input"
          {...control}
          value={WALL_TIME.test(stored) ? stored : wallTime(stored, zone)}
          onChange={(event) => props.onChange?.(path, event.target.value || null)}
        />
      )}
    </Field>
  )
}
