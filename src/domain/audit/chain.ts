import { genesisOf, hashOf } from './content.ts'
import { type Redaction, Redactions } from './redactions.ts'

/** An audit row as the check reads it. */
export interface Link {
  readonly id: string
  /** Place in the chain, from 1; null while it is not sealed. */
  readonly number: number | null
  readonly previous: string | null
  readonly hash: string | null
  /** See contentOf. */
  readonly content: string
  /** 1 or 2: how it was sealed. */
  readonly format: number
  /** See redactionOf. */
  readonly redaction: Redaction | null
}

/** Where a chain is known to have been. */
export interface Mark {
  readonly number: number
  readonly hash: string
  /** "the file 2026-11-23.jsonl", for the sentence. */
  readonly by: string
}

/** Where a month was taken out. */
export interface Boundary extends Mark {
  /** Smaller numbers that are still in the log. */
  readonly strays: readonly number[]
}

export interface Bad {
  readonly number: number
  /** The row, when there is one. */
  readonly id: string | null
  readonly what: string
}

/** Rows come nearly in order; when so many wait for one, it is not there. */
const PATIENCE = 50_000

/**
 * Follows the chain of one school: rows in about the order of their writing go in, the first that is not as it was
 * sealed comes out. Holds only rows that came before their turn.
 */
export class Chain {
  /** The first bad row, by number. */
  bad: Bad | undefined
  checked = 0
  unsealed = 0
  /** Everything up to here has been followed. */
  last: number
  readonly #waiting = new Map<number, Link>()
  readonly #upTo: number
  readonly #marks: Map<number, Mark[]>
  readonly #strays: Set<number>
  readonly #boundary: number
  readonly #redactions = new Redactions()
  #hash: string
  #format = 0
  #highest = 0

  /** @param upTo the last number to follow: rows may be sealed while they are read */
  constructor(orgId: string, { upTo, marks, boundary }: { upTo: number; marks: readonly Mark[]; boundary?: Boundary }) {
    this.#upTo = upTo
    this.#boundary = boundary?.number ?? 0
    this.#strays = new Set(boundary?.strays)
    this.last = this.#boundary
    this.#hash = boundary?.hash ?? genesisOf(orgId)
    this.#marks = Map.groupBy(marks, ({ number }) => number)
    for (const mark of this.#marks.get(this.#boundary) ?? [])
      if (mark.hash !== this.#hash)
        this.#found({
          number: mark.number,
          id: null,
          what: `is not the row that ${mark.by} knows: history was rewritten`,
        })
  }

  /** The highest number that a row had. */
  get highest(): number {
    return this.#highest
  }

  /** Rows that a person's values were taken out of. */
  get redacted(): number {
    return this.#redactions.count
  }

  add(link: Link): void {
    const { number, previous, hash, id, format, redaction } = link
    if (redaction) this.#redactions.add(link, redaction)
    if (number === null) {
      this.unsealed++
      if (hash !== null) this.#found({ number: this.last + 1, id, what: 'has a hash but no place in the chain' })
      return
    }
    this.checked++
    this.#highest = Math.max(this.#highest, number)
    // of the first format nothing is left to prove the rest by: the row that says so does it
    const isProvenElsewhere = format === 1 && redaction !== null && 'left' in redaction
    if (!isProvenElsewhere && hashOf(previous ?? '', link.content) !== hash)
      this.#found({ number, id, what: 'was changed after it was sealed' })
    if (number <= this.#boundary) return this.#stray(link)
    if (number > this.#upTo) return
    if (number <= this.last || this.#waiting.has(number))
      return this.#found({ number, id, what: 'has the place of another row' })
    this.#waiting.set(number, link)
    this.#follow()
    if (this.#waiting.size > PATIENCE) this.#missing()
  }

  /** Nothing more comes. @param head as it is now, which may be further */
  end(head: number): Bad | undefined {
    if (this.#waiting.size > 0 || this.last < this.#upTo) this.#missing()
    const unsaid = this.#redactions.unsaid()
    if (unsaid)
      this.#found({
        number: unsaid.number,
        id: unsaid.id,
        what: 'had values taken out of it, and no sealed row says so, or it was changed since',
      })
    const [stray] = this.#strays
    if (stray !== undefined) this.#found({ number: stray, id: null, what: 'is missing' })
    if (this.#highest > head)
      this.#found({ number: head + 1, id: null, what: 'lies beyond the end that the database notes for this chain' })
    for (const [number, [mark]] of this.#marks)
      if (number > this.last && number > this.#boundary)
        this.#found({
          number: this.last + 1,
          id: null,
          what: `is missing: ${mark!.by} knows the chain up to ${number}`,
        })
    return this.bad
  }

  #follow(): void {
    for (let link = this.#waiting.get(this.last + 1); link; link = this.#waiting.get(this.last + 1)) {
      this.#waiting.delete(this.last + 1)
      this.last++
      if (link.previous !== this.#hash)
        this.#found({ number: this.last, id: link.id, what: 'does not follow the row before it' })
      this.#hash = link.hash ?? ''
      if (link.format < this.#format)
        this.#found({
          number: this.last,
          id: link.id,
          what: 'says that it was sealed in an older way than the row before it',
        })
      this.#format = link.format
      for (const mark of this.#marks.get(this.last) ?? [])
        if (mark.hash !== link.hash)
          this.#found({
            number: this.last,
            id: link.id,
            what: `is not the row that ${mark.by} knows: history was rewritten`,
          })
    }
  }

  #stray(link: Link): void {
    if (!this.#strays.delete(link.number!))
      this.#found({ number: link.number!, id: link.id, what: 'belongs to a month that was taken out' })
  }

  #missing(): void {
    this.#found({ number: this.last + 1, id: null, what: 'is missing' })
    this.#waiting.clear()
  }

  #found(bad: Bad): void {
    if (!this.bad || bad.number < this.bad.number) this.bad = bad
  }
}
