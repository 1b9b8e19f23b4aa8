/** What the server says about imports (src/admin/transfer/import-json.ts). */

export interface ImportField {
  name: string
  label: string
  required: boolean
  hint: string | null
}

export interface ImportTarget {
  /** What people should know before they choose a file. */
  note: string | null
  fields: ImportField[]
  /** Labels of the fields that tell whether a record is there already. */
  match: string[]
}

export interface ImportState extends ImportTarget {
  id: string
  fileName: string
  encoding: string
  separator: string
  status: 'uploaded' | 'checking' | 'checked' | 'running' | 'finished' | 'failed'
  columns: { name: string; samples: string[] }[]
  /** The field of each column, null where it is left out. */
  mapping: (string | null)[]
  rowsTotal: number
  rowsDone: number
  rowsWritten: number
  rowsRefused: number
  error: string | null
  /** It has not moved for a while. */
  stale: boolean
  problems: { number: number; problem: string }[]
}
