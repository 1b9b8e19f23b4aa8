import { invalid } from '../../core/errors.ts'
import { parseDecimal } from '../../core/money.ts'
import type { Property } from '../screen.ts'
import type { School } from '../records/selection.ts'
import { parseValue } from '../values.ts'
import { isFormula, restored } from './cells.ts'

const YES = new Set(['yes', 'y', 'true', '1', 'x'])
const NO = new Set(['no', 'n', 'false', '0', '-'])

/**
 * A cell as the column stores it; a reference stays the name that it is called by. Undefined: nothing is said, so what is
 * usual for the column stays.
 * @throws AppError Invalid with a sentence about the cell
 */
export function parseCell(property: Property, cell: string, school: School): unknown {
  const text = restored(cell).trim()
  if (text === '') {
    if (property.required) throw invalid(`${property.label} is needed.`, property.name)
    return undefined
  }
  // one that our own export made harmless is text again
  if (isFormula(cell))
    throw invalid(
      `${property.label} holds a formula (“${text.slice(0, 30)}”). Put the value itself there.`,
      property.name,
    )
  if (property.references) return text
  return parseValue(property, spelled(property, text, school), school.timeZone)
}

/** What a person writes in a spreadsheet, as a form would send it. */
function spelled(property: Property, text: string, school: School): unknown {
  switch (property.kind) {
    case 'boolean':
      return yesOrNo(property, text)
    case 'enum':
      return codeOf(property, text)
    case 'money':
      return amount(property, text, school)
    case 'basisPoints':
      return points(text)
    case 'minutes':
      return text.replace(/\s*(min|minutes)\.?$/i, '')
    case 'date':
    case 'datetime':
      return isoDay(text)
    default:
      return text
  }
}

function yesOrNo(property: Property, text: string): boolean {
  const word = text.toLowerCase()
  if (!YES.has(word) && !NO.has(word)) throw invalid(`${property.label} is either Yes or No.`, property.name)
  return YES.has(word)
}

/** By its word or by its code, however it is capitalised and joined: "no show" is "No-show". */
function codeOf(property: Property, text: string): string {
  const choices = Object.entries(property.values ?? {})
  const found = choices.find((names) => names.some((name) => bare(name) === bare(text)))
  if (found) return found[0]
  const words = choices.map(([, label]) => label).join(', ')
  throw invalid(`${property.label} has no “${text.slice(0, 40)}”: it is one of ${words}.`, property.name)
}

const bare = (name: string): string => name.toLowerCase().replaceAll(/[\s_-]+/g, ' ')

function amount(property: Property, text: string, { currency }: School): number {
  const cents = parseDecimal(text, currency)
  if (cents === null) throw invalid(`${property.label} needs an amount like 85.00, without a currency.`, property.name)
  return cents
}

function points(text: string): string {
  const percent = /^(\d{1,5})(?:\.(\d{1,2}))?\s*%?$/.exec(text)
  return percent ? String(Number(percent[1]! + (percent[2] ?? '').padEnd(2, '0'))) : text
}

/** 24/11/2026 is what spreadsheets make of 2026-11-24 in most of the countries where schools are. */
const isoDay = (text: string): string =>
  text.replace(
    /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})/,
    (_all, day: string, month: string, year: string) => `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`,
  )
