import { type Context, nowOf } from '../../core/context.ts'
import { escapeHtml } from '../../core/escape-html.ts'
import { fieldLabel, valueLabel } from '../../core/labels.ts'
import { formatMoney } from '../../core/money.ts'
import { formatInstant } from '../../core/time.ts'
import type { ZipFile } from '../../core/zip.ts'
import type { Column, Report, Section } from './report.ts'

interface School {
  readonly name: string
  readonly timeZone: string
  readonly currency: string
}

/** What is handed to the person: to read, for a program, and the positions of their drives. */
export function* filesOf(ctx: Context, report: Report, school: School): Generator<ZipFile> {
  yield { name: 'read-me-first.html', pieces: asPage(report, school, nowOf(ctx)) }
  yield { name: 'data.json', pieces: asJson(report, school, nowOf(ctx)) }
  if (report.tripIds.length > 0) yield { name: 'positions.json', pieces: positions(ctx, report.tripIds) }
}

/** As it is in the database; JSON has no dates and exact numbers, so they are text. */
function* asJson({ name, sections }: Report, school: School, made: Date): Generator<string> {
  yield `{\n"person": ${JSON.stringify(name)},\n"school": ${JSON.stringify(school.name)},\n"made": "${made.toISOString()}"`
  for (const { model, rows } of sections) {
    yield `,\n${JSON.stringify(model)}: [`
    for (const [index, row] of rows.entries()) yield `${index > 0 ? ',' : ''}\n${JSON.stringify(row, plain)}`
    yield '\n]'
  }
  yield '\n}\n'
}

const plain = (_name: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value)

const AT_ONCE = 5_000

/** One position a line. */
async function* positions(ctx: Context, tripIds: readonly string[]): AsyncGenerator<string> {
  yield '['
  let isFirst = true
  for (const tripId of tripIds)
    for (let after = new Date(0), more = true; more;) {
      const [rows] = await ctx.db.select(ctx, [
        {
          text: `SELECT ts, lat::text, lng::text, "speedKph"::text FROM "TripPoint" WHERE "orgId" = $1::uuid AND "tripId" = $2::uuid AND ts > $3
            ORDER BY ts LIMIT ${AT_ONCE}`,
          values: [ctx.orgId, tripId, after],
        },
      ])
      for (const [ts, lat, lng, speedKph] of rows as [Date, string, string, string | null][]) {
        yield `${isFirst ? '' : ','}\n${JSON.stringify({ tripId, ts, lat: Number(lat), lng: Number(lng), speedKph: speedKph === null ? null : Number(speedKph) })}`
        isFirst = false
        after = ts
      }
      more = rows!.length === AT_ONCE
    }
  yield '\n]\n'
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
h2{margin-top:2.5rem}section{overflow-x:auto}table{border-collapse:collapse;font-size:.875rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .75rem;border-bottom:1px solid #d8dee4;max-width:24rem;overflow-wrap:anywhere}
th{white-space:nowrap}td{white-space:pre-line}.muted{color:#57606a}`

/** The same for people; it loads nothing and runs nothing. */
function* asPage({ name, sections, tripIds }: Report, school: School, made: Date): Generator<string> {
  const title = escapeHtml(`What ${school.name} has about ${name}`)
  yield `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style>
<h1>${title}</h1><p class="muted">Made on ${escapeHtml(formatInstant(made, school.timeZone, new Date(0)))}, times of ${escapeHtml(school.timeZone)}. The file data.json holds the same for a program${
    tripIds.length > 0 ? '; positions.json holds the positions that were recorded on drives' : ''
  }.</p>`
  for (const section of sections) yield* asTable(section, school)
  yield '</html>\n'
}

function* asTable({ title, columns, rows }: Section, school: School): Generator<string> {
  const used = columns.filter(({ name }) => isRead(name) && rows.some((row) => !isEmpty(cell(row, name))))
  yield `<section><h2>${escapeHtml(title)} <span class="muted">${rows.length}</span></h2><table><thead><tr>${used
    .map(({ label }) => `<th scope="col">${escapeHtml(label)}</th>`)
    .join('')}</tr></thead><tbody>`
  for (const row of rows)
    yield `<tr>${used.map((column) => `<td>${escapeHtml(textOf(row, column, school))}</td>`).join('')}</tr>`
  yield '</tbody></table></section>'
}

const isRead = (name: string): boolean => name !== 'id' && name !== 'updatedAt'
const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === ''

/** The name of what it refers to, where there is one. */
const cell = (row: Readonly<Record<string, unknown>>, name: string): unknown =>
  row[name.replace(/Id$/, '')] ?? row[name]

function textOf(
  row: Readonly<Record<string, unknown>>,
  { name, type }: Column,
  { timeZone, currency }: School,
): string {
  const value = cell(row, name)
  if (isEmpty(value)) return ''
  if (value instanceof Date)
    return type === 'Date' ? value.toISOString().slice(0, 10) : formatInstant(value, timeZone, new Date(0))
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  if (typeof value === 'number' && /Cents$|^value(Left|Cents)$/.test(name))
    return formatMoney(value, String(row.currency ?? currency))
  if (type === 'Decimal') return String(value)
  if (typeof value === 'object') return linesOf(value as object)
  const text = String(value)
  return type === 'String' ? text : valueLabel(text)
}

const linesOf = (value: object): string =>
  Object.entries(value)
    .map(
      ([name, one]) =>
        `${fieldLabel(name)}: ${typeof one === 'object' && one !== null ? JSON.stringify(one) : String(one ?? '–')}`,
    )
    .join('\n')
