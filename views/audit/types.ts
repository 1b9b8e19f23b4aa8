import type { FieldChange } from '../record/timeline.ts'
import type { Tone } from '../types.ts'

/** What src/admin/audit answers with. */
export interface Entry {
  id: string
  at: string
  who: string
  role: string | null
  what: string
  action: string
  record: { model: string; id: string; title: string; isOpen: boolean }
  fields: FieldChange[]
  details: FieldChange[]
  reason: string | null
  request: string | null
  ip: string | null
  seal: { number: number; hash: string } | null
}

export interface Found {
  entries: Entry[]
  next: string | null
  readBackTo: string | null
}

export interface Story {
  request: string
  entries: Entry[]
  more: boolean
  events: {
    id: string
    at: string
    topic: string
    work: { handler: string; status: string; tone: Tone; note: string | null }[]
  }[]
  approvals: {
    run: string
    summary: string
    askedBy: string
    askedAt: string
    decidedBy: string
    seen: string | null
  }[]
  deeds: {
    id: string
    at: string
    kind: 'message' | 'stripe' | 'webhook' | 'job'
    text: string
    note: string | null
    status: { label: string; tone: Tone }
    open: { model: string; id: string } | null
  }[]
}

export const asked = ['actor', 'model', 'id', 'field', 'action', 'request', 'from', 'to'] as const
export type Asked = (typeof asked)[number]

/** What the address asks for, as the server wants it. */
export function questionIn(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries(asked.flatMap((name) => (query.get(name) ? [[name, query.get(name)!]] : [])))
}
