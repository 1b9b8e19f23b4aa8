/** What goes wrong with the next requests that match. */
export type FaultKind =
  /** Done, but the answer never arrives: the connection is reset. */
  | 'lost_answer'
  /** The connection is reset before anything is done. */
  | 'reset'
  /** Done, but nobody answers. */
  | 'timeout'
  /** Not done: 429, which no key remembers. */
  | 'rate_limit'
  /** Not done, or with `after` done all the same: 500, which the key remembers. */
  | 'server_error'
  /** Not done: 409, another request with this key is under way. */
  | 'conflict'
  /** Done after `delayMs`; its key is taken meanwhile. */
  | 'delay'
  /** The next card is declined. */
  | 'decline'
  /** Refused for good: 400 with `code`. */
  | 'refuse'

const KINDS: readonly FaultKind[] = [
  ...(['lost_answer', 'reset', 'timeout', 'rate_limit', 'server_error', 'conflict'] as const),
  ...(['delay', 'decline', 'refuse'] as const),
]

export interface Fault {
  readonly kind: FaultKind
  /** Only requests of this method and below this path; all of `POST /v1/` when nothing is said. */
  readonly method: string
  readonly path: string
  readonly delayMs: number
  readonly code: string
  readonly after: boolean
  times: number
}

/** The faults that wait to happen, in the order in which they were asked for. */
export class Faults {
  #waiting: Fault[] = []

  /** @returns what is wrong with the request, or nothing */
  add(wanted: Partial<Fault>): string | undefined {
    if (!wanted.kind || !KINDS.includes(wanted.kind)) return `kind is one of ${KINDS.join(', ')}`
    const usual = { method: 'POST', path: '/v1/', delayMs: 1_000, code: 'balance_insufficient', after: false, times: 1 }
    this.#waiting.push({ ...usual, ...wanted, kind: wanted.kind })
    return undefined
  }

  /** Takes the first one that is meant for this request. */
  take(method: string, path: string, kinds?: readonly FaultKind[]): Fault | undefined {
    const fault = this.#waiting.find(
      (one) => one.method === method && path.startsWith(one.path) && (!kinds || kinds.includes(one.kind)),
    )
    if (!fault) return undefined
    fault.times--
    if (fault.times <= 0) this.#waiting = this.#waiting.filter((one) => one !== fault)
    return fault
  }

  get waiting(): readonly Fault[] {
    return this.#waiting
  }

  clear(): void {
    this.#waiting = []
  }
}
