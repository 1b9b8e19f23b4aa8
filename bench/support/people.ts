import { randomBytes, randomUUID } from 'node:crypto'
import type { PanelRole } from '../../src/core/permissions.ts'
import { hashPassword } from '../../src/http/password.ts'
import { type DataSet, query } from './data-set.ts'

export interface Person {
  readonly email: string
  readonly password: string
}

/** Makes a person of the school, under a new password, who can sign in. */
export async function employ({ superuserUrl }: DataSet, orgId: string, role: PanelRole = 'manager'): Promise<Person> {
  const person = { email: `${role}@${orgId}.example.test`, password: randomBytes(18).toString('base64url') }
  const [found] = (await query(superuserUrl, 'SELECT id FROM "User" WHERE email = $1', [person.email])) as Row[]
  const id = found?.id ?? randomUUID()
  if (!found) {
    await query(superuserUrl, `INSERT INTO "User" (id, email, "fullName") VALUES ($1, $2, $3)`, [
      id,
      person.email,
      `Measured ${role}`,
    ])
    await query(superuserUrl, `INSERT INTO "UserOrg" ("orgId", "userId", role) VALUES ($1, $2, $3::"OrgRole")`, [
      orgId,
      id,
      role,
    ])
  }
  const hash = await hashPassword(person.password)
  await query(superuserUrl, 'UPDATE "User" SET password = $2 WHERE id = $1', [id, hash])
  return person
}

interface Row {
  id: string
}

/** Signs in through the form, as AdminJS and DriveFlow both have it. @returns the Cookie header. @throws Error when refused */
export async function signIn(url: string, person: Person): Promise<string> {
  const response = await fetch(`${url}/admin/login`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ ...person }),
  })
  const [cookie] = response.headers.getSetCookie()
  if (!cookie || response.status >= 400) throw new Error(`${person.email} could not sign in at ${url}`)
  return cookie.slice(0, cookie.indexOf(';'))
}
