import type { OrgStatus } from '@prisma/client'
import { type Context, isUuid } from '../../core/context.ts'
import type { Database } from '../../core/db.ts'
import { enqueue } from '../../core/jobs.ts'
import { type NewSchool, openSchool } from '../../domain/schools/open-school.ts'
import { reopenSchool, suspendSchool } from '../../domain/schools/suspend-school.ts'
import sendSignInLink from '../../jobs/send-sign-in-link.ts'
import { Refusal } from '../errors.ts'
import type { Person } from '../identity.ts'

export interface ListedSchool {
  readonly id: string
  readonly name: string
  readonly status: OrgStatus
  readonly timeZone: string
}

/** As many as a page shows; the others are found by their name. */
export const MOST_SCHOOLS = 50

export async function schoolsNamed(db: Database, words: string): Promise<ListedSchool[]> {
  const { rows } = await db.authQuery(
    `SELECT id, name, status, "timeZone" FROM "Org" WHERE strpos(lower(name), lower($1)) > 0 ORDER BY name, id LIMIT ${MOST_SCHOOLS}`,
    // which no text of the database holds
    [words.replaceAll('\0', '').trim()],
  )
  return rows as ListedSchool[]
}

interface Acting {
  readonly db: Database
  readonly person: Person
  readonly ip: string
  readonly requestId: string
}

/**
 * Opens a school and invites its first owner.
 * @throws AppError Invalid naming the field
 */
export async function createSchool(
  acting: Acting,
  school: NewSchool,
  owner: { readonly fullName: string; readonly email: string },
): Promise<void> {
  if (owner.fullName.length < 2 || !/^\S+@\S+\.\S+$/.test(owner.email))
    throw new Refusal(400, 'Say who the first owner is: a name and an e-mail address.')
  const { rows } = await acting.db.authQuery('SELECT uuidv7() AS id')
  const ctx = contextFor(acting, (rows[0] as { id: string }).id)
  await ctx.db.transaction(ctx, async (tx) => {
    const work = { ...ctx, tx }
    await openSchool(work, school)
    await enqueue(work, sendSignInLink, { purpose: 'invitation', role: 'owner', school: school.name, ...owner })
  })
}

/** @throws Refusal 400 without a reason · AppError Conflict when it stands so already, or there is no such school */
export async function moveSchool(
  acting: Acting,
  { orgId, to, reason }: { orgId: string; to: 'suspend' | 'reopen'; reason: string },
): Promise<void> {
  if (!isUuid(orgId)) throw new Refusal(404, 'There is no such school.')
  if (reason.trim().length < 3) throw new Refusal(400, 'Say why: it is kept in the audit log of the school.')
  const ctx = { ...contextFor(acting, orgId), override: reason.trim().slice(0, 500) }
  const move = to === 'suspend' ? suspendSchool : reopenSchool
  await ctx.db.transaction(ctx, async (tx) => await move({ ...ctx, tx }))
}

const contextFor = ({ db, person, ip, requestId }: Acting, orgId: string): Context => ({
  db,
  orgId,
  userId: person.userId,
  role: null,
  actorKind: 'operator',
  ip,
  requestId,
})

/** An event that a provider posted and that no school could be found for. */
export interface HomelessEvent {
  readonly id: string
  readonly provider: string
  readonly type: string
  readonly account: string | null
  readonly status: string
  readonly problem: string | null
  readonly at: Date
}

const MOST_EVENTS = 20

/** The newest of them, and how many there are; more than a thousand are not counted. */
export async function homelessEvents(db: Database): Promise<{ count: number; newest: HomelessEvent[] }> {
  const none = `FROM "WebhookEvent" WHERE "orgId" IS NULL AND status IN ('received', 'quarantined', 'failed')`
  const [counted, newest] = await Promise.all([
    db.workerQuery(`SELECT count(*)::int AS n FROM (SELECT ${none} LIMIT $1) found`, [1001]),
    db.workerQuery(
      `SELECT id, provider, "eventType" AS type, "stripeAccountId" AS account, status::text, "lastError" AS problem, "receivedAt" AS at
         ${none} ORDER BY "receivedAt" DESC LIMIT $1`,
      [MOST_EVENTS],
    ),
  ])
  return { count: (counted.rows[0] as { n: number }).n, newest: newest.rows as HomelessEvent[] }
}
