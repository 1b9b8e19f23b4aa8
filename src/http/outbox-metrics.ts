import { Gauge, type Registry } from 'prom-client'
import type { Database } from '../core/db.ts'
import { outboxState } from '../core/outbox/state.ts'

type State = Awaited<ReturnType<typeof outboxState>>

/** One look at the database serves all figures of a scrape. */
const FRESH_MS = 1_000

/**
 * How far events are handled, for all schools: the same whichever web process is asked. A database that does not answer
 * leaves the figures out; that it does not is what /readyz says.
 */
export function measureOutbox(registry: Registry, db: Database): void {
  let seen: { at: number; state: Promise<State | null> } | undefined
  const look = (): Promise<State | null> => {
    if (!seen || Date.now() - seen.at > FRESH_MS) seen = { at: Date.now(), state: outboxState(db).catch(() => null) }
    return seen.state
  }
  const gauge = (name: string, help: string, labelNames: string[], set: (gauge: Gauge, state: State) => void): void => {
    const registers = [registry]
    const made: Gauge = new Gauge({
      name,
      help,
      labelNames,
      registers,
      collect: async () => {
        made.reset()
        const state = await look()
        if (state) set(made, state)
      },
    })
  }
  gauge('outbox_deliveries', 'Deliveries of events that are not done', ['handler', 'status'], (all, { open }) => {
    for (const { handler, status, count } of open) all.set({ handler, status }, count)
  })
  gauge('outbox_oldest_seconds', 'How long the oldest delivery has waited', ['handler', 'status'], (all, { open }) => {
    for (const { handler, status, age } of open) all.set({ handler, status }, age)
  })
  gauge('outbox_untaken_events', 'Events that no worker has taken up', [], (all, { untaken }) => all.set(untaken.count))
  gauge('outbox_untaken_seconds', 'How long the oldest of them has waited', [], (all, { untaken }) => {
    all.set(untaken.age)
  })
  gauge('workers_alive', 'Worker processes seen within the last half minute', [], (all, { workers }) =>
    all.set(workers),
  )
}
