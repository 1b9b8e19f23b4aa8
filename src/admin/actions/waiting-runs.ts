import type { ActionRunStatus } from '@prisma/client'
import type { Context } from '../../core/context.ts'
import type { Query } from '../../core/db.ts'
import { valueLabel } from '../../core/labels.ts'
import { told } from '../records/records.ts'

/** Something that a colleague wants done and that the person who looks may agree to. */
export interface Waiting {
  readonly id: string
  /** "Adjust prices: Standard". */
  readonly summary: string
  readonly askedBy: string | null
  readonly askedAt: Date
  /** What it is done to, where that is one record. */
  readonly open: { readonly model: string; readonly id: string } | null
}

/** Something that the person who looks has asked for, and what became of it. */
export interface Asked {
  readonly id: string
  readonly summary: string
  readonly askedAt: Date
  readonly status: ActionRunStatus
  readonly sentence: string
}

/** Beyond this a number beside a link says "99+". */
const COUNT_CAP = 99
const MOST_SHOWN = 100
/** Who asked sees for so long what became of it. */
const SETTLED_DAYS = 30

// the same rule as src/domain/four-eyes.ts, for many runs at once
const FOR_ME = `t."orgId" = $1::uuid AND t.status = 'waiting' AND t."actorUserId" IS DISTINCT FROM $2::uuid AND $3 = ANY (string_to_array(t.approvers, ', '))`

const forMe = ({ orgId, userId, role }: Context) => [orgId, userId, role]

/** How much waits for the agreement of the person, up to one more than 99. */
export async function countWaiting(ctx: Context): Promise<number> {
  const text = `SELECT count(*)::int FROM (SELECT 1 FROM "ActionRun" t WHERE ${FOR_ME} LIMIT ${COUNT_CAP + 1}) counted`
  const [rows] = await told(ctx.db.select(ctx, [{ text, values: forMe(ctx) }]))
  return rows![0]![0] as number
}

/** What waits for the person, the longest first; and what they asked for themselves, the newest first. */
export async function readApprovals(ctx: Context): Promise<{ waiting: Waiting[]; asked: Asked[] }> {
  const [waiting, asked] = await told(ctx.db.select(ctx, [waitingQuery(ctx), askedQuery(ctx)]))
  return { waiting: waiting!.map(waitingIn), asked: asked!.map(askedIn) }
}

const waitingQuery = (ctx: Context): Query => ({
  text: `SELECT t.id, coalesce(t.summary, t.action), u."fullName", t."createdAt", t."recordType", t."recordId"
    FROM "ActionRun" t LEFT JOIN "User" u ON u.id = t."actorUserId" WHERE ${FOR_ME} ORDER BY t."createdAt", t.id LIMIT ${MOST_SHOWN}`,
  values: forMe(ctx),
})

function waitingIn([id, summary, askedBy, askedAt, model, record]: unknown[]): Waiting {
  const open = model && record ? { model: model as string, id: record as string } : null
  return {
    id: id as string,
    summary: summary as string,
    askedBy: askedBy as string | null,
    askedAt: askedAt as Date,
    open,
  }
}

const askedQuery = ({ orgId, userId }: Context): Query => ({
  text: `SELECT t.id, coalesce(t.summary, t.action), t."createdAt", t.status, t.approvers, u."fullName", t.reason, t.error
    FROM "ActionRun" t LEFT JOIN "User" u ON u.id = t."approvedById"
    WHERE t."orgId" = $1::uuid AND t."actorUserId" = $2::uuid AND t.approvers IS NOT NULL
      AND (t.status = 'waiting' OR t."createdAt" > now() - interval '${SETTLED_DAYS} days')
    ORDER BY t."createdAt" DESC, t.id DESC LIMIT ${MOST_SHOWN}`,
  values: [orgId, userId],
})

function askedIn([id, summary, askedAt, status, ...rest]: unknown[]): Asked {
  const [approvers, decidedBy, reason, error] = rest as (string | null)[]
  const sentence = sentenceOf(status as ActionRunStatus, {
    roles: approvers!.split(', '),
    decidedBy: decidedBy ?? 'a colleague',
    reason: reason ?? '',
    error: error ?? '',
  })
  return {
    id: id as string,
    summary: summary as string,
    askedAt: askedAt as Date,
    status: status as ActionRunStatus,
    sentence,
  }
}

interface Decision {
  readonly roles: readonly string[]
  readonly decidedBy: string
  readonly reason: string
  readonly error: string
}

function sentenceOf(status: ActionRunStatus, { roles, decidedBy, reason, error }: Decision): string {
  const anyone = roles.map((role) => valueLabel(role).toLowerCase()).join(' or ')
  const sentences: Record<ActionRunStatus, string> = {
    waiting: `Waits until somebody else agrees: ${anyone}.`,
    queued: `${decidedBy} has agreed. It is about to begin.`,
    running: `${decidedBy} has agreed. It is under way.`,
    succeeded: `${decidedBy} has agreed, and it is done.`,
    failed: `${decidedBy} has agreed, but it could not be done: ${error}`,
    rejected: `${decidedBy} has rejected it: ${reason}`,
  }
  return sentences[status]
}
