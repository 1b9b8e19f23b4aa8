import { fromDatabase, invalid } from '../../core/errors.ts'
import { auditors } from '../audit/entries.ts'
import { REVIEWED, type Review, fingerprintOf, monthOf, readReview, reviewTable } from '../audit/review/read-review.ts'
import type { Endpoint, EndpointCall } from '../endpoints.ts'
import { asFile, send } from '../transfer/download.ts'

const reviewed = async ({ ctx, admin, query }: EndpointCall): Promise<Review> =>
  await readReview(ctx, monthOf(query.month, admin.school))

/** Who may do what, and every exception of a month: `?month=2026-11`, the last one when nothing is said. */
export const accessReview: Endpoint = {
  method: 'GET',
  path: '/access-review',
  roles: auditors,
  handle: reviewed,
}

/** The same as a file; who took it is in the audit log. */
export const accessReviewFile: Endpoint = {
  method: 'POST',
  path: '/access-review/export',
  roles: auditors,
  handle: async (call) => {
    const review = await reviewed(call)
    const text = reviewTable(review)
    const rows = countOf(review)
    asFile(call.res, `${call.admin.school.name} access review ${review.month}.csv`)
    await send(call.res, only({ text, rows }), async ({ sha256 }) => {
      await record(call, {
        action: 'auditLog.export',
        id: review.month,
        note: null,
        details: { rows, sha256, file: 'access review' },
      })
    })
    return undefined
  },
}

async function* only<T>(piece: T): AsyncGenerator<T> {
  yield piece
}

const MOST_LETTERS = 500

/** "I have looked at it": with the fingerprint of what was there to be seen. */
export const confirmAccessReview: Endpoint = {
  method: 'POST',
  path: '/access-review/confirm',
  roles: auditors,
  handle: async (call) => {
    const review = await reviewed(call)
    if (review.isRunning) throw invalid('This month is not over yet. Review it when it is.', 'month')
    const { note } = call.body
    const said = typeof note === 'string' && note.trim() ? note.trim().slice(0, MOST_LETTERS) : null
    const details = { rows: countOf(review), sha256: fingerprintOf(reviewTable(review)) }
    await record(call, { action: REVIEWED, id: review.month, note: said, details })
    return await reviewed(call)
  },
}

const countOf = ({ sections }: Review): number => sections.reduce((sum, { lines }) => sum + lines.length, 0)

interface Deed {
  readonly action: string
  /** The month. */
  readonly id: string
  readonly note: string | null
  readonly details: object
}

async function record({ ctx }: EndpointCall, { action, id, note, details }: Deed): Promise<void> {
  const { orgId, userId, ip, requestId } = ctx
  const text = `SELECT audit_event($1::uuid, $2::uuid, $3, $4, $5, 'AuditLog', $6, $7, $8::jsonb)`
  const values = [orgId, userId, action, ip, requestId, id, note, JSON.stringify(details)]
  await ctx.db.select(ctx, [{ text, values }]).catch((error: unknown) => {
    throw fromDatabase(error) ?? error
  })
}
