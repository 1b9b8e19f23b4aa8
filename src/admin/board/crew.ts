import type { Context } from '../../core/context.ts'
import type { Query } from '../../core/db.ts'
import { formatDay } from '../../core/time.ts'
import { type FreeTime, freeTime } from '../../domain/availability/free-time.ts'
import type { View } from '../records/records.ts'
import type { School } from '../records/selection.ts'
import { type Stretch, stretchOf } from './days.ts'
import { type Named, namedIn, namedQuery } from './named.ts'

type Views = ReadonlyMap<string, View>

/** Instructors who teach now, by name; or the one with this id. */
export const crewQuery = (
  ctx: Context,
  views: Views,
  { limit, id }: { limit: number; id?: string | undefined },
): Query =>
  namedQuery(ctx, views.get('Instructor')!, {
    where: id ? 'b.id = $2::uuid' : 'b.active',
    values: id ? [id] : [],
    order: 'displayName',
    limit: limit + 1,
  })

export const crewIn = (views: Views, rows: unknown[][], school: School): Named[] =>
  namedIn(views.get('Instructor')!, rows, school)

/** Where somebody works, and where they could still give a lesson, by local day. */
export interface WorkingTime {
  readonly instructorId: string
  readonly working: readonly Stretch[]
  readonly free: readonly Stretch[]
}

interface Days {
  readonly instructorIds: readonly string[]
  readonly fromDay: string
  readonly toDay: string
  /** Free time that is shorter, in minutes, is of no use. */
  readonly minutes: number
  readonly timeZone: string
}

/** By the same rules that a booking is held to. */
export async function workingTimes(ctx: Context, days: Days): Promise<ReadonlyMap<string, WorkingTime>> {
  const look = (minutes: number, ignoring?: 'lessons') =>
    ctx.db.read(ctx, (client) => freeTime({ ...ctx, tx: client }, { ...days, minutes, ignoring }))
  const [working, free] = await Promise.all([look(1, 'lessons'), look(days.minutes)])
  const of = (times: readonly FreeTime[], id: string) =>
    times.filter(({ instructorId }) => instructorId === id).map((one) => stretchOf(one, days.timeZone))
  return new Map(
    days.instructorIds.map((id) => [id, { instructorId: id, working: of(working, id), free: of(free, id) }]),
  )
}

/** Leave, or extra hours. */
export interface Exception extends Stretch {
  readonly instructorId: string
  readonly label: string
  readonly closed: boolean
}

export function exceptionsQuery(
  ctx: Context,
  views: Views,
  { fromDay, toDay }: Pick<Days, 'fromDay' | 'toDay'>,
): Query[] {
  const view = views.get('AvailabilityException')
  if (!view) return []
  const note = view.properties.some(({ name, masked }) => name === 'note' && !masked) ? 'e.note' : 'NULL'
  return [
    {
      text: `SELECT e."instructorId", e.date::text, e."isAvailable", e."startMinute", e."endMinute", ${note} FROM "AvailabilityException" e WHERE e."orgId" = $1::uuid AND e.date BETWEEN $2::date AND $3::date ORDER BY e.date, e."startMinute" LIMIT 1000`,
      values: [ctx.orgId, fromDay, toDay],
    },
  ]
}

export const exceptionsIn = (rows: unknown[][] = []): Exception[] =>
  (rows as [string, string, boolean, number | null, number | null, string | null][]).map(
    ([instructorId, day, isAvailable, from, to, note]) => ({
      instructorId,
      day,
      from: from ?? 0,
      to: to ?? 1440,
      closed: !isAvailable,
      label: note || (isAvailable ? 'Extra hours' : 'Not available'),
    }),
  )

const SOON_DAYS = 7

/** Papers that are no longer valid on the day, or only for a few days more. */
export function papersQuery(ctx: Context, views: Views, day: string): Query[] {
  if (!views.has('InstructorCredential')) return []
  return [
    {
      text: `SELECT c."instructorId", c.kind::text, (max(c."expiresOn") FILTER (WHERE c.status = 'verified'))::text
               FROM "InstructorCredential" c WHERE c."orgId" = $1::uuid AND c.status IN ('pending', 'verified')
              GROUP BY 1, 2 HAVING coalesce(max(c."expiresOn") FILTER (WHERE c.status = 'verified') < $2::date + ${SOON_DAYS}, true)`,
      values: [ctx.orgId, day],
    },
  ]
}

export interface Paper {
  readonly instructorId: string
  readonly label: string
  /** Lessons cannot be booked on that day. */
  readonly lapsed: boolean
}

export function papersIn(views: Views, rows: unknown[][] = [], day: string): Paper[] {
  const kinds = views.get('InstructorCredential')?.properties.find(({ name }) => name === 'kind')?.values ?? {}
  return (rows as [string, string, string | null][]).map(([instructorId, kind, until]) => {
    const paper = kinds[kind] ?? 'Paper'
    const label =
      until === null
        ? `${paper} to be verified`
        : `${paper} ${until < day ? 'expired' : 'valid until'} ${formatDay(until)}`
    return { instructorId, label, lapsed: until === null || until < day }
  })
}
