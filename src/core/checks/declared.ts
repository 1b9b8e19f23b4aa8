import type { Declaration } from '../declaration.ts'
import type { Model } from '../schema.ts'

/** What a check looks at: a declaration, its model, and how the file is called in a sentence. */
export interface Declared {
  readonly here: string
  readonly declaration: Declaration
  readonly model: Model
}
