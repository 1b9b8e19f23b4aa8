import { randomBytes } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type Stripe from 'stripe'

/** What the simulator keeps, by the `object` that Stripe calls it. */
export interface Shelves {
  payment_intent: Stripe.PaymentIntent
  charge: Stripe.Charge
  refund: Stripe.Refund
  transfer: Stripe.Transfer
  transfer_reversal: Stripe.TransferReversal
  account: Stripe.Account
  payout: Stripe.Payout
  dispute: Stripe.Dispute
  balance_transaction: Stripe.BalanceTransaction
  event: Stripe.Event
}
export type Kind = keyof Shelves

const KINDS = [
  'payment_intent',
  'charge',
  'refund',
  'transfer',
  'transfer_reversal',
  'account',
  'payout',
  'dispute',
  'balance_transaction',
  'event',
] as const satisfies readonly Kind[]

const PREFIXES: Readonly<Record<Kind | 'request', string>> = {
  payment_intent: 'pi',
  charge: 'ch',
  refund: 're',
  transfer: 'tr',
  transfer_reversal: 'trr',
  account: 'acct',
  payout: 'po',
  dispute: 'dp',
  balance_transaction: 'txn',
  event: 'evt',
  request: 'req',
}

/** What was answered to a key. */
export interface Answer {
  readonly status: number
  readonly body: string
  /** SHA-256 of what was asked: the same key with anything else is refused. */
  readonly asked: string
  readonly at: number
}

interface Entry<K extends Kind = Kind> {
  readonly object: Shelves[K]
  /** The connected account that it belongs to; the platform's own has none. */
  readonly account: string | null
}

type Line = { kind: Kind; entry: Entry } | { key: string; answer: Answer } | { reset: true }

const DAY_SECONDS = 86_400

/**
 * Everything that Stripe would remember. Each change is a line that is on the disk before the answer goes out, so a killed
 * process loses nothing; the file is written anew when it is opened.
 */
export class State {
  readonly #shelves = new Map<Kind, Map<string, Entry>>()
  readonly #answers = new Map<string, Answer>()
  readonly #expected = new Map<Kind | 'request', string>()
  readonly #file: string | null

  /** @param file null: nothing is kept beyond this process */
  constructor(file: string | null) {
    this.#file = file
    this.#empty()
    if (file && existsSync(file)) this.#load(file)
  }

  /** Seconds since 1970, as all times of Stripe. */
  now(): number {
    return Math.floor(Date.now() / 1000)
  }

  /** The next object of this kind gets this id: for what the program knows already, like its demo's payments. */
  expect(kind: Kind, id: string): void {
    this.#expected.set(kind, id)
  }

  newId(kind: Kind | 'request'): string {
    const expected = this.#expected.get(kind)
    this.#expected.delete(kind)
    if (expected !== undefined) return expected
    return `${PREFIXES[kind]}_sim${randomBytes(12).toString('hex')}`
  }

  find<K extends Kind>(kind: K, id: string): Shelves[K] | undefined {
    return this.#shelves.get(kind)?.get(id)?.object as Shelves[K] | undefined
  }

  ownerOf(kind: Kind, id: string): string | null {
    return this.#shelves.get(kind)?.get(id)?.account ?? null
  }

  /** Newest first, as Stripe lists. */
  all<K extends Kind>(kind: K, account: string | null = null): Shelves[K][] {
    const entries = [...this.#shelves.get(kind)!.values()].toReversed()
    return entries.filter((entry) => entry.account === account).map(({ object }) => object as Shelves[K])
  }

  /** Whatever has this id. */
  anything(id: string): Shelves[Kind] | undefined {
    return KINDS.map((kind) => this.find(kind, id)).find((object) => object !== undefined)
  }

  put<K extends Kind>(kind: K, object: Shelves[K], account?: string | null): Shelves[K] {
    const { id } = object
    const entry = { object, account: account === undefined ? this.ownerOf(kind, id) : account }
    this.#shelves.get(kind)!.set(id, entry)
    this.#write({ kind, entry })
    return object
  }

  answerTo(key: string): Answer | undefined {
    const answer = this.#answers.get(key)
    return answer && this.now() - answer.at < DAY_SECONDS ? answer : undefined
  }

  keepAnswer(key: string, answer: Answer): void {
    this.#answers.set(key, answer)
    this.#write({ key, answer })
  }

  reset(): void {
    this.#empty()
    this.#write({ reset: true })
  }

  /** Keeps the objects, and forgets how they came about: events, and answers to keys. */
  forgetHistory(): void {
    this.#shelves.set('event', new Map())
    this.#answers.clear()
    if (this.#file) this.#compact(this.#file)
  }

  /** How many there are of each, for people who look. */
  counts(): Record<string, number> {
    return Object.fromEntries(KINDS.map((kind) => [kind, this.#shelves.get(kind)!.size]))
  }

  #empty(): void {
    for (const kind of KINDS) this.#shelves.set(kind, new Map())
    this.#answers.clear()
  }

  #write(line: Line): void {
    if (this.#file) appendFileSync(this.#file, `${JSON.stringify(line)}\n`)
  }

  #load(file: string): void {
    for (const text of readFileSync(file, 'utf8').split('\n')) {
      const line = parse(text)
      if (!line) continue
      if ('reset' in line) this.#empty()
      else if ('key' in line) this.#answers.set(line.key, line.answer)
      else this.#shelves.get(line.kind)?.set(line.entry.object.id, line.entry)
    }
    this.#compact(file)
  }

  #compact(file: string): void {
    const objects = KINDS.flatMap((kind) => [...this.#shelves.get(kind)!.values()].map((entry) => ({ kind, entry })))
    const answers = [...this.#answers].filter(([key]) => this.answerTo(key)).map(([key, answer]) => ({ key, answer }))
    const lines = [...objects, ...answers].map((line) => `${JSON.stringify(line)}\n`)
    writeFileSync(`${file}.new`, lines.join(''), { mode: 0o600 })
    renameSync(`${file}.new`, file)
  }
}

/** A process that was killed while writing leaves half a line, which never was answered. */
function parse(text: string): Line | null {
  try {
    return text === '' ? null : (JSON.parse(text) as Line)
  } catch {
    return null
  }
}
