import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { OrgRole } from '@prisma/client'
import type { Database } from '../../src/core/db.ts'
import { hashPassword } from '../../src/http/password.ts'

/** One way to sign in, but for the password. */
export interface Person {
  readonly school: string
  readonly slug: string
  readonly role: OrgRole
  readonly name: string
  readonly email: string
}

export interface Logins {
  /** Where they are written down: JSON, readable by its owner only. */
  readonly file: string
  readonly people: readonly Person[]
  /** Users that get the password. */
  readonly users: readonly string[]
}

/**
 * Gives people one password, made up at the first time and kept in the file after that. The file comes last: where it is,
 * everything is complete.
 */
export async function giveLogins(db: Database, { file, people, users }: Logins): Promise<void> {
  const kept = keptPassword(file)
  const password = kept ?? randomBytes(18).toString('base64url')
  await setPassword(db, users, { password, onlyNew: kept !== null })
  if (kept) return
  mkdirSync(dirname(file), { recursive: true })
  const logins = people.map((person) => ({ ...person, password }))
  writeFileSync(`${file}.new`, `${JSON.stringify(logins, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** The password of an earlier start; null when the file is missing or says nothing of use. */
function keptPassword(file: string): string | null {
  if (!existsSync(file)) return null
  const [login] = JSON.parse(readFileSync(file, 'utf8')) as { password?: string }[]
  return login?.password ?? null
}

interface Given {
  password: string
  /** People who have a password keep it. */
  onlyNew: boolean
}

/** One hash for all: they share the password, and each hash costs 64 MiB and a twentieth of a second. */
async function setPassword(db: Database, users: readonly string[], { password, onlyNew }: Given): Promise<void> {
  const without = `SELECT 1 FROM "User" WHERE id = ANY($1::uuid[]) AND password IS NULL`
  if (onlyNew && (await db.authQuery(without, [users])).rows.length === 0) return
  const hash = await hashPassword(password)
  await db.asAuth(async (query) => {
    await query(`SELECT set_config('app.actor_kind', 'system', true)`)
    const update = `UPDATE "User" SET password = $2 WHERE id = ANY($1::uuid[]) AND (password IS NULL OR NOT $3)`
    await query(update, [users, hash, onlyNew])
  })
}
