import express, { type ErrorRequestHandler, type Request, type RequestHandler } from 'express'
import { z } from 'zod'
import { type Context, isUuid } from '../core/context.ts'
import type { Database } from '../core/db.ts'
import { AppError, fromDatabase, httpStatus } from '../core/errors.ts'
import { tokenHash } from '../core/token-hash.ts'
import { schoolIn } from '../domain/lessons/issue-token.ts'
import { MOST_POINTS, type Point, WRONG_TOKEN, recordPoints } from '../domain/lessons/record-points.ts'
import { Refusal } from './errors.ts'
import { addressKey, limiter, secondsToWait } from './throttle.ts'

/** 500 positions are about 60 kB. */
export const MAX_BATCH_BYTES = 131_072

/** A device that has been without a network sends its backlog at once; a minute. */
export const BATCHES_PER_MINUTE = 60
/** A quarter of an hour, from one address: a telephone has one token, not many. */
export const WRONG_TOKENS = 30

/**
 * `POST /api/lessons/:id/points`, for the device in the car (docs/gps.md): no session, no cookie, a token of that one lesson
 * as bearer. Every answer is JSON.
 */
export function lessonPointRoutes(db: Database): express.Router {
  const router = express.Router({ caseSensitive: true })
  const body = express.json({ limit: MAX_BATCH_BYTES, inflate: false, type: 'application/json' })
  const strangers = limiter(db, 'wrong-token', { points: WRONG_TOKENS, seconds: 15 * 60 })
  router.post('/api/lessons/:id/points', proving(db, strangers), body, receiving(db, strangers), refusing)
  return router
}

type Limiter = ReturnType<typeof limiter>

const proven = new WeakMap<Request, { lessonId: string; token: string; orgId: string }>()

/** Who says nothing that could be a token is turned away before a byte of the body is read. */
function proving(db: Database, strangers: Limiter): RequestHandler {
  const batches = limiter(db, 'points', { points: BATCHES_PER_MINUTE, seconds: 60 })
  return async (req, _res, next) => {
    const token = /^Bearer (\S+)$/i.exec(req.headers.authorization ?? '')?.[1] ?? ''
    const orgId = schoolIn(token)
    const lessonId = String(req.params.id)
    if (!orgId) throw unproven('Send the token of the lesson: Authorization: Bearer <token>.')
    if (!isUuid(lessonId)) throw new Refusal(404, 'There is no such lesson.')
    const known = await strangers.get(addressKey(req.ip ?? ''))
    if (known && known.remainingPoints <= 0)
      throw tooMany('Too many wrong tokens from this address.', Math.ceil(known.msBeforeNext / 1000))
    const [counted] = await Promise.allSettled([batches.consume(tokenHash(token))])
    const wait = secondsToWait(counted)
    if (wait > 0) throw tooMany(`At most ${BATCHES_PER_MINUTE} batches a minute.`, wait)
    proven.set(req, { lessonId, token, orgId })
    next()
  }
}

function receiving(db: Database, strangers: Limiter): RequestHandler {
  return async (req, res) => {
    const { orgId, ...batch } = proven.get(req)!
    const points = pointsIn(req)
    const ctx: Context = {
      db,
      orgId,
      userId: null,
      role: null,
      actorKind: 'system',
      ip: req.ip ?? null,
      requestId: res.locals.requestId,
    }
    try {
      const recorded = await db.transaction(ctx, (tx) => recordPoints({ ...ctx, tx }, { ...batch, points }))
      res.set('Cache-Control', 'no-store').json({ recorded, known: points.length - recorded })
    } catch (error) {
      if (error instanceof AppError && error.code === WRONG_TOKEN) {
        // counted beyond the limit as well, which is no error here
        await strangers.consume(addressKey(req.ip ?? '')).catch(() => undefined)
        throw unproven(error.message)
      }
      throw fromDatabase(error) ?? error
    }
  }
}

const DEGREES = 'lat and lng are numbers: degrees, WGS 84.'
const SPEED = 'speedKph is a number: kilometres an hour. Leave it out when it is not known.'
const TIME = 'ts is an instant with its zone, like 2026-11-24T15:30:00.000Z.'
const ONLY = 'A position has ts, lat, lng and perhaps speedKph, and nothing else.'
const COUNT = `points is a list of 1 to ${MOST_POINTS} positions.`

const point = z.strictObject(
  {
    ts: z.iso.datetime({ offset: true, error: TIME }),
    lat: z.number({ error: DEGREES }),
    lng: z.number({ error: DEGREES }),
    speedKph: z.number({ error: SPEED }).optional(),
  },
  { error: ONLY },
)
const batch = z.strictObject(
  { points: z.array(point, { error: COUNT }).min(1, COUNT).max(MOST_POINTS, COUNT) },
  { error: 'Send {"points": […]} and nothing else.' },
)

function pointsIn(req: Request): Point[] {
  if (req.body === undefined) throw new Refusal(415, 'Send JSON, uncompressed: Content-Type: application/json.')
  const judged = batch.safeParse(req.body)
  if (!judged.success) {
    const { path, message } = judged.error.issues[0]!
    throw new AppError('Invalid', message, { field: path.join('.') || undefined })
  }
  return judged.data.points.map(({ ts, ...place }) => ({ ...place, ts: new Date(ts) }))
}

const unproven = (sentence: string): Refusal => new Refusal(401, sentence, { 'WWW-Authenticate': 'Bearer' })
const tooMany = (sentence: string, seconds: number): Refusal =>
  new Refusal(429, `${sentence} Try again in ${seconds} seconds.`, { 'Retry-After': String(seconds) })

const READING: Readonly<Record<number, string>> = {
  400: 'This is no JSON that can be read.',
  413: `A batch has at most ${MAX_BATCH_BYTES / 1024} kB: send fewer positions at once.`,
  415: 'Send JSON in UTF-8, uncompressed.',
}

/** What a device can act on is said with the field that is wrong; the rest is everybody's (src/http/errors.ts). */
const refusing: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (error instanceof AppError && !res.headersSent) {
    const status = error.kind === 'Invalid' ? 422 : httpStatus[error.kind]
    const { message, field } = error
    res.status(status).json({ message, ...(field ? { field } : {}), requestId: res.locals.requestId })
    return
  }
  const status = error instanceof Error && 'status' in error && !(error instanceof Refusal) ? Number(error.status) : 0
  next(READING[status] ? new Refusal(status, READING[status]) : error)
}
