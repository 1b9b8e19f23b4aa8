import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import { parse } from 'csv-parse'
import { type Manifest, isAsSealed, manifestForm, numberIn, readExportedLine } from '../domain/audit/manifest.ts'

/** Why an export is not what was handed out, in a sentence. */
export class ExportRefused extends Error {}

interface Sealed {
  readonly number: number
  readonly previous: string
  readonly hash: string
}

/**
 * Checks an exported part of the audit log by its manifest and the files beside it; needs no database.
 * @returns a sentence @throws ExportRefused with what is wrong first
 */
export async function verifyExport(path: string): Promise<string> {
  const manifest = readManifest(path)
  const entries = new Map<number, Sealed>()
  for (const file of manifest.files) {
    const place = join(dirname(path), basename(file.name))
    if (!existsSync(place)) throw new ExportRefused(`${file.name} is missing: put it beside the manifest.`)
    if ((await sha256Of(place)) !== file.sha256)
      throw new ExportRefused(`${file.name} was changed after it was exported. ${await whereOf(place, entries)}`.trim())
    const found = file.name.endsWith('.jsonl') ? await readLines(place, entries) : await readTable(place)
    if (found !== file.entries) throw new ExportRefused(`${file.name} has ${found} entries, not ${file.entries}.`)
  }
  follow(
    manifest,
    [...entries.values()].toSorted((a, b) => a.number - b.number),
  )
  const { school, made, files } = manifest
  const whole = manifest.complete ? 'a whole part of the chain' : 'chosen entries, each sealed by itself'
  return `${manifest.entries} entries of ${school.name}, exported ${made}: ${files.length} files as they were handed out, ${whole}.`
}

function readManifest(path: string): Manifest {
  if (!existsSync(path)) throw new ExportRefused(`There is no file ${path}.`)
  try {
    return manifestForm.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    throw new ExportRefused(`${path} is not the manifest of an export of the audit log, or was changed.`)
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer)
  return hash.digest('hex')
}

/** Of a changed file, the first entry that no longer fits its hash. */
async function whereOf(path: string, entries: Map<number, Sealed>): Promise<string> {
  if (!path.endsWith('.jsonl')) return ''
  try {
    await readLines(path, entries)
    return 'Entries are missing or in another order.'
  } catch (error) {
    return (error as Error).message
  }
}

async function readLines(path: string, entries: Map<number, Sealed>): Promise<number> {
  let count = 0
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    count++
    const read = readExportedLine(line)
    if (!read) throw new ExportRefused(`Line ${count} of ${basename(path)} is no entry.`)
    const { previous, hash, content } = read
    const number = numberIn(content)
    if (isAsSealed(read) === false)
      throw new ExportRefused(`Line ${count} of ${basename(path)}, entry ${number}, does not fit its hash.`)
    entries.set(number, { number, previous, hash })
  }
  return count
}

async function readTable(path: string): Promise<number> {
  const table = createReadStream(path).pipe(parse({ bom: true, from_line: 2 }))
  let rows = 0
  table.on('data', () => rows++)
  await finished(table)
  return rows
}

function follow({ complete, head, entries }: Manifest, sealed: readonly Sealed[]): void {
  if (sealed.length === 0 && entries > 0)
    throw new ExportRefused('The entries with their hashes (.jsonl) are not in the export.')
  const last = sealed.at(-1)
  if (last && last.number === head.number && last.hash !== head.hash)
    throw new ExportRefused('The last entry is not the one that the manifest names as the end of the chain.')
  if (!complete) return
  for (const [index, { number, previous }] of sealed.entries()) {
    const before = sealed[index - 1]
    if (before && (before.number !== number - 1 || before.hash !== previous))
      throw new ExportRefused(
        `Entry ${number} does not follow entry ${before.number}: something between them is missing.`,
      )
  }
}
