import { z } from 'zod'
import { digestIn, hashOf } from './content.ts'

/** What an export is, so that it can be checked without the database that it came from. */
export const manifestForm = z.object({
  format: z.literal('driveflow-audit-1'),
  school: z.object({ id: z.uuid(), name: z.string() }),
  made: z.iso.datetime(),
  by: z.string(),
  /** What was asked for, as the address of the search says it. */
  filters: z.record(z.string(), z.string()),
  /** Where the chain was: nothing beyond it is in the export. */
  head: z.object({ number: z.int(), hash: z.string() }),
  entries: z.int(),
  /** Nothing is left out between the first and the last entry. */
  complete: z.boolean(),
  files: z.array(z.object({ name: z.string(), sha256: z.string(), entries: z.int() })),
})
export type Manifest = z.infer<typeof manifestForm>

/** One entry of the JSON lines: what was hashed, and for the second format what its digest covers, both to the letter. */
export interface ExportedLine {
  readonly previous: string
  readonly hash: string
  readonly content: string
  readonly format: number
  readonly salt: string | null
  readonly values: string
  /** A person's values were taken out of it since it was sealed. */
  readonly redacted: boolean
}

export function exportedLine({ previous, hash, content, format, salt, values, redacted }: ExportedLine): string {
  const seal = `{"previous":"${previous}","hash":"${hash}",${redacted ? '"redacted":true,' : ''}"content":${content}`
  return format === 1 ? `${seal}}\n` : `${seal},"salt":${JSON.stringify(salt)},"values":${values}}\n`
}

const SEAL = String.raw`^\{"previous":"([0-9a-f]{64})","hash":"([0-9a-f]{64})",("redacted":true,)?"content":(\[.*\])`
// jsonb is written with a space after each comma, so what stands between the parts is in none of them
const SECOND = new RegExp(String.raw`${SEAL},"salt":(null|"[0-9a-f-]{36}"),"values":(\[.*\])\}$`)
const FIRST = new RegExp(String.raw`${SEAL}\}$`)

/** @returns null when it is no such line */
export function readExportedLine(line: string): ExportedLine | null {
  const match = SECOND.exec(line) ?? FIRST.exec(line)
  if (!match) return null
  const [, previous, hash, redacted, content, salt, values] = match
  return {
    previous: previous!,
    hash: hash!,
    content: content!,
    format: values === undefined ? 1 : 2,
    salt: salt === undefined || salt === 'null' ? null : salt.slice(1, -1),
    values: values ?? '[]',
    redacted: redacted !== undefined,
  }
}

/**
 * Whether an entry is what was sealed. Of one that values were taken out of, the second format proves everything else;
 * the first proves nothing any more: `null`.
 */
export function isAsSealed(line: ExportedLine): boolean | null {
  const { previous, hash, content, format, salt, values, redacted } = line
  if (format === 1 && redacted) return null
  if (hashOf(previous, content) !== hash) return false
  if (format === 1) return true
  const parts = JSON.parse(content) as unknown[]
  const [before, after, reason] = JSON.parse(values) as unknown[]
  if (salt !== null) return digestIn(salt, values) === parts[DIGEST]
  if (!redacted && (parts[DIGEST] !== null || reason !== null)) return false
  return holds(before, parts[BEFORE]) && holds(after, parts[BEFORE + 1])
}

const BEFORE = 12
const DIGEST = 14

/** What the seal covers of a side by itself is in the side as it is told. */
const holds = (side: unknown, sealed: unknown): boolean =>
  sealed === null ||
  Object.entries(sealed as object).every(
    ([name, value]) => JSON.stringify((side as Record<string, unknown> | null)?.[name]) === JSON.stringify(value),
  )

/** The place in the chain, the third of the content. */
export const numberIn = (content: string): number => Number((JSON.parse(content) as unknown[])[2])
