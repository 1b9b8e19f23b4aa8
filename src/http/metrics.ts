import { timingSafeEqual } from 'node:crypto'
import type { Request, RequestHandler } from 'express'
import { collectDefaultMetrics, Histogram, register as processRegistry, Registry } from 'prom-client'
import type { Database } from '../core/db.ts'
import { Refusal } from './errors.ts'
import { measureHomeless } from './homeless-metrics.ts'
import { measureOutbox } from './outbox-metrics.ts'

/** The figures of one app, beside those of the process. */
export interface Metrics {
  /** Counts one answer; `seconds` from the first byte read to the last one handed to the network. */
  observe(labels: { method: string; area: string; status: number }, seconds: number): void
  /** `GET /metrics`, for Prometheus. */
  handler: RequestHandler
}

/** @param token lets a scraper in from elsewhere (`Authorization: Bearer …`); without one only this machine may ask */
export function createMetrics(token: string | undefined, db?: Database): Metrics {
  if (!processRegistry.getSingleMetric('process_cpu_seconds_total')) collectDefaultMetrics()
  const own = new Registry()
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'area', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [own],
  })
  if (db) {
    measureOutbox(own, db)
    measureHomeless(own, db)
  }
  const all = Registry.merge([processRegistry, own])
  return {
    observe: (labels, seconds) => requests.observe(labels, seconds),
    handler: async (req, res) => {
      if (!mayRead(req, token))
        throw new Refusal(403, 'Metrics are for this machine, or with the token of METRICS_TOKEN.')
      res.type(all.contentType).send(await all.metrics())
    },
  }
}

function mayRead(req: Request, token: string | undefined): boolean {
  const given = req.headers.authorization
  if (token !== undefined && given !== undefined) return same(given, `Bearer ${token}`)
  // a proxy on this machine speaks for people elsewhere, and says so
  const forwarded = Object.keys(req.headers).some((name) => name === 'forwarded' || name.startsWith('x-forwarded-'))
  return !forwarded && ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(req.socket.remoteAddress ?? '')
}

function same(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}
