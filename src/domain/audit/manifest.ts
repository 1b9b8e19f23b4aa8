import { z } from 'zod'

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

/** One entry of the JSON lines: its content to the letter as it was hashed. */
export const exportedLine = (previous: string, hash: string, content: string): string =>
  `{"previous":"${previous}","hash":"${hash}","content":${content}}\n`

const LINE = /^\{"previous":"([0-9a-f]{64})","hash":"([0-9a-f]{64})","content":(\[.*\])\}$/

/** @returns null when it is no such line */
export function readExportedLine(line: string): { previous: string; hash: string; content: string } | null {
  const match = LINE.exec(line)
  return match && { previous: match[1]!, hash: match[2]!, content: match[3]! }
}

/** The place in the chain, the third of the content. */
export const numberIn = (content: string): number => Number((JSON.parse(content) as unknown[])[2])
