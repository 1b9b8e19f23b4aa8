import type { Database } from '../../core/db.ts'
import { type AuthQuery, recordEvent } from '../audit.ts'
import { Refusal } from '../errors.ts'
import { OPERATOR_ROLE, type Person } from '../identity.ts'

/** Minutes that somebody may ask for; four hours are the most that the database lets through. */
export const MINUTES = [15, 30, 60, 120, 240] as const
const REASON = { least: 10, most: 500 }

/** What somebody of the platform asks for. */
export interface Wish {
  readonly orgId: string
  readonly minutes: number
  readonly reason: string
}

interface Origin {
  readonly ip: string
  readonly requestId: string
}

/**
 * Lets somebody of the platform into a school, for so long and for that reason; the school sees it from this moment on.
 * @returns the id of the access
 * @throws Refusal with a sentence: 400 what was asked for, 404 no such school, 409 inside already
 */
export async function enterSchool(db: Database, person: Person, wish: Wish, origin: Origin): Promise<string> {
  const { orgId, minutes } = wish
  const reason = wish.reason.trim()
  if (!MINUTES.some((one) => one === minutes)) throw new Refusal(400, 'Choose for how long you need to look.')
  if (reason.length < REASON.least || reason.length > REASON.most)
    throw new Refusal(400, `Say why, in ${REASON.least} to ${REASON.most} letters: the school reads it.`)
  const now = new Date()
  return await db.asAuth(async (query) => {
    const { rows: schools } = await query(`SELECT id FROM "Org" WHERE id = $1 AND status <> 'closed'`, [orgId])
    if (schools.length === 0) throw new Refusal(404, 'There is no such school.')
    // two at once: the second waits here and finds the first
    await query(`SELECT pg_advisory_xact_lock(hashtext($1))`, [`operator access ${person.userId}`])
    if ((await runningOf(query, person.userId, now)).some((one) => one.orgId === orgId))
      throw new Refusal(409, 'You are in this school already. Leave it first to ask for more time.')
    await actAs(query, { person, orgId, ...origin })
    const { rows } = await query(
      `INSERT INTO "OperatorAccess" ("orgId", "operatorId", "operatorName", reason, "startedAt", "endsAt", "createdAt", "updatedAt")
       VALUES ($1, $2, $3, $4, $5, $5::timestamptz + make_interval(mins => $6), $5, $5) RETURNING id`,
      [orgId, person.userId, person.fullName, reason, now, minutes],
    )
    const { id } = rows[0] as { id: string }
    await note(query, 'operator.enter', { person, orgId, reason, ...origin })
    return id
  })
}

/** They have seen enough. @throws Refusal 404 when there is no such access of theirs that runs */
export async function leaveSchool(db: Database, person: Person, accessId: string, origin: Origin): Promise<void> {
  await db.asAuth(async (query) => {
    const now = new Date()
    const running = (await runningOf(query, person.userId, now)).find(({ id }) => id === accessId)
    if (!running) throw new Refusal(404, 'This access is over already.')
    const { orgId } = running
    await actAs(query, { person, orgId, ...origin })
    await query(`UPDATE "OperatorAccess" SET "endedAt" = $2, "endedById" = $3, "updatedAt" = $2 WHERE id = $1`, [
      accessId,
      now,
      person.userId,
    ])
    await note(query, 'operator.leave', { person, orgId, ...origin })
  })
}

/** Somebody's accesses that still run. */
export interface Running {
  readonly id: string
  readonly orgId: string
  readonly school: string
  readonly timeZone: string
  readonly reason: string
  readonly endsAt: Date
}

export async function runningOf(query: AuthQuery, userId: string, now = new Date()): Promise<Running[]> {
  const { rows } = await query(
    `SELECT a.id, a."orgId", o.name AS school, o."timeZone", a.reason, a."endsAt" FROM "OperatorAccess" a JOIN "Org" o ON o.id = a."orgId"
      WHERE a."operatorId" = $1 AND a."endsAt" > $2 AND a."endedAt" IS NULL ORDER BY a."endsAt"`,
    [userId, now],
  )
  return rows as Running[]
}

interface Acting extends Origin {
  readonly person: Person
  readonly orgId: string
  readonly reason?: string
}

/** What the rows' own audit entries say of who wrote them. */
async function actAs(query: AuthQuery, { person, orgId, ip, requestId }: Acting): Promise<void> {
  await query(
    `SELECT set_config('app.org_id', $1, true), set_config('app.user_id', $2, true), set_config('app.role', $3, true),
            set_config('app.actor_kind', 'operator', true), set_config('app.ip', $4, true), set_config('app.request_id', $5, true)`,
    [orgId, person.userId, OPERATOR_ROLE, ip, requestId],
  )
}

async function note(query: AuthQuery, action: 'operator.enter' | 'operator.leave', acting: Acting): Promise<void> {
  const { person, ...event } = acting
  await recordEvent(query, { action, userId: person.userId, role: OPERATOR_ROLE, ...event })
}
