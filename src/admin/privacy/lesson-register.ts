import { createHash } from 'node:crypto'
import { isUuid, type Context } from '../../core/context.ts'
import { invalid } from '../../core/errors.ts'
import { valueLabel } from '../../core/labels.ts'
import { dayBounds, parseDate, wallTime } from '../../core/time.ts'
import type { ZipFile } from '../../core/zip.ts'
import { Parameters } from '../lists/conditions.ts'
import type { School } from '../records/selection.ts'
import { neutralised } from '../transfer/cells.ts'
import { BYTE_ORDER_MARK, csvLines } from '../transfer/export-list.ts'

/** More lessons than that are asked for by quarter. */
export const MOST_LESSONS = 50_000
const BATCH = 1_000
const LONGEST_DAYS = 366 * 5

/** Which lessons a regulator asks for. */
export interface RegisterRequest {
  /** Instants, `[from, until)`. */
  readonly from: Date
  readonly until: Date
  readonly student?: string
  readonly instructor?: string
  readonly vehicle?: string
}

const asked = ['student', 'instructor', 'vehicle'] as const

/** @throws AppError Invalid naming the field */
export function registerRequestOf(query: Readonly<Record<string, string>>, { timeZone }: School): RegisterRequest {
  const day = (name: 'from' | 'to') => {
    const parsed = parseDate(query[name] ?? '')
    if (!parsed) throw invalid('Choose the first and the last day, like 2026-11-24.', name)
    return dayBounds(parsed, timeZone)
  }
  const [[from], [, until]] = [day('from'), day('to')]
  if (from >= until) throw invalid('The last day is before the first.', 'to')
  if (until.getTime() - from.getTime() > LONGEST_DAYS * 86_400_000)
    throw invalid('A register covers five years at the most. Choose fewer days.', 'from')
  const chosen = asked.flatMap((name) => (query[name] ? [[name, query[name]] as const] : []))
  const wrong = chosen.find(([, id]) => !isUuid(id))
  if (wrong) throw invalid('Choose somebody from the list.', wrong[0])
  return { from, until, ...Object.fromEntries(chosen) }
}

const HEADER = [
  'Day',
  'Began',
  'Ended',
  'Minutes',
  'Kilometres',
  'State',
  'Learner',
  'Permit',
  'Permit of',
  'Instructor',
  'Instructor’s licence',
  'Vehicle',
  'Lesson',
  'Booking',
]

const COLUMNS = `b.id, coalesce(l."startedAt", b."startAt"), coalesce(l."endedAt", b."endAt"), l."durationSec", l."distanceMeters",
  b.status::text, s."fullName", s."permitNumber", s."permitState", i."displayName", i."licenseId",
  CASE WHEN v.id IS NOT NULL THEN v.rego || ' ' || v."regoState" END, e.name`

const JOINS = `JOIN "Student" s ON s.id = b."studentId" JOIN "Instructor" i ON i.id = b."instructorId" JOIN "Service" e ON e.id = b."serviceId"
  LEFT JOIN "Vehicle" v ON v.id = b."vehicleId" LEFT JOIN "Lesson" l ON l."bookingId" = b.id`

/** Lessons that were given or begun, and those nobody came to; the others never were on the road. */
function whereOf(orgId: string, request: RegisterRequest, parameters: Parameters): string {
  const { from, until, student, instructor, vehicle } = request
  return [
    `b."orgId" = ${parameters.add(orgId)}::uuid`,
    `b."startAt" >= ${parameters.add(from)}::timestamptz AND b."startAt" < ${parameters.add(until)}::timestamptz`,
    `b.status IN ('in_progress', 'completed', 'no_show')`,
    student && `b."studentId" = ${parameters.add(student)}::uuid`,
    instructor && `b."instructorId" = ${parameters.add(instructor)}::uuid`,
    vehicle && `b."vehicleId" = ${parameters.add(vehicle)}::uuid`,
  ]
    .filter(Boolean)
    .join(' AND ')
}

