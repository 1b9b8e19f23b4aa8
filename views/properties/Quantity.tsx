import React from 'react'
import { basisPointsInput, formatBasisPoints, formatNumber, parseBasisPoints } from '../format.ts'
import { NoValue } from '../parts/Badge.tsx'
import { RangeFilter } from '../parts/Range.tsx'
import { ParsedInput, ParsedRangeInput, TextInput } from '../parts/TextInput.tsx'
import { factsOf, pathOf, type PropertyProps } from '../types.ts'

const plain = { format: String, parse: (typed: string) => (/^-?\d{1,15}$/.test(typed.trim()) ? Number(typed) : null) }
const perCent = { format: basisPointsInput, parse: parseBasisPoints }

/** A number with its unit: plain, in minutes, or basis points shown as per cent. */
export default function Quantity(props: PropertyProps) {
  const { kind } = factsOf(props.property)
  const unit = unitOf(props)
  if (props.where === 'filter') {
    const words = unit ? ([`From (${unit})`, `To (${unit})`] as [string, string]) : undefined
    const typing = kind === 'basisPoints' ? perCent : plain
    return (
      <RangeFilter
        {...props}
        {...(words ? { words } : {})}
        input={(end) => <ParsedRangeInput {...end} {...typing} />}
      />
    )
  }
  if (props.where === 'edit') {
    if (kind === 'basisPoints') return <ParsedInput {...props} {...perCent} after="%" />
    return unit ? (
      <ParsedInput {...props} {...plain} after={unit} />
    ) : (
      <TextInput {...props} input={{ inputMode: 'decimal' }} />
    )
  }
  const value = props.record?.params[pathOf(props.property)] as number | string | null | undefined
  if (value === null || value === undefined || value === '') return <NoValue />
  if (kind === 'basisPoints') return <span className="number">{formatBasisPoints(Number(value))}</span>
  return (
    <span className="number">
      {formatNumber(value)}
      {unit ? ` ${unit}` : null}
    </span>
  )
}

function unitOf({ property }: PropertyProps): string | null {
  const { kind, unit } = factsOf(property)
  if (kind === 'basisPoints') return '%'
  return unit ?? (kind === 'minutes' ? 'min' : null)
}
