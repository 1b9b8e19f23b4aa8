import type { PgBoss } from 'pg-boss'
import type { Handler } from '../handlers.ts'
import { blockingOf, type Head, putInQueue, type Sender, type Ticket } from './lines.ts'

/** How a delivery ended. */
export interface Ending extends Pick<Ticket, 'deliveryId' | 'generation'> {
  readonly status: 'done' | 'dead'
  readonly attempts: number
  /** What the handler made. */
  readonly resultRef?: string | undefined
  /** Why it was given up, in words. */
  readonly error?: string | undefined
}

/**
 * Writes down how deliveries have ended, as the dispatcher, and lets the next of their lines begin.
 * @throws when one of them was ended by somebody else meanwhile
 */
export async function finish(
  sender: Sender,
  boss: PgBoss,
  { endings, handlers }: { endings: readonly Ending[]; handlers: readonly Handler[] },
): Promise<void> {
  const { rows } = await sender.executeSql(END, [
    endings.map(({ deliveryId }) => deliveryId),
    endings.map(({ generation }) => generation),
    endings.map(({ status }) => status),
    endings.map(({ attempts }) => attempts),
    endings.map(({ resultRef }) => resultRef ?? ''),
    endings.map(({ error }) => error ?? ''),
    blockingOf(handlers),
  ])
  await putInQueue(sender, boss, rows as Head[])
}

const END = `SELECT * FROM outbox_end($1::uuid[], $2::int[], $3::text[], $4::int[], $5::text[], $6::text[], $7::text[])`

/** A delivery of this event ended, or begins again. */
export interface Ended {
  readonly outboxId: string
}

/** Writes on the events what their deliveries come to. Two handlers may end the same event at the same moment: see there. */
export async function sumUp(sender: Sender, ended: readonly Ended[]): Promise<void> {
  const ids = [...new Set(ended.map(({ outboxId }) => outboxId))]
  if (ids.length > 0) await sender.executeSql('SELECT outbox_sum_up($1::uuid[])::text', [ids])
}