/** @throws AppError Invalid when there are more lessons than a file may have */
export async function refuseTooManyLessons(ctx: Context, request: RegisterRequest): Promise<void> {
  const parameters = new Parameters()
  const where = whereOf(ctx.orgId, request, parameters)
  const text = `SELECT count(*)::int FROM (SELECT FROM "Booking" b WHERE ${where} LIMIT ${MOST_LESSONS + 1}) b`
  const [rows] = await ctx.db.select(ctx, [{ text, values: parameters.values }])
  if ((rows![0]![0] as number) > MOST_LESSONS)
    throw invalid(`These are more than ${MOST_LESSONS.toLocaleString('en')} lessons. Choose fewer days.`, 'from')
}

export interface Register {
  readonly school: { readonly id: string; readonly name: string } & School
  readonly request: RegisterRequest
  readonly filters: Readonly<Record<string, string>>
  readonly by: string
}

/** The lessons as a table, and what the table is: with its SHA-256 anybody sees whether it was changed. */
export async function* registerFiles(ctx: Context, register: Register): AsyncGenerator<ZipFile> {
  const hash = createHash('sha256')
  let lessons = 0
  yield {
    name: 'lessons.csv',
    pieces: (async function* () {
      for await (const { text, rows } of lessonLines(ctx, register)) {
        hash.update(text)
        lessons += rows
        yield text
      }
    })(),
  }
  const { school, filters, by } = register
  const manifest = {
    format: 'driveflow-lessons-1',
    school: { id: school.id, name: school.name, timeZone: school.timeZone },
    made: new Date().toISOString(),
    by,
    filters,
    lessons,
    files: [{ name: 'lessons.csv', sha256: hash.digest('hex') }],
  }
  yield { name: 'manifest.json', pieces: [`${JSON.stringify(manifest, null, 2)}\n`] }
}

/** In the order of their beginning, a batch at a time. */
async function* lessonLines(
  ctx: Context,
  { request, school }: Register,
): AsyncGenerator<{ text: string; rows: number }> {
  yield { text: BYTE_ORDER_MARK + csvLines([HEADER]), rows: 0 }
  let last: { at: Date; id: string } | undefined
  do {
    const parameters = new Parameters()
    const where = whereOf(ctx.orgId, request, parameters)
    const after = last
      ? ` AND (b."startAt", b.id) > (${parameters.add(last.at)}::timestamptz, ${parameters.add(last.id)}::uuid)`
      : ''
    const text = `SELECT ${COLUMNS}, b."startAt" FROM "Booking" b ${JOINS} WHERE ${where}${after} ORDER BY b."startAt", b.id LIMIT ${BATCH}`
    const [rows] = await ctx.db.select(ctx, [{ text, values: parameters.values }])
    const lines = rows!.map((row) => cellsOf(row, school).map(neutralised))
    if (lines.length > 0) yield { text: csvLines(lines), rows: lines.length }
    const end = rows!.length < BATCH ? undefined : rows!.at(-1)
    last = end && { at: end.at(-1) as Date, id: end[0] as string }
  } while (last)
}

function cellsOf(row: unknown[], { timeZone }: School): string[] {
  const [id, from, to, seconds, meters, status, ...words] = row as [
    string,
    Date,
    Date,
    number | null,
    number | null,
    string,
    ...unknown[],
  ]
  const minutes = seconds === null ? (to.getTime() - from.getTime()) / 60_000 : seconds / 60
  const [day, began] = wallTime(from, timeZone).split(' ') as [string, string]
  const kilometres = meters === null ? '' : (meters / 1000).toFixed(1)
  const said = words.slice(0, -1).map((word) => (word === null ? '' : String(word)))
  const times =
    status === 'no_show' ? ['', '', ''] : [began, wallTime(to, timeZone).slice(11), String(Math.round(minutes))]
  return [day, ...times, kilometres, valueLabel(status), ...said, id]
}
