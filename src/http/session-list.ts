import type { Database } from '../core/db.ts'
import { IDLE_SECONDS } from './session-store.ts'

/** A session as its owner, or the owner of their school, may see it: never the id that the cookie holds. */
export interface ListedSession {
  /** SHA-256 of the session's id. */
  readonly handle: string
  readonly userId: string
  readonly fullName: string
  readonly school: string
  readonly began: Date
  readonly seen: Date
  readonly ip: string | null
  readonly agent: string | null
  readonly secondFactor: boolean
}

const LISTED = `SELECT encode(sha256(convert_to(s.sid, 'UTF8')), 'hex') AS handle, s."userId", u."fullName", coalesce(o.name, 'the platform') AS school,
    to_timestamp((s.sess ->> 'createdAt')::float8 / 1000) AS began, s.expire - make_interval(secs => ${IDLE_SECONDS}) AS seen,
    s.sess ->> 'ip' AS ip, s.sess ->> 'agent' AS agent, s.sess ->> 'secondFactorAt' IS NOT NULL AS "secondFactor"
  FROM auth.session s JOIN "User" u ON u.id = s."userId" LEFT JOIN "Org" o ON o.id = (s.sess ->> 'orgId')::uuid
 WHERE s.expire > now() AND s.sess ->> 'pending' IS NULL`

/** A person's own sessions, wherever they are. */
export async function sessionsOf(db: Database, userId: string): Promise<ListedSession[]> {
  const { rows } = await db.authQuery(`${LISTED} AND s."userId" = $1 ORDER BY s.expire DESC LIMIT 200`, [userId])
  return rows as ListedSession[]
}

/** Everybody who is signed in to a school now. */
export async function sessionsIn(db: Database, orgId: string): Promise<ListedSession[]> {
  const { rows } = await db.authQuery(
    `${LISTED} AND (s.sess ->> 'orgId')::uuid = $1::uuid ORDER BY u."fullName", s.expire DESC LIMIT 500`,
    [orgId],
  )
  return rows as ListedSession[]
}

/** What a browser says of itself, in few words. */
export function agentInWords(agent: string | null): string {
  if (!agent) return 'Unknown program'
  const browsers: [RegExp, string][] = [
    [/Edg\//, 'Edge'],
    [/OPR\//, 'Opera'],
    [/Firefox\//, 'Firefox'],
    [/Chrome\//, 'Chrome'],
    [/Safari\//, 'Safari'],
  ]
  const systems: [RegExp, string][] = [
    [/iPhone|iPad/, 'iOS'],
    [/Android/, 'Android'],
    [/Windows/, 'Windows'],
    [/Mac OS X/, 'macOS'],
    [/Linux/, 'Linux'],
  ]
  const named = (list: typeof browsers) => list.find(([form]) => form.test(agent))?.[1]
  const [browser, system] = [named(browsers), named(systems)]
  if (!browser) return agent.slice(0, 40)
  return system ? `${browser} on ${system}` : browser
}
