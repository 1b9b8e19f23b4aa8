import type { Request, Response } from 'express'
import type { Database } from '../core/db.ts'
import { tokenHash } from '../core/token-hash.ts'
import { noteLater } from '../domain/audit/note-later.ts'

const MOST_LETTERS = 200

/** Somebody who is signed in tried what they may not: in the log of their school, with the address but not what was sent. */
export function noteDenial(db: Database, req: Request, { locals }: Response): void {
  const { identity, requestId } = locals
  if (!identity) return
  const { orgId, userId, role, access, sessionId } = identity
  const actorKind = access ? 'operator' : 'user'
  const ctx = {
    db,
    orgId,
    userId,
    role,
    actorKind,
    ip: req.ip ?? null,
    requestId,
    session: tokenHash(sessionId),
  } as const
  const [path] = req.originalUrl.split('?') as [string]
  const details = { method: req.method, path: path.slice(0, MOST_LETTERS) }
  noteLater(ctx, { action: 'access.denied', model: 'User', id: userId, details })
}
