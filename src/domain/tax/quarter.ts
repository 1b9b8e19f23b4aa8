import { DateTime } from 'luxon'
import { invalid } from '../../core/errors.ts'

/** A quarter of the Business Activity Statement, in a zone. */
export interface Quarter {
  /** Its first month: `2026-10`. */
  readonly key: string
  /** "Oct–Dec 2026". */
  readonly name: string
  /** `[from, until)` */
  readonly from: Date
  readonly until: Date
}

/** The quarter that begins with the month `2026-10`. @throws AppError Invalid when no quarter begins with it */
export function quarterOf(key: string, zone: string): Quarter {
  if (!/^20\d\d-(01|04|07|10)$/.test(key))
    throw invalid('A quarter begins in January, April, July or October.', 'quarter')
  return made(DateTime.fromISO(`${key}-01`, { zone }))
}

/** The quarters from the first instant to the last, the latest first. */
export function quartersBetween(first: Date, last: Date, zone: string): Quarter[] {
  const begins = (at: Date) => DateTime.fromJSDate(at, { zone }).startOf('quarter')
  const quarters: Quarter[] = []
  for (let start = begins(last); start >= begins(first); start = start.minus({ months: 3 })) quarters.push(made(start))
  return quarters
}

function made(start: DateTime): Quarter {
  const end = start.plus({ months: 3 })
  const name = `${start.toFormat('LLL', { locale: 'en' })}–${end.minus({ days: 1 }).toFormat('LLL yyyy', { locale: 'en' })}`
  return { key: start.toFormat('yyyy-MM'), name, from: start.toJSDate(), until: end.toJSDate() }
}
