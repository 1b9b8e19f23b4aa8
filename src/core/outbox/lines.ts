import type { PgBoss } from 'pg-boss'
import type { Handler } from '../handlers.ts'

/** Sends one statement in the transaction that everything here belongs to. */
export interface Sender {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>
}

/** The events of one record wait for one handler in a line. */
export interface Line {
  readonly handler: string
  readonly orgId: string
  readonly aggregateId: string
}

/** What a worker is told: which delivery, as which try of a person to have it delivered. */
export interface Ticket {
  readonly deliveryId: string
  readonly orgId: string
  readonly generation: number
}

type Facts = Pick<Handler, 'name' | 'onDead'>

/**
 * Puts the first of each line in the queue, unless another of that line is there or the school is suspended. Whoever ends a
 * delivery and whoever adds one meet at the line's lock, so that one of them sees the other's.
 */
export async function promote(
  sender: Sender,
  boss: PgBoss,
  { lines, handlers }: { lines: readonly Line[]; handlers: readonly Facts[] },
): Promise<void> {
  if (lines.length === 0) return
  const { rows } = await sender.executeSql(
    'SELECT * FROM outbox_promote($1::text[], $2::uuid[], $3::text[], $4::text[])',
    [
      lines.map(({ handler }) => handler),
      lines.map(({ orgId }) => orgId),
      lines.map(({ aggregateId }) => aggregateId),
      blockingOf(handlers),
    ],
  )
  await putInQueue(sender, boss, rows as Head[])
}

/** Those of which one that was given up holds up the later ones of its line. */
export const blockingOf = (handlers: readonly Facts[]): string[] =>
  handlers.filter(({ onDead }) => onDead === 'block').map(({ name }) => name)

/** A delivery whose turn has come. */
export interface Head extends Ticket {
  readonly jobId: string
  readonly handler: string
}

export async function putInQueue(sender: Sender, boss: PgBoss, heads: readonly Head[]): Promise<void> {
  for (const [handler, waiting] of Map.groupBy(heads, (head) => head.handler))
    await boss.insert(
      handler,
      waiting.map(({ jobId, deliveryId, orgId, generation }) => ({
        id: jobId,
        data: { deliveryId, orgId, generation } satisfies Ticket,
      })),
      { db: sender },
    )
}
