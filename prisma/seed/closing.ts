import type { Context } from '../../src/core/context.ts'
import { KILLED } from '../../src/core/outbox/bury.ts'
import { update } from './lives/update.ts'
import { seededId } from './random.ts'
import type { School } from './school.ts'

/** Learners who have passed the test or moved away: after their last lesson. */
export async function archive(ctx: Context, school: School): Promise<void> {
  await ctx.db.transaction(ctx, async (tx) => {
    for (const { id, leftAt } of school.left) {
      const left = { archivedAt: leftAt, updatedAt: leftAt }
      await tx.student.updateMany({ where: { id, orgId: school.id, archivedAt: null }, data: left })
    }
  })
}

/** How far each lesson went, as its trip says. */
export async function measure(ctx: Context, school: School): Promise<void> {
  const changes = school.driven.map(({ lessonId: id, meters, endedAt }) => ({
    where: { id, orgId: school.id },
    data: { distanceMeters: meters },
    now: endedAt,
  }))
  await ctx.db.transaction(ctx, async (tx) => {
    const measured = { orgId: school.id, distanceMeters: { not: null } }
    if (await tx.lesson.findFirst({ where: measured, select: { id: true } })) return
    await update(tx, 'Lesson', changes)
  })
}

/** Attempts at an event: see retryLimitOf in src/core/handlers.ts. */
const ATTEMPTS = 6

/** One event that was given up, because the database was restarted again and again: somebody has to look at it. */
export async function letOneDie(ctx: Context): Promise<void> {
  const { orgId } = ctx
  await ctx.db.transaction(ctx, async (tx) => {
    if (await tx.outboxDelivery.findFirst({ where: { orgId }, select: { id: true } })) return
    const told = { orgId, topic: { in: ['booking.cancelled', 'booking.confirmed'] } }
    const event = await tx.outbox.findFirstOrThrow({ where: told, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] })
    const lastError = `${KILLED} The one before it: terminating connection due to administrator command`
    const deadAt = event.relayedAt
    await tx.outbox.updateMany({
      where: { id: event.id, orgId },
      data: { attempts: ATTEMPTS, lastError, processedAt: null, deadAt },
    })
    const { id: outboxId, createdAt, aggregateId, aggregateVersion } = event
    const of = { orgId, outboxId, aggregateId, aggregateVersion }
    const delivery = { ...of, handler: 'people.tell', status: 'dead', attempts: ATTEMPTS, lastError } as const
    const at = { finishedAt: deadAt, createdAt, updatedAt: deadAt! }
    await tx.outboxDelivery.create({ data: { id: seededId(`delivery/${outboxId}`, createdAt), ...delivery, ...at } })
  })
}
