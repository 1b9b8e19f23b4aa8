import type { CookieOptions, Request, RequestHandler, Response } from 'express'
import session, { type SessionData } from 'express-session'
import type { Logger } from 'pino'
import type { Database } from '../core/db.ts'
import type { Identity, Person } from './identity.ts'
import { identityIn, personIn, SessionStore } from './session-store.ts'
import './locals.ts'

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** The session of each request, kept in `auth.session`. Visitors who have not signed in get no cookie and no row. */
export function sessions({ db, logger, ...options }: SessionOptions): RequestHandler {
  const cookie = sessionCookie(options.appUrl)
  const handler = session({
    name: cookie.name,
    secret: options.secret,
    store: new SessionStore(db, logger),
    // no lifetime in the browser: only the row says when the session ends
    cookie: cookie.options,
    resave: false,
    saveUninitialized: false,
  })
  return (req, res, next) => {
    res.locals.sessionCookie = cookie
    handler(req, res, next)
  }
}

interface SessionOptions {
  db: Database
  logger: Logger
  appUrl: string
  /** Signs the cookie. */
  secret: string
}

export interface SessionCookie {
  name: string
  options: CookieOptions & { path: string }
}

/** Secure, except where no certificate can be had: on the machine itself. */
export function sessionCookie(appUrl: string): SessionCookie {
  const { protocol, hostname, port } = new URL(appUrl)
  const secure = protocol === 'https:' || !LOOPBACK.has(hostname)
  // browsers share cookies between the ports of a host: two instances side by side need two names
  const name = secure ? '__Host-driveflow' : `driveflow-${port || '80'}`
  return { name, options: { path: '/', httpOnly: true, sameSite: 'lax', secure } }
}

/** Who is signed in, as the database said it when this request's session was read; null when nobody may be. */
export const identityOf = (req: Request): Identity | null => identityIn(req.session)

/** The same, also of somebody of the platform who is in no school. */
export const personOf = (req: Request): Person | null => personIn(req.session)

const MAX_AGENT_LENGTH = 300

/** Whose session it is and what they have proved. */
export type SessionOwner = Pick<SessionData, 'userId' | 'createdAt'> &
  Partial<Pick<SessionData, 'orgId' | 'accessId' | 'confirmedAt' | 'pending' | 'secondFactorAt'>>

/** What a session of the same person under a new id takes along. */
export function ownerOf({ session }: Request): SessionOwner {
  const { userId, orgId, accessId, createdAt, secondFactorAt } = session
  return {
    userId: userId!,
    createdAt: createdAt!,
    ...(orgId !== undefined && { orgId }),
    ...(accessId !== undefined && { accessId }),
    ...(secondFactorAt !== undefined && { secondFactorAt }),
  }
}

/**
 * Starts a session under a new id; the row of the old one is gone. So an id that somebody planted or saw before is worth
 * nothing. Resolves when the new row is stored.
 * @param createdAt when somebody signed in, in epoch milliseconds; `confirmedAt` when they gave their password again
 */
export async function startSession(req: Request, owner: SessionOwner): Promise<void> {
  await called((done) => req.session.regenerate(done))
  Object.assign(req.session, owner, { ip: req.ip, agent: req.headers['user-agent']?.slice(0, MAX_AGENT_LENGTH) })
  await called((done) => req.session.save(done))
}

/** Deletes the session's row and the browser's cookie. */
export async function endSession(req: Request, res: Response): Promise<void> {
  await called((done) => req.session.destroy(done))
  const { name, options } = res.locals.sessionCookie
  res.clearCookie(name, options)
}

function called(act: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => act((error) => (error ? reject(error) : resolve())))
}
