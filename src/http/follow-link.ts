import type { Database } from '../core/db.ts'
import { tokenHash } from '../core/token-hash.ts'
import { type OpenLink, USE_LINK } from '../domain/identity/links.ts'
import { type AuthQuery, recordEvent } from './audit.ts'
import { Refusal } from './errors.ts'
import { panelMemberships } from './identity.ts'
import { checkNewPassword } from './new-password.ts'
import { hashPassword } from './password.ts'

export const SPENT = 'This link was used already, or is too old. Ask for a new one.'

interface Wish {
  readonly link: OpenLink
  /** What stood in the link. */
  readonly token: string
  readonly password: string
  readonly again: string
  readonly ip: string
  readonly requestId: string
}

/**
 * Uses the link up: a new password, or a new member.
 * @throws Refusal 400 about the password, 404 when the link was used meanwhile
 */
export async function followLink(db: Database, { link, token, password, again, ...origin }: Wish): Promise<void> {
  const asks = link.purpose === 'reset' || !link.hasPassword
  if (asks) {
    checkNewPassword(password, [link.email, link.fullName, link.school], link.hasSecondFactor)
    if (password !== again) throw new Refusal(400, 'The two passwords are not the same.')
  }
  const hash = asks ? await hashPassword(password) : null
  await db.asAuth(async (query) => {
    const used = await query(USE_LINK, [tokenHash(token)])
    if (used.rowCount !== 1) throw new Refusal(404, SPENT)
    await (link.purpose === 'reset' ? reset : accept)(query, { link, hash, ...origin })
  })
}

interface Followed {
  readonly link: OpenLink
  readonly hash: string | null
  readonly ip: string
  readonly requestId: string
}

/** The password is new, and every session that the old one opened has ended. */
async function reset(query: AuthQuery, { link, hash, ip, requestId }: Followed): Promise<void> {
  const userId = link.userId!
  await query('UPDATE "User" SET password = $2, "failedLogins" = 0, "lockedUntil" = NULL WHERE id = $1', [userId, hash])
  await query('DELETE FROM auth.session WHERE "userId" = $1', [userId])
  const { rows } = await query('SELECT memberships FROM auth.membership WHERE "userId" = $1', [userId])
  for (const { orgId, role } of panelMemberships(rows[0]?.memberships ?? null))
    await recordEvent(query, { action: 'user.passwordReset', userId, orgId, role, ip, requestId })
}

/** The person exists, and is a member as they were invited. */
async function accept(query: AuthQuery, { link, hash, ip, requestId }: Followed): Promise<void> {
  const { orgId, role, email, fullName } = link
  await query(
    `SELECT set_config('app.org_id', $1, true), set_config('app.actor_kind', 'user', true), set_config('app.request_id', $2, true),
    set_config('app.ip', $3, true)`,
    [orgId, requestId, ip],
  )
  let { userId } = link
  if (userId === null) {
    const { rows } = await query(
      'INSERT INTO "User" (id, email, "fullName", password) VALUES (uuidv7(), $1, $2, $3) RETURNING id',
      [email, fullName, hash],
    )
    userId = (rows[0] as { id: string }).id
  } else if (hash !== null) await query('UPDATE "User" SET password = $2 WHERE id = $1', [userId, hash])
  await query('INSERT INTO "UserOrg" ("orgId", "userId", role) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
    orgId,
    userId,
    role,
  ])
  await recordEvent(query, { action: 'user.invitationAccepted', userId, orgId, role: role!, ip, requestId })
}
