import { nowOf } from './context.ts'
import { type Payload, type PayloadIn, type Topic, type TopicFacts, topics } from './topics.ts'
import type { UnitOfWork } from './unit-of-work.ts'

/** Something that happened to a record, told after the transaction commits. */
export interface Event<T extends Topic> {
  /** In the past tense: `booking.confirmed`. */
  readonly topic: T
  readonly of: (typeof topics)[T]['of']
  readonly id: string
  /** Of the record after the change: its events are handled in this order. */
  readonly version: number
  /** What handlers need and could not read any more when they run. */
  readonly payload: PayloadIn<T>
}

/**
 * Writes the event with the change that it tells of: both happen or neither. The same change told twice is one event.
 * @throws ZodError when the payload is not what the topic says
 */
export const emit = <T extends Topic>(work: UnitOfWork, event: Event<T>): Promise<void> => emitAll(work, [event])

/** The same for several at once, in their order. */
export async function emitAll(work: UnitOfWork, events: readonly Event<Topic>[]): Promise<void> {
  const { orgId, userId, role, actorKind, requestId } = work
  await work.tx.outbox.createMany({
    data: events.map(({ topic, of, id, version, payload }) => {
      const facts: TopicFacts = topics[topic]
      return {
        orgId,
        topic,
        aggregateType: of,
        aggregateId: id,
        aggregateVersion: version,
        schemaVersion: facts.version,
        dedupeKey: `${topic}:${id}:${version}`,
        payload: facts.payload.parse(payload),
        actor: { userId, role, kind: actorKind, requestId },
        availableAt: nowOf(work),
        createdAt: nowOf(work),
      }
    }),
  })
}

/** An event as its handlers see it. */
export type Happened<T extends Topic = Topic> = {
  [K in T]: {
    readonly id: string
    readonly topic: K
    readonly of: (typeof topics)[K]['of']
    /** Of the record that it is about. */
    readonly recordId: string
    /** Of the record after the change. */
    readonly version: number
    readonly payload: Payload<K>
    /** When it happened. */
    readonly at: Date
  }
}[T]

/** A stored event that no handler of this program can read, however often it tries. */
export class UnreadableEvent extends Error {}

interface Stored {
  readonly id: string
  readonly topic: string
  readonly aggregateType: string
  readonly aggregateId: string
  readonly aggregateVersion: number
  readonly schemaVersion: number
  readonly payload: unknown
  readonly createdAt: Date
}

/** @throws UnreadableEvent with a sentence for the operator */
export function readEvent(stored: Stored): Happened {
  const facts = (topics as Readonly<Record<string, TopicFacts>>)[stored.topic]
  if (!facts) throw new UnreadableEvent(`This program knows no event ${stored.topic}.`)
  const { version } = facts
  if (stored.schemaVersion !== version)
    throw new UnreadableEvent(
      `The event was written in form ${stored.schemaVersion} of ${stored.topic}; this program reads form ${version}.`,
    )
  const { success, data, error } = facts.payload.safeParse(stored.payload)
  if (!success) {
    const fields = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
    throw new UnreadableEvent(`The event does not say what ${stored.topic} says. ${fields}`)
  }
  return {
    id: stored.id,
    topic: stored.topic,
    of: stored.aggregateType,
    recordId: stored.aggregateId,
    version: stored.aggregateVersion,
    payload: data,
    at: stored.createdAt,
  } as Happened
}
