/** What the check reads of rows that values were taken out of, and of those that say so. */
export type Redaction =
  | { readonly by: string | null; readonly left: string }
  | readonly (readonly [number: number, hash: string, left: string])[]

interface Emptied {
  readonly number: number
  readonly id: string
  readonly by: string | null
  readonly key: string
}

/** Rows without the values that they were sealed with, each to be named by the row that says who took them out and why. */
export class Redactions {
  readonly #said = new Set<string>()
  readonly #emptied: Emptied[] = []

  add(row: { id: string; number: number | null; hash: string | null }, redaction: Redaction): void {
    if ('left' in redaction) {
      const { by, left } = redaction
      this.#emptied.push({ number: row.number!, id: row.id, by, key: keyOf(by, row.number!, row.hash, left) })
    } else {
      for (const [number, hash, left] of redaction) this.#said.add(keyOf(row.id, number, hash, left))
    }
  }

  /** How many rows values were taken out of. */
  get count(): number {
    return this.#emptied.length
  }

  /** The first that nobody says, or whose rest was changed afterwards. */
  unsaid(): Emptied | undefined {
    return this.#emptied.filter(({ key }) => !this.#said.has(key)).toSorted((a, b) => a.number - b.number)[0]
  }
}

const keyOf = (by: string | null, number: number, hash: string | null, left: string): string =>
  `${by} ${number} ${hash} ${left}`
