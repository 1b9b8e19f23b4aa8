import { Gauge, type Registry } from 'prom-client'
import type { Database } from '../core/db.ts'
import { homelessCounts } from '../stripe/homeless.ts'

type Counts = Awaited<ReturnType<typeof homelessCounts>>

/** One look at the database serves all figures of a scrape. */
const FRESH_MS = 1_000

/**
 * What of Stripe is no school's and waits for the people of the platform: an alarm belongs on each of them. A database that
 * does not answer leaves the figures as they were: that it does not is what /readyz says.
 */
export function measureHomeless(registry: Registry, db: Database): void {
  let seen: { at: number; counts: Promise<Counts | null> } | undefined
  const look = (): Promise<Counts | null> => {
    if (!seen || Date.now() - seen.at > FRESH_MS)
      seen = { at: Date.now(), counts: homelessCounts(db).catch(() => null) }
    return seen.counts
  }
  const gauge = (name: string, help: string, of: (counts: Counts) => number): void => {
    const made: Gauge = new Gauge({
      name,
      help,
      registers: [registry],
      collect: async () => {
        const counts = await look()
        if (counts) made.set(of(counts))
      },
    })
  }
  gauge('webhooks_homeless', 'Events of no school that nobody has settled', ({ events }) => events)
  gauge('webhooks_homeless_seconds', 'How long the oldest of them has waited', ({ oldestSeconds }) => oldestSeconds)
  gauge('stripe_money_homeless', 'Objects in the balance of Stripe that no school knows', ({ money }) => money)
}
