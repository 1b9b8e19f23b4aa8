import { existsSync, mkdirSync, openSync, readFileSync, readdirSync, closeSync, fsyncSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Database } from '../core/db.ts'
import type { Mark } from '../domain/audit/chain.ts'

/** The last sealed row of a school. */
const head = z.object({
  orgId: z.uuid(),
  number: z.int().positive(),
  seq: z.int(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
})
export type Head = z.infer<typeof head>

const line = z.object({ at: z.iso.datetime(), ...head.shape })

/**
 * Adds where every chain is to the day's file, `2026-11-23.jsonl`: a line for each school whose chain went on since its
 * last line there. Whoever rewrites the database cannot make the files agree when they are kept out of their reach.
 * @returns the heads that were written, and where
 */
export async function publishHeads(
  db: Database,
  directory: string,
  now: Date,
): Promise<{ heads: Head[]; file: string }> {
  const { rows } = await db.workerQuery('SELECT "orgId", number, seq, hash FROM audit.heads()')
  const day = now.toISOString().slice(0, 10)
  const file = join(directory, `${day}.jsonl`)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const known = new Map((existsSync(file) ? readHeads(file) : []).map((one) => [one.orgId, one.number]))
  const heads = z
    .array(head)
    .parse(rows)
    .filter(({ orgId, number }) => number > (known.get(orgId) ?? 0))
  append(file, heads.map((one) => `${JSON.stringify({ at: now.toISOString(), ...one })}\n`).join(''))
  if (heads.length > 0)
    await db.workerQuery('SELECT audit.note_published($1::jsonb, $2::date, $3)', [
      JSON.stringify(heads),
      day,
      `${day}.jsonl`,
    ])
  return { heads, file }
}

/** On the disk when it returns, readable by this user only. */
function append(file: string, text: string): void {
  const handle = openSync(file, 'a', 0o600)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/**
 * The heads that were written in a directory, by school; null when there is none.
 * @throws Error with a sentence when a file is not as it was written
 */
export function readMarks(directory: string): Map<string, Mark[]> | null {
  const files = existsSync(directory)
    ? readdirSync(directory).filter((name) => /^\d{4}-\d\d-\d\d\.jsonl$/.test(name))
    : []
  if (files.length === 0) return null
  const marks = new Map<string, Mark[]>()
  for (const name of files.toSorted())
    for (const { orgId, number, hash } of readHeads(join(directory, name))) {
      const of = marks.get(orgId) ?? []
      marks.set(orgId, of)
      of.push({ number, hash, by: `the file ${name}` })
    }
  return marks
}

function readHeads(file: string): Head[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  return lines.map((text, index) => {
    const read = line.safeParse(parsed(text))
    if (read.data) return read.data
    throw new Error(`Line ${index + 1} of ${file} is not a head of an audit chain. Restore the file from its backup.`)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}
