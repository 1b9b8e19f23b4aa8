import { valueLabel } from '../../core/labels.ts'
import { decimalText } from '../../core/money.ts'
import { wallTime } from '../../core/time.ts'
import type { Property } from '../screen.ts'
import type { Row, School } from '../records/selection.ts'

/** A value as a file has it: as people read it, and as an import reads it back. */
export function cellText(property: Property, row: Row, school: School): string {
  const value = row.params[property.name]
  if (value === null || value === undefined) return ''
  if (property.masked) return String(value)
  if (property.references) return row.references[property.name]?.title ?? ''
  switch (property.kind) {
    case 'money':
      return decimalText(Number(value), currencyOf(property, row, school))
    case 'datetime':
      return wallTime(new Date(String(value)), school.timeZone)
    case 'date':
      return String(value).slice(0, 10)
    case 'boolean':
      return value === true ? 'Yes' : 'No'
    case 'basisPoints':
      return String(Number(value) / 100)
    case 'enum':
      return property.values?.[String(value)] ?? valueLabel(String(value))
    default:
      return typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
}

const currencyOf = (property: Property, row: Row, school: School): string =>
  property.currency ? String(row.params[property.currency] ?? school.currency) : school.currency
