import express, { type RequestHandler } from 'express'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { Database } from '../core/db.ts'
import { requireIdentity } from './authentication.ts'
import { refuseCrossSite } from './csrf.ts'
import { answerErrors, notFound } from './errors.ts'
import { healthRoutes } from './health.ts'
import { refuseOutOfLimits } from './limits.ts'
import { createMetrics } from './metrics.ts'
import { createLogger, observeRequests } from './request-log.ts'
import { securityHeaders } from './security-headers.ts'
import { reauthenticationRoutes } from './reauthentication.ts'
import { sessions } from './session.ts'
import { sessionRoutes } from './session-routes.ts'
import { signInRoutes } from './sign-in.ts'
import { staticFiles } from './static-files.ts'

/** The settings that the web process needs. */
export type HttpConfig = Pick<
  Config,
  'appUrl' | 'dataDir' | 'demo' | 'logLevel' | 'sessionSecret' | 'trustProxy' | 'metricsToken'
>

/** The screens, as src/admin builds them. */
export interface Panel {
  /** Everything under /admin, for people who are signed in (`res.locals.identity`). */
  router: RequestHandler
  /** Scripts and styles, for everybody. */
  assets?: RequestHandler
}

export interface AppParts {
  db: Database
  config: HttpConfig
  panel: Panel
  workerSeen?: () => boolean | Promise<boolean>
  logger?: Logger
}

/** The order of the layers is the order of the checks: nothing is parsed or looked up before it has to be. */
export function createApp({
  db,
  config,
  panel,
  workerSeen,
  logger = createLogger(config.logLevel),
}: AppParts): express.Express {
  const app = express()
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing')
  app.set('trust proxy', config.trustProxy ?? false)
  const metrics = createMetrics(config.metricsToken)

  app.use(observeRequests(logger, metrics), securityHeaders(config.appUrl))
  app.use(refuseOutOfLimits, refuseCrossSite(config.appUrl))
  app.use(healthRoutes({ db, workerSeen }))
  app.get('/metrics', metrics.handler)
  app.use(staticFiles)
  if (panel.assets) app.use(panel.assets)
  app.get('/', (_req, res) => res.redirect(302, '/admin'))

  app.use('/admin', sessions({ db, logger, appUrl: config.appUrl, secret: secretOf(config) }))
  app.use(signInRoutes(db, { appUrl: config.appUrl, demoDirectory: config.demo ? config.dataDir : null }))
  app.use(sessionRoutes(db))
  app.use('/admin', requireIdentity)
  app.use(reauthenticationRoutes(db))
  app.use(panel.router)

  app.use(notFound, answerErrors(logger))
  return app
}

function secretOf({ sessionSecret }: HttpConfig): string {
  if (!sessionSecret) throw new Error('the web process needs config.sessionSecret')
  return sessionSecret
}
