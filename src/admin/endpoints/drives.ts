import type { Context } from '../../core/context.ts'
import { notFound } from '../../core/errors.ts'
import { formatInstant } from '../../core/time.ts'
import { type Drive, readDrives } from '../../domain/lessons/read-drives.ts'
import type { Endpoint } from '../endpoints.ts'
import { readRecord } from '../records/records.ts'
import type { School } from '../records/selection.ts'

/** The lesson that a record is about, `$1` the school and `$2` the record's id. */
const lessonOf: Readonly<Record<string, string>> = {
  Lesson: 'l.id = $2::uuid',
  Booking: 'l."bookingId" = $2::uuid',
  Trip: 'l.id = (SELECT t."lessonId" FROM "Trip" t WHERE t."orgId" = $1::uuid AND t.id = $2::uuid)',
}

/**
 * The drives of a lesson, to be drawn: on the record of the lesson, its booking or its trip. Only for roles that see GPS
 * points; whoever looks at where a learner was is in the audit log.
 */
export const drives: Endpoint = {
  method: 'GET',
  path: '/drives/:model/:id',
  handle: async ({ ctx, admin, views, view, id, params }) => {
    const where = lessonOf[params.model!]
    if (!where || !views.has('TripPoint')) throw notFound('There is no such page.')
    await readRecord(ctx, view(), id(), admin.school)
    const lesson = await lessonFor(ctx, where, id())
    if (!lesson) return { lesson: null, drives: [] }
    const found = await ctx.db.read(ctx, (tx) => readDrives({ ...ctx, tx }, lesson.id))
    if (found.some(({ stretches }) => stretches.length > 0)) await note(ctx, lesson.id)
    const { distanceMeters, durationSec } = lesson
    return {
      lesson: { id: lesson.id, distanceMeters, durationSec },
      drives: found.map((drive) => json(drive, admin.school)),
    }
  },
}

interface Facts {
  readonly id: string
  readonly distanceMeters: number | null
  readonly durationSec: number | null
}

async function lessonFor(ctx: Context, where: string, id: string): Promise<Facts | undefined> {
  const text = `SELECT l.id, l."distanceMeters", l."durationSec" FROM "Lesson" l WHERE l."orgId" = $1::uuid AND ${where}`
  const [[row] = []] = await ctx.db.select(ctx, [{ text, values: [ctx.orgId, id] }])
  if (!row) return undefined
  const [lessonId, distanceMeters, durationSec] = row as [string, number | null, number | null]
  return { id: lessonId, distanceMeters, durationSec }
}

async function note(ctx: Context, lessonId: string): Promise<void> {
  const values = [ctx.orgId, ctx.userId, 'lesson.viewTrip', ctx.ip, ctx.requestId, 'Lesson', lessonId]
  await ctx.db.select(ctx, [{ text: 'SELECT audit_event($1::uuid, $2::uuid, $3, $4, $5, $6, $7)', values }])
}

/** Digits of a degree. */
const ABOUT_A_METER = 5

/** Seconds count from the start of the trip; places to about a metre. */
function json({ stretches, startedAt, endedAt, purgedAt, ...drive }: Drive, { timeZone }: School): object {
  const said = (instant: Date | null) => instant && formatInstant(instant, timeZone)
  const short = (degrees: number) => Number(degrees.toFixed(ABOUT_A_METER))
  return {
    ...drive,
    startedAt: said(startedAt),
    endedAt: said(endedAt),
    purgedAt: said(purgedAt),
    stretches: stretches.map((stretch) =>
      stretch.map(({ ts, lat, lng, kph }) => [
        Math.round((ts.getTime() - startedAt.getTime()) / 1000),
        short(lat),
        short(lng),
        kph === null ? null : Math.round(kph),
      ]),
    ),
  }
}
