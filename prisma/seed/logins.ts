import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OrgRole } from '@prisma/client'
import type { Database } from '../../src/core/db.ts'
import { hashPassword } from '../../src/http/password.ts'
import type { School } from './school.ts'

/** One way to sign in to the demo. */
export interface Login {
  readonly school: string
  readonly slug: string
  readonly role: OrgRole
  readonly name: string
  readonly email: string
  readonly password: string
}

/**
 * Gives the demo's people the one password of this data directory, made up at the first start, and writes it down in
 * `demo-logins.json` for its owner only. The file comes last: where it is, the demo is complete.
 */
export async function giveLogins(db: Database, schools: readonly School[], dataDir: string): Promise<void> {
  const file = join(dataDir, 'demo-logins.json')
  const kept = keptPassword(file)
  const password = kept ?? randomBytes(18).toString('base64url')
  await setPassword(db, {
    ids: schools.flatMap((school) => school.rows.of('User').map(({ id }) => id!)),
    password,
    onlyNew: kept !== null,
  })
  if (kept) return
  mkdirSync(dataDir, { recursive: true })
  const logins = schools.flatMap((school) => loginsOf(school, password))
  writeFileSync(`${file}.new`, `${JSON.stringify(logins, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** The password of an earlier start; null when the file is missing or says nothing of use. */
function keptPassword(file: string): string | null {
  if (!existsSync(file)) return null
  const [login] = JSON.parse(readFileSync(file, 'utf8')) as Login[]
  return login?.password ?? null
}

interface Given {
  ids: string[]
  password: string
  /** People who have a password keep it. */
  onlyNew: boolean
}

/** One hash for all: they share the password, and each hash costs 64 MiB and a twentieth of a second. */
async function setPassword(db: Database, { ids, password, onlyNew }: Given): Promise<void> {
  const without = `SELECT 1 FROM "User" WHERE id = ANY($1::uuid[]) AND password IS NULL`
  if (onlyNew && (await db.authQuery(without, [ids])).rows.length === 0) return
  const hash = await hashPassword(password)
  const update = `UPDATE "User" SET password = $2 WHERE id = ANY($1::uuid[]) AND (password IS NULL OR NOT $3)`
  await db.authQuery(update, [ids, hash, onlyNew])
}

/** One person for each role: everybody of the office, and the first instructor and learner. */
function loginsOf(school: School, password: string): Login[] {
  const people = new Map<string, { fullName: string; email: string }>()
  for (const user of school.rows.of('User')) people.set(user.id!, user)
  const roles = new Set<OrgRole>()
  return school.rows.of('UserOrg').flatMap(({ userId, role }) => {
    const person = people.get(userId)
    if (!person || roles.has(role)) return []
    roles.add(role)
    return [
      { school: school.plan.name, slug: school.plan.slug, role, name: person.fullName, email: person.email, password },
    ]
  })
}
