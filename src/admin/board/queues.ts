import type { Context } from '../../core/context.ts'
import type { Query } from '../../core/db.ts'
import { tenantCondition } from '../../core/schema.ts'
import { Parameters } from '../lists/conditions.ts'
import { type View, told } from '../records/records.ts'
import type { School } from '../records/selection.ts'
import { type LessonJson, lessonQueries, lessonsIn } from './lessons.ts'

/** What waits for somebody. */
export const queueNames = ['holds', 'requests', 'unclosed', 'no-shows'] as const
export type QueueName = (typeof queueNames)[number]

interface Queue {
  readonly where: (parameters: Parameters) => string
  readonly order: string
}

/** Hours in which a no-show can be taken back (domain.md, Booking states). */
const UNDO_HOURS = 24
/** Nobody marks a lesson that is longer ago; an index leads to those that are left. */
const MARKED_WITHIN_HOURS = 30 * 24

const hoursBefore = (now: Date, hours: number): Date => new Date(now.getTime() - hours * 3_600_000)

const queues: Record<QueueName, (now: Date) => Queue> = {
  holds: () => ({ where: () => `b.status = 'pending_payment'`, order: 'b."holdExpiresAt", b.id' }),
  requests: () => ({ where: () => `b.status = 'requested'`, order: 'b."startAt", b.id' }),
  unclosed: (now) => ({
    where: (parameters) =>
      // the start as well: an index leads to it
      `b.status IN ('confirmed', 'scheduled', 'in_progress') AND b."endAt" < ${parameters.add(now)} AND b."startAt" < ${parameters.add(now)}`,
    order: 'b."startAt", b.id',
  }),
  'no-shows': (now) => ({
    where: (parameters) =>
      `b.status = 'no_show' AND b."statusChangedAt" > ${parameters.add(hoursBefore(now, UNDO_HOURS))} AND b."startAt" > ${parameters.add(hoursBefore(now, MARKED_WITHIN_HOURS))}`,
    order: 'b."startAt" DESC, b.id',
  }),
}

/** Beyond this a queue says "99+". */
const COUNT_CAP = 99
const MOST_LESSONS = 100

/** How much waits in each queue, up to one more than 99, in one round trip. */
export async function countQueues(ctx: Context, views: ReadonlyMap<string, View>): Promise<Record<QueueName, number>> {
  const now = new Date()
  const { model } = views.get('Booking')!.screen
  const counts = queueNames.map((name): Query => {
    const parameters = new Parameters()
    const inSchool = tenantCondition(model, 'b', `${parameters.add(ctx.orgId)}::uuid`)
    const where = queues[name](now).where(parameters)
    return {
      text: `SELECT count(*)::int FROM (SELECT 1 FROM "Booking" b WHERE ${inSchool} AND ${where} LIMIT ${COUNT_CAP + 1}) counted`,
      values: parameters.values,
    }
  })
  const found = await told(ctx.db.select(ctx, counts))
  return Object.fromEntries(queueNames.map((name, index) => [name, found[index]![0]![0]])) as Record<QueueName, number>
}

export async function readQueue(
  ctx: Context,
  views: ReadonlyMap<string, View>,
  name: QueueName,
  school: School,
): Promise<{ lessons: LessonJson[]; more: boolean }> {
  const wanted = { ...queues[name](new Date()), limit: MOST_LESSONS }
  const answers = await told(ctx.db.select(ctx, lessonQueries(ctx, views, wanted)))
  return await lessonsIn(ctx, views, { answers, limit: MOST_LESSONS, school })
}
