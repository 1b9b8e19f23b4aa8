import connectPgSimple from 'connect-pg-simple'
import session from 'express-session'
import type { Request } from 'express'
import type pg from 'pg'
import type { Logger } from 'pino'
import type { Database } from '../core/db.ts'
import {
  type Access,
  type Identity,
  type Membership,
  OPERATOR_ROLE,
  type Person,
  type PlatformStaff,
  panelMemberships,
} from './identity.ts'

/** A session ends after this long without a request. */
export const IDLE_SECONDS = 30 * 60
/** A session ends this long after the password was given, whatever happens in it. */
export const ABSOLUTE_SECONDS = 12 * 60 * 60
/** Seen at most this often, so that reading pages does not write. */
const TOUCH_SECONDS = 60

interface Loaded {
  expiresAt: number
  person: Person | null
  identity: Identity | null
}

interface SessionRow {
  sess: session.SessionData
  expire: Date
  email: string | null
  fullName: string
  memberships: Membership[] | null
  /** Of somebody of the platform; `inside` while the access runs that the session names. */
  platform: { role: PlatformStaff; inside: Inside | null } | null
}

type Inside = Omit<Membership, 'role'> & Omit<Access, 'endsAt'> & { endsAt: string }

type GetCallback = (error: unknown, data?: session.SessionData | null) => void
type Done = (error?: unknown) => void

const loaded = new WeakMap<object, Loaded>()

/** Whom a session of this store belonged to when its row was read for this request. */
export const identityIn = (data: object): Identity | null => loaded.get(data)?.identity ?? null
/** The same, also of somebody of the platform who is in no school. */
export const personIn = (data: object): Person | null => loaded.get(data)?.person ?? null

const PgStore = connectPgSimple(session)

/**
 * connect-pg-simple on `auth.session` through the sign-in role. Reading a session reads its owner, schools and roles in
 * the same statement: one round trip per request.
 */
export class SessionStore extends PgStore {
  readonly #db: Database

  constructor(db: Database, logger: Logger) {
    super({
      // of a pool the store uses only this
      pool: { query: (text: string, values: unknown[]) => db.authQuery(text, values) } as unknown as pg.Pool,
      schemaName: 'auth',
      tableName: 'session',
      ttl: IDLE_SECONDS,
      errorLog: (...facts: unknown[]) => logger.error({ err: facts.at(-1) }, 'session store'),
    })
    this.#db = db
  }

  override get(sid: string, callback: GetCallback): void {
    this.#read(sid).then((data) => callback(null, data), callback)
  }

  /**
   * Stores a new session once; what it holds never changes after that. express-session would store it again at the end of
   * the response, and bring back a row that was deleted meanwhile.
   */
  override set(sid: string, data: session.SessionData, callback: Done = () => {}): void {
    if (loaded.has(data)) return callback()
    loaded.set(data, { expiresAt: Date.now() + IDLE_SECONDS * 1000, person: null, identity: null })
    super.set(sid, data, callback)
  }

  override createSession(req: Request, data: session.SessionData): session.Session & session.SessionData {
    const created = super.createSession(req, data)
    loaded.set(created, loaded.get(data)!)
    return created
  }

  /** An UPDATE only: a request that was under way when its session was destroyed must not bring it back. */
  override touch(sid: string, data: session.SessionData, callback: Done = () => {}): void {
    const expiresAt = loaded.get(data)?.expiresAt ?? 0
    if (expiresAt - Date.now() > (IDLE_SECONDS - TOUCH_SECONDS) * 1000) return callback()
    super.touch(sid, data, callback)
  }

  async #read(sid: string): Promise<session.SessionData | null> {
    const { rows } = await this.#db.authQuery(READ_SESSION, [sid, new Date()])
    const row = rows[0] as SessionRow | undefined
    if (!row || Date.now() - row.sess.createdAt > ABSOLUTE_SECONDS * 1000) return null
    loaded.set(row.sess, { expiresAt: row.expire.getTime(), ...whoseSession(sid, row) })
    return row.sess
  }
}

const READ_SESSION = 'SELECT * FROM auth.read_session($1, $2)'

function whoseSession(sessionId: string, row: SessionRow): Pick<Loaded, 'person' | 'identity'> {
  if (row.email === null || row.sess.pending) return { person: null, identity: null }
  const person: Person = {
    userId: row.sess.userId,
    email: row.email,
    fullName: row.fullName,
    platformRole: row.platform?.role ?? null,
    sessionId,
    passwordAt: row.sess.confirmedAt ?? row.sess.createdAt,
    secondFactorAt: row.sess.secondFactorAt ?? null,
  }
  const identity = row.sess.accessId ? asOperator(person, row.platform?.inside) : asMember(person, row)
  // without a school only the platform's people are somebody
  return { person: identity || person.platformRole ? person : null, identity }
}

function asMember(person: Person, { sess, memberships }: SessionRow): Identity | null {
  const schools = panelMemberships(memberships)
  const current = schools.find(({ orgId }) => orgId === sess.orgId)
  if (!current) return null
  const choice = schools.map(({ orgId, name, role }) => ({ orgId, name, role }))
  return inSchool(person, current, { schools: choice, access: null })
}

/** The access has an end, and may have been ended: null from then on. */
function asOperator(person: Person, inside: Inside | null | undefined): Identity | null {
  if (!inside) return null
  const { id, reason, endsAt, ...school } = inside
  const current = { ...school, role: OPERATOR_ROLE }
  const { orgId, name, role } = current
  return inSchool(person, current, {
    schools: [{ orgId, name, role }],
    access: { id, reason, endsAt: new Date(endsAt) },
  })
}

function inSchool(
  person: Person,
  { orgId, role, name, timeZone, currency }: Membership,
  rest: Pick<Identity, 'schools' | 'access'>,
): Identity {
  return { ...person, orgId, role, school: { id: orgId, name, timeZone, currency }, ...rest }
}
