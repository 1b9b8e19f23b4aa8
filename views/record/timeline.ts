import type { Tone } from '../types.ts'

/** What one request did, as the server tells it (src/admin/records/timeline.ts). */
export interface Group {
  at: string
  who: string
  role: string | null
  entries: Entry[]
  /** The request that can perhaps be undone. */
  undo: string | null
}

export interface Entry {
  id: string
  kind: string
  text: string
  note: string | null
  fields: FieldChange[]
  status: { label: string; tone: Tone } | null
  open: { model: string; id: string } | null
}

export interface FieldChange {
  property: string
  label: string
  before: string | null
  after: string | null
}
