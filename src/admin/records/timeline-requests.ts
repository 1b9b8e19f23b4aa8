import type { Context } from '../../core/context.ts'
import { valueLabel } from '../../core/labels.ts'
import { SCHEMA } from '../../core/queues.ts'
import { Parameters } from '../lists/conditions.ts'
import { propertyOf } from '../screen.ts'
import { tonesOf } from '../tones.ts'
import type { View } from './records.ts'
import { HEAD, type Happening, NOBODY, type Source, type Wanted, headOf, newest } from './timeline-query.ts'

// What the requests did elsewhere that changed a record: only for whoever reads the audit log, which names them.

const ofRecord = ({ view, id, orgId }: Wanted, parameters: Parameters): string =>
  `t."orgId" = ${parameters.add(orgId)}::uuid AND t."entityType" = ${parameters.add(view.screen.model.name)} AND t."entityId" = ${parameters.add(id)}`

/** What Stripe told us in the requests that changed the record. */
export function webhooks(wanted: Wanted, view: View): Source {
  const parameters = new Parameters()
  const { where, order } = newest(wanted, parameters)
  const requests = `SELECT t."requestId" FROM "AuditLog" t WHERE ${ofRecord(wanted, parameters)}`
  const text = `SELECT ${HEAD}, t."requestId", t.provider, t."eventType", t.status::text, t."lastError" FROM "WebhookEvent" t
    WHERE ${where} AND t."requestId" IN (${requests}) ${order}`
  return {
    kind: 'webhook',
    query: { text, values: parameters.values, prepared: true },
    read: (values) => {
      const [requestId, provider, type, status, error] = values.slice(2) as (string | null)[]
      return {
        kind: 'webhook',
        ...headOf(values),
        requestId: requestId ?? null,
        who: { ...NOBODY, kind: 'webhook' },
        text: `${valueLabel(provider!)}: ${type}`,
        note: error ?? null,
        status: standing(status!, propertyOf(view.screen, 'status')?.values?.[status!]),
        open: { model: 'WebhookEvent', id: values[0] as string },
      }
    },
  }
}

/** Of a record that is changed all the time the last requests are enough. */
const MOST_REQUESTS = 200

/** What the worker did, or will do, for the requests that changed the record. The queue forgets it after some days. */
export async function queuedJobs(ctx: Context, wanted: Wanted): Promise<Happening[]> {
  const parameters = new Parameters()
  const text = `SELECT DISTINCT requests.id FROM (SELECT t."requestId" AS id FROM "AuditLog" t WHERE ${ofRecord(wanted, parameters)}
    AND t."requestId" IS NOT NULL ORDER BY t."createdAt" DESC, t.id DESC LIMIT ${MOST_REQUESTS}) requests`
  const [requests] = await ctx.db.select(ctx, [{ text, values: parameters.values }])
  if (requests!.length === 0) return []
  return await jobsOfRequests(
    ctx,
    requests!.map(([id]) => id as string),
    wanted,
  )
}

/** What the queue still knows of the jobs of some requests, newest first. */
export async function jobsOfRequests(
  ctx: Context,
  requests: readonly string[],
  { orgId, before, limit }: Pick<Wanted, 'orgId' | 'before' | 'limit'>,
): Promise<Happening[]> {
  const values = [orgId, requests, before?.at ?? 'infinity', before?.id ?? LAST_ID]
  const { rows } = await ctx.db.workerQuery(
    // one look into the index for each request: by their number PostgreSQL would rather read the whole queue
    `SELECT job.id, job.created_on AS at, job.name, job.state::text, job.retry_count AS retries, request
       FROM unnest($2::text[]) request CROSS JOIN LATERAL (SELECT * FROM ${SCHEMA}.job_common j
         WHERE j.data ->> 'requestId' = request AND j.data ->> 'orgId' = $1 OFFSET 0) job
      WHERE (date_trunc('milliseconds', job.created_on), job.id) < ($3::timestamptz, $4::uuid)
      ORDER BY job.created_on DESC, job.id DESC LIMIT ${limit}`,
    values,
  )
  return (rows as QueuedJob[]).map(({ id, at, name, state, retries, request }) => ({
    kind: 'job',
    id,
    at,
    requestId: request,
    who: NOBODY,
    text: `Job: ${valueLabel(name).toLowerCase()}`,
    note: retries > 0 ? `Tried ${retries + 1} times` : null,
    status: standing(state, states[state]),
  }))
}

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

interface QueuedJob {
  readonly id: string
  readonly at: Date
  readonly name: string
  readonly state: string
  readonly retries: number
  readonly request: string
}

/** As pg-boss calls them. */
const states: Readonly<Record<string, string>> = {
  created: 'Waiting',
  retry: 'Tried again',
  active: 'Under way',
  completed: 'Done',
  cancelled: 'Cancelled',
  failed: 'Given up',
}

const standing = (value: string, label = valueLabel(value)) => ({ label, tone: tonesOf([value])[value] ?? 'default' })
