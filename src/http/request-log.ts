import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'
import { type DestinationStream, type Logger, pino } from 'pino'
import type { Metrics } from './metrics.ts'

const PRIVATE = ['password', 'token', 'secret', 'authorization', 'cookie', 'email', 'phone', 'fullName', 'address']

/** Logs as JSON lines on standard output. Secrets and what tells who somebody is do not get in. */
export function createLogger(level: string, to: DestinationStream = pino.destination(1)): Logger {
  const paths = PRIVATE.flatMap((name) => [name, `*.${name}`])
  return pino({ level, base: null, redact: { paths, censor: '[redacted]' }, serializers: { err: describeError } }, to)
}

/** Gives each request its id, and reports it to the log and the metrics when it is answered. */
export function observeRequests(logger: Logger, metrics: Metrics): RequestHandler {
  return (req, res, next) => {
    const started = performance.now()
    const { method, path } = req
    res.locals.requestId = randomUUID()
    res.setHeader('X-Request-Id', res.locals.requestId)
    res.once('close', () => {
      const ms = performance.now() - started
      // 499: the browser went away before the answer was out
      const status = res.writableFinished ? res.statusCode : 499
      const area = areaOf(path)
      metrics.observe({ method, area, status }, ms / 1000)
      const facts = {
        requestId: res.locals.requestId,
        method,
        path: withoutPersonalData(path),
        status,
        ms: Math.round(ms * 10) / 10,
      }
      logger[QUIET.has(area) ? 'debug' : 'info']({ ...facts, userId: res.locals.identity?.userId }, 'request')
    })
    next()
  }
}

const QUIET = new Set(['asset', 'health'])

const AREAS: readonly (readonly [RegExp, string])[] = [
  [/^\/(healthz|readyz|metrics)$/, 'health'],
  [/^\/(static|admin\/frontend)\/|^\/favicon\.ico$/, 'asset'],
  [/^\/admin\/api(\/|$)/, 'api'],
  [/^\/api(\/|$)/, 'device'],
  [/^\/admin\/(login|logout|switch-school)$/, 'sign-in'],
  [/^\/admin(\/|$)/, 'page'],
  [/^\/webhooks\//, 'webhook'],
  [/^\/pay\//, 'pay'],
]

const areaOf = (path: string): string => AREAS.find(([pattern]) => pattern.test(path))?.[1] ?? 'other'

/** The query string is never logged; AdminJS puts what was searched for into the path as well. */
const withoutPersonalData = (path: string): string =>
  path.replace(/\/(search|pay|actions\/[^/]+)\/.*$/, '/$1/…').slice(0, 200)

/** What a driver adds to an error (`detail: Key (email)=(…)`) is left out; addresses and numbers in its text are blanked. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: blanked(String(error)) }
  const code = 'code' in error ? { code: String(error.code) } : {}
  return { type: error.name, message: blanked(error.message), stack: blanked(error.stack ?? ''), ...code }
}

const blanked = (text: string): string =>
  text.replace(/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, '[e-mail]').replace(/\+?\d[\d ]{7,}\d/g, '[number]')
