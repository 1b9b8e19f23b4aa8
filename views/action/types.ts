import type { PropertyJSON } from '../types.ts'

/** The form of an action, as the server sends it when it is opened. */
export interface ActionForm {
  label: string
  /** "Archive Mia Khan". */
  title: string
  fields: PropertyJSON[]
  danger: boolean
  needsPassword: boolean
  long: boolean
  /** Why it cannot be done now. */
  refused: string | null
  /** What is given already in words, and the fields that are asked for first; the others unfold. */
  short?: { summary: string; first: string[] }
}

export interface Preview {
  question: string
  changes: PreviewChange[]
  more: number
  tried: { of: number; first: number } | null
  money: { label: string; amount: string }[]
  messages: string[]
  hash: string
}

export interface PreviewChange {
  singular: string
  title: string
  kind: 'new' | 'edit' | 'delete'
  fields: { property: string; label: string; before: string | null; after: string | null }[]
}

export interface Reason {
  id: string
  title: string
  sentence: string
}

export type Answer =
  | { state: 'preview'; preview: Preview }
  | { state: 'invalid'; message: string; errors: Record<string, string> }
  | { state: 'refused'; message: string; reasons: Reason[] }
  | { state: 'stale'; message: string; preview: Preview }
  | { state: 'password'; message: string }
  | Ended

/** It is done, or will be. */
export type Ended =
  | { state: 'done'; message: string; open: { model: string; id: string } | null }
  | { state: 'waiting' | 'running'; message: string; run: string }

export type Values = Record<string, unknown>
