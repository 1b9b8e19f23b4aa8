import { randomBytes } from 'node:crypto'
import type { OrgRole } from '@prisma/client'
import type { Database } from '../../core/db.ts'
import { tokenHash } from '../../core/token-hash.ts'

/** What a link that was sent by e-mail is for. */
export type Link =
  | { readonly purpose: 'reset'; readonly orgId: string; readonly email: string; readonly userId: string }
  | {
      readonly purpose: 'invitation'
      readonly orgId: string
      readonly email: string
      readonly fullName: string
      readonly role: OrgRole
    }

/** A link that still counts. */
export interface OpenLink {
  readonly purpose: Link['purpose']
  readonly orgId: string
  readonly school: string
  readonly email: string
  /** Whom it is for, when they are known. */
  readonly userId: string | null
  readonly fullName: string
  readonly role: OrgRole | null
  readonly hasPassword: boolean
  readonly hasSecondFactor: boolean
}

const HOURS: Record<Link['purpose'], number> = { invitation: 7 * 24, reset: 1 }

/** A new link; earlier ones for the same count no more. @returns what stands in it, which is not stored */
export async function makeLink(db: Database, link: Link): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  const { purpose, orgId, email } = link
  const [userId, fullName, role] =
    link.purpose === 'reset' ? [link.userId, null, null] : [null, link.fullName, link.role]
  await db.asAuth(async (query) => {
    await query(
      `DELETE FROM auth.link WHERE lower(email) = lower($1) AND purpose = $2 AND (purpose = 'reset' OR "orgId" = $3)`,
      [email, purpose, orgId],
    )
    await query(
      `INSERT INTO auth.link (hash, purpose, "orgId", email, "userId", "fullName", role, "expiresAt")
       VALUES ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(hours => $8))`,
      [tokenHash(token), purpose, orgId, email, userId, fullName, role, HOURS[purpose]],
    )
  })
  return token
}

/** @returns null when it was used, is too old, or never was: nobody learns which */
export async function readLink(db: Database, token: string, purpose: Link['purpose']): Promise<OpenLink | null> {
  const { rows } = await db.authQuery(
    `SELECT l.purpose, l."orgId", o.name AS school, l.email, u.id AS "userId", coalesce(u."fullName", l."fullName") AS "fullName", l.role,
            u.password IS NOT NULL AS "hasPassword",
            EXISTS (SELECT FROM auth.second_factor f WHERE f."userId" = u.id AND f."confirmedAt" IS NOT NULL) AS "hasSecondFactor"
       FROM auth.link l JOIN "Org" o ON o.id = l."orgId" LEFT JOIN "User" u ON u.id = l."userId" OR lower(u.email) = lower(l.email)
      WHERE l.hash = $1 AND l.purpose = $2 AND l."usedAt" IS NULL AND l."expiresAt" > now() AND u."disabledAt" IS NULL
        AND o.status IN ('trial', 'active') AND (l.purpose = 'invitation' OR u.id IS NOT NULL)`,
    [tokenHash(token), purpose],
  )
  return (rows[0] as OpenLink | undefined) ?? null
}

/** Uses the link up; of two at once one changes a row. */
export const USE_LINK = `UPDATE auth.link SET "usedAt" = now() WHERE hash = $1 AND "usedAt" IS NULL AND "expiresAt" > now()`
