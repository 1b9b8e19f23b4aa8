import type { Prisma } from '@prisma/client'
import type { UnitOfWork } from './unit-of-work.ts'
import { nowOf } from './context.ts'

/** Something that happened to a record, told after the transaction commits. */
export interface Event {
  /** In the past tense: `booking.confirmed`. */
  readonly topic: string
  readonly of: Prisma.ModelName
  readonly id: string
  /** Of the record after the change: its events are handled in this order. */
  readonly version: number
  /** What handlers need and could not read any more when they run. */
  readonly payload: Prisma.InputJsonObject
}

/** Writes the event with the change that it tells of: both happen or neither. The same change told twice is one event. */
export async function emit(work: UnitOfWork, { topic, of, id, version, payload }: Event): Promise<void> {
  const { orgId, userId, role, actorKind, requestId } = work
  await work.tx.outbox.create({
    data: {
      orgId,
      topic,
      aggregateType: of,
      aggregateId: id,
      aggregateVersion: version,
      dedupeKey: `${topic}:${id}:${version}`,
      payload,
      actor: { userId, role, kind: actorKind, requestId },
      availableAt: nowOf(work),
      createdAt: nowOf(work),
    },
    select: { id: true },
  })
}
