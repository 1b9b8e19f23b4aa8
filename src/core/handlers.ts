import { discover } from './discover.ts'
import type { Happened } from './events.ts'
import type { Topic } from './topics.ts'
import type { UnitOfWork } from './unit-of-work.ts'

/** What is done about events: its facts, and `run`. */
export interface Handler<T extends Topic = Topic> {
  /** The same in the queue, the screens, the log and the metrics: `people.tell`. */
  readonly name: string
  readonly topics: readonly T[]
  /**
   * What becomes of the later events of the same record when one of them is given up: `block` keeps them waiting until
   * somebody retries or skips it, as money needs; `skip` goes on without it.
   */
  readonly onDead: 'block' | 'skip'
  /** How long one attempt may take before another worker may begin again. Default: 60 seconds. */
  readonly expireSeconds?: number
  /** Attempts after a first one that failed or was killed. Default: 5. */
  readonly retryLimit?: number
  /**
   * Happens exactly once for each event: what it writes commits together with the mark that it is done, or not at all.
   * Events of one record arrive in their order, one at a time. It reads and writes the database only, by `work.tx`; what
   * needs the network it enqueues as a job. It may be called with a few other events in the same transaction.
   * @returns what it made, for the screens: a record's id
   */
  run(work: UnitOfWork, event: Happened<T>): Promise<string | void>
}

/** Declares what is done about events; a file of src/jobs exports it as its default. */
export function handler<const T extends Topic>(name: string, facts: Omit<Handler<T>, 'name'>): Handler<T> {
  return { name, ...facts }
}

export const expireSecondsOf = ({ expireSeconds = 60 }: Handler): number => expireSeconds
export const retryLimitOf = ({ retryLimit = 5 }: Handler): number => retryLimit

/** The handlers of src/jobs. */
export async function allHandlers(): Promise<Handler[]> {
  const found = await discover<Handler | { topics?: never }>('jobs')
  return found.map(({ value }) => value).filter((value) => value.topics !== undefined)
}
