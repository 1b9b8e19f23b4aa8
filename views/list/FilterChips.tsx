import React from 'react'
import { Link, useLocation } from 'react-router-dom'
import { choicesOf } from '../choices.ts'
import { basisPointsInput, formatMoney, humanise } from '../format.ts'
import { useLabels } from '../labels.ts'
import { Icon } from '../parts/Icon.tsx'
import { kindOf } from '../kinds.ts'
import { filteredPaths, withFilters, withoutFilter, type Filters } from '../query.ts'
import { useSchool } from '../session.ts'
import { useTitle } from '../titles.ts'
import { factsOf, type BasePropertyJSON, type RecordJSON, type ResourceJSON } from '../types.ts'
import { formatDay } from '../zone.ts'

interface FilterChipsProps {
  resource: ResourceJSON
  filters: Filters
  /** The rows shown: they mostly say the title of what a reference is filtered by. */
  records: RecordJSON[]
}

/** What the list is narrowed to, in words; each goes with one press. */
export function FilterChips({ resource, filters, records }: FilterChipsProps) {
  const { search } = useLocation()
  const paths = filteredPaths(filters)
  if (paths.length === 0) return null
  return (
    <ul className="chips" aria-label="Filters in effect">
      {paths.map((path) => (
        <Chip key={path} path={path} property={resource.properties[path]} {...{ filters, records }} />
      ))}
      <li>
        <Link className="chip-clear" to={{ search: withFilters(search, {}) }}>
          Clear all
        </Link>
      </li>
    </ul>
  )
}

interface ChipProps {
  path: string
  property: BasePropertyJSON | undefined
  filters: Filters
  records: RecordJSON[]
}

function Chip({ path, property, filters, records }: ChipProps) {
  const labels = useLabels()
  const { search } = useLocation()
  const { currency } = useSchool()
  const shown = records.map(({ populated }) => populated[path]).find((record) => record?.id === filters[path])
  const asked = useTitle(property?.reference ?? '', property?.reference && !shown ? filters[path] : undefined)
  const label = property ? labels.property(property) : humanise(path)
  const isNamed = property?.reference && filters[path] !== undefined
  const words = isNamed ? (shown?.title ?? asked) : wordsOf(property, path, { filters, currency })
  return (
    <li className="chip">
      <span>
        {label}: <strong>{words}</strong>
      </span>
      <Link
        aria-label={`Remove the filter ${label}`}
        to={{ search: withFilters(search, withoutFilter(filters, path)) }}
      >
        <Icon name="X" size={14} />
      </Link>
    </li>
  )
}

interface Reading {
  filters: Filters
  currency: string
}

function wordsOf(property: BasePropertyJSON | undefined, path: string, { filters, currency }: Reading): string {
  const say = (value: string) => (property ? valueInWords(property, value, currency) : value)
  const single = filters[path]
  if (single !== undefined) return single.split(',').map(say).join(', ')
  const empty = filters[`${path}~~empty`]
  if (empty) return empty === 'yes' ? 'empty' : 'given'
  const from = filters[`${path}~~from`]
  const to = filters[`${path}~~to`]
  if (from && to) return from === to ? say(from) : `${say(from)} – ${say(to)}`
  return from ? `from ${say(from)}` : `up to ${say(to ?? '')}`
}

function valueInWords(property: BasePropertyJSON, value: string, currency: string): string {
  const kind = kindOf(property)
  if (kind === 'enum') return choicesOf(property).find((choice) => choice.value === value)?.label ?? humanise(value)
  if (kind === 'boolean') return value === 'true' ? 'Yes' : 'No'
  if (kind === 'date' || kind === 'datetime') return formatDay(value)
  if (kind === 'money' && /^-?\d+$/.test(value)) return formatMoney(Number(value), currency)
  if (kind === 'basisPoints' && /^-?\d+$/.test(value)) return `${basisPointsInput(Number(value))} %`
  const { unit = kind === 'minutes' ? 'min' : null } = factsOf(property)
  return unit ? `${value} ${unit}` : value
}
