import type { ActionRunStatus } from '@prisma/client'
import type { Context } from '../../core/context.ts'
import type { Query } from '../../core/db.ts'
import { valueLabel } from '../../core/labels.ts'
import { told } from '../records/records.ts'
import { askedRefundIn, askedRefundsQuery, batchIn, batchesQuery, refundIn, refundsQuery } from './waiting-money.ts'

/** What people agree to or turn down, by `<model>.approve` and `<model>.reject`. */
export const decided = { ActionRun: 'action-run', Refund: 'refund', PayoutBatch: 'payout-batch' } as const
export type Decided = keyof typeof decided

/** Something that a colleague wants done and that the person who looks may agree to. */
export interface Waiting {
  /** What waits: a run of an action, a refund, a batch of payouts. */
  readonly model: Decided
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

type Sources = Readonly<Record<Decided, { query(ctx: Context): Query; read(row: unknown[]): Waiting }>>

const sources: Sources = {
  ActionRun: { query: (ctx) => runsQuery(ctx), read: (row) => runIn(row) },
  Refund: { query: (ctx) => refundsQuery(ctx, MOST_SHOWN), read: refundIn },
  PayoutBatch: { query: (ctx) => batchesQuery(ctx, MOST_SHOWN), read: batchIn },
}

/**
 * How much waits for the agreement of the person, up to one more than 99.
 * @param decides what the person's role decides about
 */
export async function countWaiting(ctx: Context, decides: readonly Decided[]): Promise<number> {
  const counts = decides.map((model) => {
    const { text, values } = sources[model].query(ctx)
    return { text: `SELECT count(*)::int FROM (${text}) counted`, values: values ?? [] }
  })
  const rows = counts.length > 0 ? await told(ctx.db.select(ctx, counts)) : []
  const sum = rows.reduce((total, [row]) => total + Number(row![0]), 0)
  return Math.min(sum, COUNT_CAP + 1)
}

/** What waits for the person, the longest first; and what they asked for themselves, the newest first. */
export async function readApprovals(
  ctx: Context,
  decides: readonly Decided[],
): Promise<{ waiting: Waiting[]; asked: Asked[] }> {
  const queries = decides.map((model) => sources[model].query(ctx))
  const [runs, refunds, ...waiting] = await told(
    ctx.db.select(ctx, [askedQuery(ctx), askedRefundsQuery(ctx, MOST_SHOWN), ...queries]),
  )
  const asked = [...runs!.map(askedIn), ...refunds!.map(askedRefundIn)]
  return {
    waiting: decides
      .flatMap((model, index) => waiting[index]!.map((row) => sources[model].read(row)))
      .toSorted((a, b) => a.askedAt.getTime() - b.askedAt.getTime()),
    asked: asked.toSorted((a, b) => b.askedAt.getTime() - a.askedAt.getTime()),
  }
}

const runsQuery = (ctx: Context): Query => ({
  text: `SELECT t.id, coalesce(t.summary, t.action), u."fullName", t."createdAt", t."recordType", t."recordId"
    FROM "ActionRun" t LEFT JOIN "User" u ON u.id = t."actorUserId" WHERE ${FOR_ME} ORDER BY t."createdAt", t.id LIMIT ${MOST_SHOWN}`,
  values: forMe(ctx),
})

function runIn([id, summary, askedBy, askedAt, model, record]: unknown[]): Waiting {
  const open = model && record ? { model: model as string, id: record as string } : null
  return {
    model: 'ActionRun',
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
