import { createHmac, timingSafeEqual } from 'node:crypto'
import express, { type RequestHandler } from 'express'
import { z } from 'zod'
import type { Context } from '../core/context.ts'
import type { Database } from '../core/db.ts'
import { linkedMessage } from '../domain/messages/linked.ts'
import { type Linked, messageNamedBy, readToken } from '../domain/messages/links.ts'
import { recordReport, type Report } from '../domain/messages/reports.ts'
import { Refusal } from './errors.ts'

/** As old as the signature of a report may be. */
const FRESH_SECONDS = 300
const MOST_REPORTS = 500

const reports = z.object({
  reports: z
    .array(
      z.object({
        /** The Message-ID of the mail that it is about. */
        messageId: z.string().max(998),
        outcome: z.enum(['delivered', 'bounced', 'complained']),
        permanent: z.boolean().default(true),
        detail: z.string().max(2_000).default(''),
      }),
    )
    .max(MOST_REPORTS),
})

/**
 * What providers report of messages that they took (docs/messages.md):
 * `POST /webhooks/messages` for mail, signed with MAIL_WEBHOOK_SECRET;
 * `POST /webhooks/messages/<token>` for one short message, at an address that only its provider was told.
 */
export function messageReportRoutes(db: Database, secret: string | undefined): express.Router {
  const router = express.Router({ caseSensitive: true })
  const raw = express.raw({ type: () => true, limit: 1_048_576, inflate: false })
  router.post('/webhooks/messages', raw, signed(secret), async (req, res) => {
    const { reports: all } = parsed(req.body)
    let known = 0
    for (const { messageId, ...report } of all) {
      const named = messageNamedBy(messageId)
      if (named && (await record(contextOf(db, named, res.locals.requestId), named, report))) known += 1
    }
    res.json({ reports: all.length, known })
  })
  router.post('/webhooks/messages/:token', express.urlencoded({ extended: false, limit: 16_384 }), async (req, res) => {
    const { token } = req.params
    const named = readToken(token)
    if (!named) throw new Refusal(404, 'There is no such message.')
    const ctx = contextOf(db, named, res.locals.requestId)
    const report = statusReport((req.body ?? {}) as Record<string, unknown>)
    await db.transaction(ctx, async (tx) => {
      const message = await linkedMessage({ ...ctx, tx }, token, 'status')
      if (!message) throw new Refusal(404, 'There is no such message.')
      if (report) await recordReport({ ...ctx, tx }, message, report)
    })
    res.status(204).end()
  })
  return router
}

const contextOf = (db: Database, { orgId }: Linked, requestId: string): Context => ({
  db,
  orgId,
  userId: null,
  role: null,
  actorKind: 'webhook',
  ip: null,
  requestId,
})

/** @returns whether there is such a message */
async function record(ctx: Context, { messageId }: Linked, report: Report): Promise<boolean> {
  return await ctx.db.transaction(ctx, async (tx) => {
    const message = await tx.message.findFirst({ where: { id: messageId, orgId: ctx.orgId } })
    if (message) await recordReport({ ...ctx, tx }, message, report)
    return message !== null
  })
}

/** `X-Signature: t=<seconds since 1970>,v1=<HMAC-SHA256 of "<t>.<body>", in hex>`. */
function signed(secret: string | undefined): RequestHandler {
  return (req, _res, next) => {
    if (!secret) throw new Refusal(403, 'Reports are not accepted here: MAIL_WEBHOOK_SECRET is not set.')
    const [, at = '', given = ''] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(req.get('x-signature') ?? '') ?? []
    const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0)
    const expected = createHmac('sha256', secret).update(`${at}.`).update(body).digest()
    const isRight = given !== '' && timingSafeEqual(Buffer.from(given, 'hex'), expected)
    const isFresh = Math.abs(Date.now() / 1000 - Number(at)) <= FRESH_SECONDS
    if (!isRight || !isFresh) throw new Refusal(403, 'The report is not signed, or its signature is wrong or too old.')
    next()
  }
}

function parsed(body: unknown): z.infer<typeof reports> {
  try {
    return reports.parse(JSON.parse(String(body)))
  } catch {
    throw new Refusal(
      400,
      'The report could not be read: it is JSON like {"reports":[{"messageId":"…","outcome":"bounced"}]}.',
    )
  }
}

/** Twilio's status callback. @returns null for a status on the way, which changes nothing */
function statusReport({ MessageStatus, ErrorCode }: Record<string, unknown>): Report | null {
  if (MessageStatus === 'delivered' || MessageStatus === 'read')
    return { outcome: 'delivered', detail: '', permanent: false }
  if (MessageStatus !== 'undelivered' && MessageStatus !== 'failed') return null
  const code = typeof ErrorCode === 'string' ? ErrorCode : ''
  // 30005 unknown handset, 30006 landline or unreachable carrier, 21610 the person answered STOP
  const permanent = ['30005', '30006', '21610'].includes(code)
  return { outcome: 'bounced', detail: `${MessageStatus}${code ? ` (${code})` : ''}`, permanent }
}
