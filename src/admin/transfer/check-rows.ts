import type { Context } from '../../core/context.ts'
import { AppError } from '../../core/errors.ts'
import { tenantCondition } from '../../core/schema.ts'
import type { Fields } from '../call.ts'
import { told } from '../records/records.ts'
import type { Property } from '../screen.ts'
import { findReferences } from './find-references.ts'
import { parseCell } from './parse-cell.ts'
import type { Plan } from './plan.ts'

export interface FileRow {
  readonly id: string
  readonly number: number
  readonly cells: readonly string[]
}

/** A row with the record that it becomes, or with the reason why it becomes none. */
export interface CheckedRow {
  readonly row: FileRow
  readonly data?: Fields
  readonly problem?: string
}

type Parsed = { row: FileRow; values: Map<Property, unknown>; problems: string[] }

/**
 * Looks at rows as the form would: every value, every reference, and whether there is such a record already.
 * @param seen the rows of the file before these, by what they are matched by; these are added
 */
export async function checkRows(
  ctx: Context,
  plan: Plan,
  { rows, seen }: { rows: readonly FileRow[]; seen: Map<string, number> },
): Promise<CheckedRow[]> {
  const parsed = rows.map((row) => parseRow(plan, row))
  await putReferences(ctx, plan, parsed)
  const existing = await existingKeys(ctx, plan, parsed)
  return parsed.map(({ row, values, problems }) => {
    const problem = problems[0] ? problems.join(' ') : duplicate(plan, { row, values }, { seen, existing })
    return problem ? { row, problem } : { row, data: dataOf(ctx, values) }
  })
}

function parseRow({ columns, school }: Plan, row: FileRow): Parsed {
  const values = new Map<Property, unknown>()
  if (row.cells.length !== columns.length) return { row, values, problems: [wrongWidth(row.cells, columns.length)] }
  const problems: string[] = []
  for (const [index, property] of columns.entries()) {
    if (!property) continue
    try {
      const value = parseCell(property, row.cells[index]!, school)
      if (value !== undefined) values.set(property, value)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      problems.push(error.message)
    }
  }
  return { row, values, problems }
}

const wrongWidth = (cells: readonly string[], columns: number): string =>
  `The row has ${counted(cells.length, 'cell')} and the header ${counted(columns, 'column')}: a separator or a quotation mark is missing or too many.`

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`

/** Names become ids. */
async function putReferences(ctx: Context, plan: Plan, parsed: readonly Parsed[]): Promise<void> {
  for (const property of plan.columns) {
    if (!property?.references) continue
    const names = parsed.flatMap(({ values }) => (values.has(property) ? [String(values.get(property))] : []))
    const found = await findReferences(ctx, plan, { property, names })
    for (const { values, problems } of parsed) {
      if (!values.has(property)) continue
      const answer = found(String(values.get(property)))
      if ('id' in answer) values.set(property, answer.id)
      else problems.push(answer.problem)
    }
  }
}

/** What a record is matched by, in small letters. */
const keyOf = (plan: Plan, value: (property: Property) => unknown): string =>
  plan.match.map((property) => plainText(value(property)).toLowerCase()).join('\u0001')

const plainText = (value: unknown): string => {
  if (value === null || value === undefined) return ''
  return value instanceof Date ? value.toISOString().slice(0, 10) : String(value)
}

async function existingKeys(ctx: Context, plan: Plan, parsed: readonly Parsed[]): Promise<Set<string>> {
  const [first] = plan.match
  if (!first) return new Set()
  const wanted = parsed.map(({ values }) => plainText(values.get(first)))
  const { model } = plan.screen
  const columns = plan.match.map(({ column }) => `b."${column}"::text`).join(', ')
  const text = `SELECT ${columns} FROM "${model.name}" b WHERE ${tenantCondition(model, 'b', '$1::uuid')} AND lower(coalesce(b."${first.column}"::text, '')) = ANY (ARRAY(SELECT lower(one) FROM unnest($2::text[]) one))`
  const [rows] = await told(ctx.db.select(ctx, [{ text, values: [ctx.orgId, wanted] }]))
  return new Set(rows!.map((row) => keyOf(plan, (property) => row[plan.match.indexOf(property)])))
}

function duplicate(
  plan: Plan,
  { row, values }: Pick<Parsed, 'row' | 'values'>,
  { seen, existing }: { seen: Map<string, number>; existing: ReadonlySet<string> },
): string | undefined {
  if (plan.match.length === 0) return undefined
  const key = keyOf(plan, (property) => values.get(property))
  const same = plan.match.map(({ label }) => label).join(' and ')
  if (existing.has(key)) return `Your school already has one with the same ${same}.`
  const before = seen.get(key)
  if (before !== undefined && before !== row.number) return `Row ${before} has the same ${same}.`
  seen.set(key, row.number)
  return undefined
}

const dataOf = (ctx: Context, values: ReadonlyMap<Property, unknown>): Fields => ({
  ...Object.fromEntries([...values].map(([property, value]) => [property.column, value])),
  orgId: ctx.orgId,
})
