import React from 'react'
import { currencySymbol, formatMoney, moneyInput, parseMoney } from '../format.ts'
import { NoValue } from '../parts/Badge.tsx'
import { RangeFilter } from '../parts/Range.tsx'
import { ParsedInput, ParsedRangeInput } from '../parts/TextInput.tsx'
import { useSchool } from '../session.ts'
import { factsOf, pathOf, type PropertyProps } from '../types.ts'

/** Integer minor units in the currency beside them, or else the school's. */
export default function Money(props: PropertyProps) {
  const currency = useCurrency(props)
  const format = (cents: number) => moneyInput(cents, currency)
  const parse = (typed: string) => parseMoney(typed, currency)
  if (props.where === 'edit')
    return <ParsedInput {...props} format={format} parse={parse} before={currencySymbol(currency)} />
  if (props.where === 'filter') {
    return <RangeFilter {...props} input={(end) => <ParsedRangeInput {...end} format={format} parse={parse} />} />
  }
  const cents = props.record?.params[pathOf(props.property)]
  if (cents === null || cents === undefined || cents === '') return <NoValue />
  return (
    <span className="number">
      {Number.isFinite(Number(cents)) ? formatMoney(Number(cents), currency) : String(cents)}
    </span>
  )
}

function useCurrency({ property, record }: PropertyProps): string {
  const school = useSchool()
  const { currency } = factsOf(property)
  const beside = currency ? record?.params[currency] : undefined
  return typeof beside === 'string' && beside ? beside : school.currency
}
