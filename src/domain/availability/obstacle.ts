import type { WayOut } from '../../core/errors.ts'

/** A rule that a lesson would break, in a sentence that says what to do. Soft ones may be overridden with a reason. */
export interface Obstacle {
  readonly rule: string
  readonly field: string
  readonly sentence: string
  readonly soft: boolean
  /** Where it can be put right. */
  readonly wayOut?: WayOut
}

export const hard = (rule: string, field: string, sentence: string): Obstacle => ({
  rule,
  field,
  sentence,
  soft: false,
})
export const soft = (rule: string, field: string, sentence: string): Obstacle => ({ rule, field, sentence, soft: true })
