import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from './problem.ts'

/** What the embedded database needs to remember between starts. */
export interface Secrets {
  readonly superuser: string
  readonly owner: string
  readonly app: string
  /** The port of the last start; kept when it is free, so that connection strings stay valid. */
  readonly port: number | null
}

const fileOf = (dataDir: string): string => join(dataDir, 'database.json')

/** Reads the passwords, or makes them up for a new database. Throws a Problem when an existing one has lost them. */
export function readSecrets(dataDir: string, isNew: boolean): Secrets {
  const file = fileOf(dataDir)
  if (existsSync(file)) {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as Secrets
    } catch {
      if (!isNew) throw lost(file, dataDir)
    }
  }
  if (!isNew) throw lost(file, dataDir)
  const password = (): string => randomBytes(24).toString('base64url')
  return { superuser: password(), owner: password(), app: password(), port: null }
}

/** Only this user can read the file. */
export function writeSecrets(dataDir: string, secrets: Secrets): void {
  const file = fileOf(dataDir)
  writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

function lost(file: string, dataDir: string): Problem {
  return new Problem(
    `The passwords of the embedded database (${file}) are missing or damaged. ` +
      `Restore that file, or delete ${dataDir} to begin again with new demo data.`,
  )
}
