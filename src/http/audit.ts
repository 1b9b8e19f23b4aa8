import type { OrgRole } from '@prisma/client'
import type pg from 'pg'

/** A statement inside a transaction of the sign-in role. */
export type AuthQuery = (text: string, values?: unknown[]) => Promise<pg.QueryResult>

/** Something that happened to a person's access to one school. */
export interface AccessEvent {
  action:
    | 'user.signIn'
    | 'user.signInRefused'
    | 'user.signOut'
    | 'user.switchSchool'
    | 'user.confirmPassword'
    | 'user.secondFactorOn'
    | 'user.secondFactorRefused'
    | 'user.recoveryCodeUsed'
    | 'user.recoveryCodesMade'
    | 'user.sessionEnded'
    | 'user.passwordReset'
    | 'user.invitationAccepted'
    | 'operator.enter'
    | 'operator.leave'
  userId: string
  orgId: string
  role: OrgRole
  ip: string
  requestId: string
  /** Whom it is about, when it is somebody else. */
  about?: string
  /** Why somebody of the platform came in. */
  reason?: string
}

/** Writes the event into the school's audit log. Who only claimed to be a person is not recorded as that person. */
export async function recordEvent(query: AuthQuery, event: AccessEvent): Promise<void> {
  const { action, userId, orgId, ip, requestId, reason = null } = event
  const refused = action === 'user.signInRefused' || action === 'user.secondFactorRefused'
  const kind = action.startsWith('operator.') ? 'operator' : 'user'
  const who = refused ? ['system', ''] : [kind, event.role]
  await query(`SELECT set_config('app.actor_kind', $1, true), set_config('app.role', $2, true)`, who)
  await query(`SELECT audit_event($1, $2, $3, $4, $5, 'User', $6, $7)`, [
    orgId,
    refused ? null : userId,
    action,
    ip,
    requestId,
    event.about ?? userId,
    reason,
  ])
}
