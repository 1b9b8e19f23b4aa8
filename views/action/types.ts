import type { Asked, PropertyJSON } from '../types.ts'

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
  /** Bookings that are there already and are concerned. */
  concerns: Asked | null
  /** What will be said of it; null for no more than that it is done. */
  outcome: string | null
  /** What the clock does later, unless something happens until then. */
  later: string[]
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

export interface Refusals {
  /** Of the first that refuse. */
  reasons: Reason[]
  /** How many refuse, and how many do not. */
  refused: number
  left: number
}

/** An action on a record with which what is missing can be put right. */
export interface WayOut {
  label: string
  model: string
  id: string
  action: string
}

export type Answer =
  | { state: 'preview'; preview: Preview }
  | { state: 'invalid'; message: string; errors: Record<string, string>; ways?: WayOut[] }
  | ({ state: 'refused'; message: string; ways?: WayOut[] } & Refusals)
  | { state: 'stale'; message: string; preview: Preview }
  | { state: 'password'; message: string }
  | Ended

/** It is done, or will be. */
export type Ended =
  | { state: 'done'; message: string; open: { model: string; id: string } | null; secret?: Secret }
  | { state: 'waiting' | 'running'; message: string; run: string }

/** Shown once: nobody can look it up afterwards. */
export interface Secret {
  label: string
  value: string
  help: string
}

export type Values = Record<string, unknown>
