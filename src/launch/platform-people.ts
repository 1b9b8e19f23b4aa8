import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { hashPassword } from '../http/password.ts'
import { connect } from '../postgres/connect.ts'
import { Problem } from '../postgres/problem.ts'

export interface PlatformPerson {
  readonly email: string
  /** Needed for somebody who has no sign-in yet. */
  readonly name: string | undefined
  readonly role: string
  /** Of somebody new. */
  readonly password: string
}

/**
 * Writes what somebody may do across schools, as the owner of the tables: no role of the program can.
 * @returns whether they are new here
 * @throws Problem when they are not known and have no name
 */
export async function setPlatformRole(ownerUrl: string, person: PlatformPerson): Promise<boolean> {
  const { email, name, role, password } = person
  const hash = await hashPassword(password)
  const client = await connect(ownerUrl, 'DATABASE_OWNER_URL')
  try {
    await client.query('BEGIN')
    // for once the owner sees people; nobody else does meanwhile, and the change ends with the transaction
    await client.query('ALTER TABLE "User" NO FORCE ROW LEVEL SECURITY')
    const changed = await client.query(
      `UPDATE "User" SET "platformRole" = $2::"PlatformRole", "updatedAt" = now() WHERE lower(email) = lower($1)`,
      [email, role],
    )
    const isNew = changed.rowCount === 0
    if (isNew && role === 'none') throw new Problem(`Nobody signs in as ${email}.`)
    if (isNew && !name) throw new Problem(`${email} is new here: say --name as well.`)
    if (isNew)
      await client.query(
        `INSERT INTO "User" (email, "fullName", password, "platformRole", "updatedAt") VALUES ($1, $2, $3, $4::"PlatformRole", now())`,
        [email, name, hash, role],
      )
    await client.query('ALTER TABLE "User" FORCE ROW LEVEL SECURITY')
    await client.query('COMMIT')
    return isNew
  } finally {
    // without COMMIT nothing of it happened
    await client.end()
  }
}

interface Login {
  readonly role: string
  readonly password: string
}

/** The demo's operator, with the password of its other people; not again where the file of sign-ins has one. */
export async function addDemoOperator(ownerUrl: string, file: string): Promise<void> {
  const logins = JSON.parse(readFileSync(file, 'utf8')) as Login[]
  if (logins.some(({ role }) => role === 'operator')) return
  const { password } = logins[0]!
  const person = {
    name: 'Tamsin Okonkwo-Reyes',
    email: 'tamsin.okonkwo-reyes@example.test',
    role: 'operator',
    password,
  }
  await setPlatformRole(ownerUrl, person)
  const entry = { school: 'The platform', slug: 'platform', ...person }
  writeFileSync(`${file}.new`, `${JSON.stringify([...logins, entry], null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}
