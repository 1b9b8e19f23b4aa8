import type { Context } from '../../core/context.ts'
import type { Query } from '../../core/db.ts'
import { tenantCondition } from '../../core/schema.ts'
import { Parameters } from '../lists/conditions.ts'
import { selectionFor } from '../lists/columns.ts'
import { type View, told } from '../records/records.ts'
import { refusedActions } from '../actions/subjects.ts'
import type { Row, School } from '../records/selection.ts'
import { type Tone, tonesOf } from '../tones.ts'
import { stretchOf } from './days.ts'
import type { Named } from './named.ts'

/** A lesson on the board, the calendar and in the queues: what the role sees of it, in words. */
export interface LessonJson {
  readonly id: string
  readonly title: string
  readonly startAt: string
  readonly endAt: string
  /** Local day and minutes since its midnight. */
  readonly day: string
  readonly from: number
  readonly to: number
  readonly status: string
  readonly statusLabel: string
  readonly tone: Tone
  readonly student: Named | null
  readonly instructor: Named | null
  readonly service: Named | null
  readonly vehicle: Named | null
  readonly location: Named | null
  readonly phone: string | null
  readonly holdExpiresAt: string | null
  readonly statusChangedAt: string | null
  /** No payment has come in; null where the role does not see payments. */
  readonly unpaid: boolean | null
  /** Addresses of the actions that it takes as it is now. */
  readonly actions: readonly string[]
}

const COLUMNS = [
  'startAt',
  'endAt',
  'student',
  'instructor',
  'service',
  'vehicle',
  'location',
  'status',
  'holdExpiresAt',
  'statusChangedAt',
  'student.phone',
]

/** Which lessons, on the alias `b`, and how many at the most; the school is added to it. */
export interface Wanted {
  readonly where: (parameters: Parameters) => string
  readonly order: string
  readonly limit: number
}

type Views = ReadonlyMap<string, View>

/** The lessons, and the ids of those that are paid, as two statements. */
export function lessonQueries(ctx: Context, views: Views, { where, order, limit }: Wanted): Query[] {
  const view = views.get('Booking')!
  const selection = selectionFor(view, COLUMNS)
  const parameters = new Parameters()
  const inSchool = tenantCondition(view.screen.model, 'b', `${parameters.add(ctx.orgId)}::uuid`)
  const condition = `${inSchool} AND ${where(parameters)}`
  const { values } = parameters
  const found = (columns: string) =>
    `SELECT ${columns} FROM "Booking" b WHERE ${condition} ORDER BY ${order} LIMIT ${limit + 1}`
  const lessons = `SELECT ${selection.columns} FROM (${found([...new Set([...selection.base, 'b."startAt"'])].join(', '))}) b ${selection.joins} ORDER BY ${order}`
  const paid = `SELECT DISTINCT p."bookingId" FROM (${found('b.id')}) b JOIN "Payment" p ON p."bookingId" = b.id AND p."orgId" = $1::uuid WHERE p.purpose = 'lesson' AND p.status IN ('succeeded', 'partially_refunded', 'refunded')`
  return views.has('Payment')
    ? [
        { text: lessons, values },
        { text: paid, values },
      ]
    : [{ text: lessons, values }]
}

/** What the statements found, with what may be done to each. `more` when there are others. */
export async function lessonsIn(
  ctx: Context,
  views: Views,
  { answers, limit, school }: { answers: unknown[][][]; limit: number; school: School },
): Promise<{ lessons: LessonJson[]; more: boolean }> {
  const view = views.get('Booking')!
  const [found = [], paid] = answers
  const selection = selectionFor(view, COLUMNS)
  const rows = found.slice(0, limit).map((values) => selection.read(values, school))
  const paidIds = paid && new Set(paid.map(([id]) => id as string))
  const own = view.actions?.list ?? []
  const refused = await told(
    refusedActions(
      ctx,
      own.map(({ action }) => action),
      rows.map(({ id }) => id),
    ),
  )
  const lessons = rows.map((row) => {
    const no = refused.get(row.id)
    const open = own.filter(({ action }) => action.on !== 'resource' && !no?.has(action.name))
    return {
      ...lessonJson(view, row, school),
      unpaid: paidIds ? !paidIds.has(row.id) : null,
      actions: open.map(({ address }) => address),
    }
  })
  return { lessons, more: found.length > limit }
}

function lessonJson(
  view: View,
  { id, title, params, references }: Row,
  { timeZone }: School,
): Omit<LessonJson, 'unpaid' | 'actions'> {
  const text = (name: string) => (params[name] ?? null) as string | null
  const named = (name: string): Named | null => {
    const reference = references[name]
    return reference ? { id: reference.id, title: reference.title } : null
  }
  const startAt = text('startAt')!
  const endAt = text('endAt')!
  const status = text('status') ?? ''
  const words = view.properties.find((one) => one.name === 'status')?.values ?? {}
  return {
    id,
    title,
    startAt,
    endAt,
    ...stretchOf({ from: new Date(startAt), to: new Date(endAt) }, timeZone),
    status,
    statusLabel: words[status] ?? status,
    tone: tonesOf([status])[status] ?? 'default',
    student: named('student'),
    instructor: named('instructor'),
    service: named('service'),
    vehicle: named('vehicle'),
    location: named('location'),
    phone: text('student.phone'),
    holdExpiresAt: text('holdExpiresAt'),
    statusChangedAt: text('statusChangedAt'),
  }
}
