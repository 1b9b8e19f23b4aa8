import express, { type RequestHandler } from 'express'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { Database } from '../core/db.ts'
import { requirePerson, requireSchool, requireSecondFactor } from './authentication.ts'
import { refuseCrossSite } from './csrf.ts'
import { noteDenial } from './denials.ts'
import { Encryption } from './encryption.ts'
import { answerErrors, notFound } from './errors.ts'
import { healthRoutes } from './health.ts'
import { inboundTextRoutes } from './inbound-texts.ts'
import { lessonPointRoutes } from './lesson-points.ts'
import { refuseOutOfLimits } from './limits.ts'
import { messageReportRoutes } from './message-reports.ts'
import { createMetrics } from './metrics.ts'
import { linkRoutes } from './link-routes.ts'
import { createLogger, observeRequests } from './request-log.ts'
import { platformRoutes } from './platform/routes.ts'
import { profileRoutes } from './profile.ts'
import { secondFactorRoutes, secondFactorSetUp } from './second-factor-routes.ts'
import { securityHeaders } from './security-headers.ts'
import { reauthenticationRoutes } from './reauthentication.ts'
import { sessions } from './session.ts'
import { sessionRoutes } from './session-routes.ts'
import { signInRoutes } from './sign-in.ts'
import { connectRoutes } from './connect/routes.ts'
import { payRoutes } from './pay/routes.ts'
import { staticFiles } from './static-files.ts'
import { webhookRoutes } from './webhooks.ts'
import { unsubscribeRoutes } from './unsubscribe.ts'

/** The settings that the web process needs. */
export type HttpConfig = Pick<
  Config,
  | 'appUrl'
  | 'dataDir'
  | 'demo'
  | 'logLevel'
  | 'mailWebhookSecret'
  | 'sessionSecret'
  | 'text'
  | 'trustProxy'
  | 'metricsToken'
  | 'encryptionKey'
> & {
  /** Owner, finance and compliance need a second factor; outside the demo when nothing is said. */
  readonly secondFactorRequired?: boolean
}

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
  const metrics = createMetrics(config.metricsToken, db)
  const encryption = new Encryption(config.encryptionKey ?? secretOf(config))

  app.use(observeRequests(logger, metrics), securityHeaders(config.appUrl))
  app.use(refuseOutOfLimits)
  // devices prove themselves by a token that no browser sends by itself
  app.use(lessonPointRoutes(db))
  app.use(refuseCrossSite(config.appUrl))
  app.use(healthRoutes({ db, workerSeen }))
  app.get('/metrics', metrics.handler)
  app.use(staticFiles)
  app.use(unsubscribeRoutes(db))
  app.use(messageReportRoutes(db, config.mailWebhookSecret), inboundTextRoutes(db, config))
  if (panel.assets) app.use(panel.assets)
  app.use(webhookRoutes(db, logger), payRoutes(db, config.appUrl), connectRoutes(db, config.appUrl))
  app.get('/', (_req, res) => res.redirect(302, '/admin'))

  app.use('/admin', sessions({ db, logger, appUrl: config.appUrl, secret: secretOf(config) }))
  app.use(signInRoutes(db, { appUrl: config.appUrl, demoDirectory: config.demo ? config.dataDir : null }))
  app.use(sessionRoutes(db))
  app.use(secondFactorRoutes(db, encryption))
  app.use(linkRoutes(db, logger))
  app.use('/admin', requirePerson)
  app.use(secondFactorSetUp(db, encryption))
  if (config.secondFactorRequired ?? !config.demo) app.use('/admin', requireSecondFactor)
  app.use(platformRoutes(db))
  app.use('/admin', requireSchool)
  app.use(reauthenticationRoutes(db))
  app.use(profileRoutes(db, encryption))
  app.use(panel.router)

  app.use(
    notFound,
    answerErrors(logger, (req, res) => noteDenial(db, req, res)),
  )
  return app
}

function secretOf({ sessionSecret }: HttpConfig): string {
  if (!sessionSecret) throw new Error('the web process needs config.sessionSecret')
  return sessionSecret
}
