import type { Database } from '../core/db.ts'
import { schoolless } from '../core/jobs.ts'
import { queueFor } from '../core/queues.ts'
import { processWebhook } from './errands.ts'

/** An event whose signature is right. */
export interface Arrived {
  readonly eventId: string
  readonly type: string
  readonly account: string | null
  /** As it came, byte for byte. */
  readonly payload: string
  /** Of the request that brought it. */
  readonly requestId: string
}

interface Waiting extends Arrived {
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

const MOST_AT_ONCE = 200

// what the event leads to carries the id of the request that brought it
const INSERT = `INSERT INTO "WebhookEvent" (provider, "eventId", "eventType", "stripeAccountId", payload, "requestId", "receivedAt")
  SELECT 'stripe', e.id, e.type, nullif(e.account, ''), e.payload::jsonb, e.request, now()
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS e (id, type, account, payload, request)
  ON CONFLICT (provider, "eventId") DO NOTHING RETURNING id, "requestId"`

/**
 * Takes events in: each is stored and queued in one transaction, repeats are known by their id. What arrives while a
 * transaction is under way shares the next one, so that a burst costs few commits.
 */
export class Intake {
  readonly #db: Database
  #waiting: Waiting[] = []
  #busy = false

  constructor(db: Database) {
    this.#db = db
  }

  /** Resolves when the event is safe. */
  take(arrived: Arrived): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting.push({ ...arrived, resolve, reject })
    if (!this.#busy) void this.#work()
    return promise
  }

  async #work(): Promise<void> {
    this.#busy = true
    while (this.#waiting.length > 0) await this.#together(this.#waiting.splice(0, MOST_AT_ONCE))
    this.#busy = false
  }

  async #together(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.#store(batch)
      for (const { resolve } of batch) resolve()
    } catch (error) {
      // one that cannot be stored is refused alone
      if (batch.length > 1) for (const one of batch) await this.#together([one])
      else batch[0]!.reject(error)
    }
  }

  async #store(batch: readonly Arrived[]): Promise<void> {
    const boss = await queueFor(this.#db, processWebhook)
    await this.#db.asWorker(async (query) => {
      const { rows } = await query(INSERT, [
        batch.map(({ eventId }) => eventId),
        batch.map(({ type }) => type),
        batch.map(({ account }) => account ?? ''),
        batch.map(({ payload }) => payload),
        batch.map(({ requestId }) => requestId),
      ])
      const jobs = (rows as { id: string; requestId: string }[]).map(({ id, requestId }) => ({
        data: schoolless(processWebhook, { webhookEventId: id }, requestId),
      }))
      if (jobs.length > 0)
        await boss.insert(processWebhook.name, jobs, {
          db: { executeSql: async (text, values) => await query(text, values) },
        })
    })
  }
}
