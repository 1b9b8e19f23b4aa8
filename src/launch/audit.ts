import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Config, loadConfig } from '../config.ts'
import type { Database } from '../core/db.ts'
import { nobodyOf } from '../core/outbox/actor.ts'
import type { SchoolCheck } from '../domain/audit/verify.ts'
import { verifyAudit } from '../domain/audit/verify.ts'
import { connect } from '../postgres/connect.ts'
import { runningEmbedded } from '../postgres/embedded.ts'
import { refuseUnmigrated } from '../postgres/migrate.ts'
import { Problem } from '../postgres/problem.ts'
import { readMarks } from '../services/audit-heads.ts'
import { ExportRefused, verifyExport } from '../services/audit-export-check.ts'
import { forPeople, openFor, provideServer } from './database.ts'
import type { Lifecycle } from './lifecycle.ts'
import { say, since } from './say.ts'

const USAGE = `Usage: npm run audit:verify [-- --school <id> | --manifest <file>]
  --school    only this school's chain
  --manifest  an export instead of the database: the manifest, with its files beside it`

/** Checks the chains of the audit log, or an exported part of one. Throws a Problem that names the first bad rows. */
export async function verify(lifecycle: Lifecycle, args: string[]): Promise<void> {
  const { school, manifest } = readArguments(args)
  if (manifest !== undefined) return say(await verifyExport(resolve(manifest)).catch(forOperator))
  const config = loadConfig()
  const appUrl = await appUrlOf(config, lifecycle)
  await refuseUnmigrated(appUrl)
  const db = await openFor(config, appUrl, lifecycle)
  const marks = marksIn(config.auditHeadsDir)
  const began = performance.now()
  const checks: SchoolCheck[] = []
  for await (const check of verifyAudit(db, { school, marks: marks ?? new Map() })) {
    checks.push(check)
    say(sentence(check))
  }
  if (school !== undefined && checks.length === 0) throw new Problem(`There is no school with the id ${school}.`)
  const bad = checks.filter((check) => check.bad)
  const rows = checks.reduce((sum, check) => sum + check.checked, 0)
  say(`${rows} sealed rows of ${checks.length} schools checked in ${since(began)}.`)
  if (!marks) say(missingMarks(config.auditHeadsDir))
  else for (const name of await lostFiles(db, checks, config.auditHeadsDir)) say(lostFile(name, config.auditHeadsDir))
  if (bad.length > 0)
    throw new Problem(
      `The audit log is not as it was sealed. First bad row of each school:\n${bad.map(sentence).join('\n')}`,
    )
}

/** One's own server, the embedded one that runs already, or that one, started. */
async function appUrlOf(config: Config, lifecycle: Lifecycle): Promise<string> {
  if (config.databaseUrl) return config.databaseUrl
  return (await runningEmbedded(config.dataDir)) ?? (await provideServer(config, lifecycle)).appUrl
}

function forOperator(error: unknown): never {
  throw error instanceof ExportRefused ? new Problem(error.message) : error
}

function marksIn(directory: string): ReturnType<typeof readMarks> {
  try {
    return readMarks(directory)
  } catch (error) {
    throw new Problem((error as Error).message)
  }
}

const missingMarks = (directory: string): string =>
  `There are no heads under ${forPeople(directory)}, so a history that was rewritten as a whole would not be noticed. ` +
  'The worker writes them every hour; restore them from your backup, or set AUDIT_HEADS_DIR to where they are.'

/** Files of heads that the database says were written, and that are not there. */
async function lostFiles(db: Database, checks: readonly SchoolCheck[], directory: string): Promise<string[]> {
  const written = new Set<string>()
  for (const { orgId } of checks) {
    const [rows] = await db.select(nobodyOf(db, orgId), [
      { text: 'SELECT DISTINCT "publishedTo" FROM "AuditSeal" WHERE "publishedTo" IS NOT NULL', values: [] },
    ])
    for (const [name] of rows!) written.add(name as string)
  }
  return [...written].filter((name) => !existsSync(join(directory, name))).toSorted()
}

const lostFile = (name: string, directory: string): string =>
  `The file ${name} with the heads of its day is missing in ${forPeople(directory)}: what was rewritten up to then would ` +
  'not be noticed. Restore it from your backup.'

function sentence({ name, orgId, checked, unsealed, redacted, bad }: SchoolCheck): string {
  const taken = redacted > 0 ? `, ${redacted} without what was personal in them, as the log says` : ''
  const waiting = `${taken}${unsealed > 0 ? `, ${unsealed} not sealed yet` : ''}`
  if (!bad) return `  ${name} (${orgId}): ${checked} rows in order${waiting}`
  return `  ${name} (${orgId}): row ${bad.number}${bad.id ? ` (${bad.id})` : ''} ${bad.what}`
}

/** Takes months out of the log, as the owner of the tables. */
export async function detach(lifecycle: Lifecycle, args: string[]): Promise<void> {
  const before = monthIn(args)
  const { ownerUrl } = await provideServer(loadConfig({ owner: true }), lifecycle)
  const client = await connect(ownerUrl, 'DATABASE_OWNER_URL')
  try {
    const { rows } = await client.query<{ part: string }>('SELECT audit.detach_parts($1::date) AS part', [
      `${before}-01`,
    ])
    for (const { part } of rows)
      say(`Taken out: the table audit."${part}". Keep a copy (pg_dump --table), then it can be dropped.`)
    if (rows.length === 0) say(`There is no month before ${before} that could be taken out.`)
  } catch (error) {
    throw new Problem(`Nothing was taken out: ${(error as Error).message}`)
  } finally {
    await client.end()
  }
}

function monthIn(args: string[]): string {
  try {
    const { before } = parseArgs({ args, options: { before: { type: 'string' } } }).values
    if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(before ?? '')) throw new Error('no month')
    return before!
  } catch {
    throw new Problem('Usage: npm run audit:detach -- --before 2026-01')
  }
}

function readArguments(args: string[]): { school?: string | undefined; manifest?: string | undefined } {
  try {
    const { values } = parseArgs({ args, options: { school: { type: 'string' }, manifest: { type: 'string' } } })
    if (values.school !== undefined && !/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(values.school))
      throw new Error('no id')
    return values
  } catch {
    throw new Problem(USAGE)
  }
}
