import express, { type Request } from 'express'
import type { Logger } from 'pino'
import type { Context } from '../core/context.ts'
import type { Database } from '../core/db.ts'
import { enqueue } from '../core/jobs.ts'
import { type Link, type OpenLink, readLink } from '../domain/identity/links.ts'
import sendSignInLink from '../jobs/send-sign-in-link.ts'
import { Refusal, wantsJson } from './errors.ts'
import { SPENT, followLink } from './follow-link.ts'
import { type Membership, panelMemberships } from './identity.ts'
import { askedPage, forgotPage, passwordPage } from './link-pages.ts'
import { endSession } from './session.ts'
import { readForm, textIn } from './sign-in.ts'
import { refuseThrottled } from './sign-in-attempt.ts'
import { CodeThrottle } from './throttle.ts'

/** Mails that are asked for with one e-mail, and links that are tried from one address, in a quarter of an hour. */
export const MAILS_PER_ACCOUNT = 3
export const LINKS_PER_ADDRESS = 30

/** `/admin/forgot-password`, `/admin/reset-password` and `/admin/invitation`: how people come in without a password. */
export function linkRoutes(db: Database, logger: Logger): express.Router {
  const router = express.Router({ caseSensitive: true })
  const mails = new CodeThrottle(db, 'mail', MAILS_PER_ACCOUNT)
  const links = new CodeThrottle(db, 'link', LINKS_PER_ADDRESS)

  router.get('/admin/forgot-password', (_req, res) => void res.send(forgotPage()))

  router.post('/admin/forgot-password', readForm, async (req, res) => {
    const email = textIn(req, 'email').trim()
    if (!/^\S+@\S+$/.test(email)) {
      res.status(400).send(forgotPage('Type your e-mail.'))
      return
    }
    refuseThrottled(await links.attempt(req.ip ?? ''))
    const tooMany = (await mails.attempt(email)) > 0
    // the answer does not wait for what is done, so that it says nothing about it by its time either
    res.send(askedPage())
    if (!tooMany)
      sendReset(db, email, res.locals.requestId).catch((error: unknown) =>
        logger.error({ err: error, requestId: res.locals.requestId }, 'password reset'),
      )
  })

  for (const [path, purpose] of PAGES) {
    router.get(path, async (req, res) => {
      const token = typeof req.query.token === 'string' ? req.query.token : ''
      const link = await opened(req, token, purpose)
      res.send(passwordPage({ link, token }))
    })

    router.post(path, readForm, async (req, res) => {
      const token = textIn(req, 'token')
      const link = await opened(req, token, purpose)
      try {
        await followLink(db, { link, token, ...chosenIn(req), ip: req.ip ?? '', requestId: res.locals.requestId })
        if (req.session.userId) await endSession(req, res)
        res.redirect(303, '/admin/login?changed')
      } catch (error) {
        if (!(error instanceof Refusal) || wantsJson(req) || error.status !== 400) throw error
        res.status(400).send(passwordPage({ link, token, error: error.message }))
      }
    })
  }

  /** @throws Refusal 404 when it does not count (any more), 429 throttled */
  async function opened(req: Request, token: string, purpose: Link['purpose']): Promise<OpenLink> {
    refuseThrottled(await links.attempt(req.ip ?? ''))
    const link = /^[\w-]{43}$/.test(token) ? await readLink(db, token, purpose) : null
    if (!link) throw new Refusal(404, SPENT)
    return link
  }
  return router
}

const chosenIn = (req: Request) => ({ password: textIn(req, 'password'), again: textIn(req, 'again') })

const PAGES = [
  ['/admin/reset-password', 'reset'],
  ['/admin/invitation', 'invitation'],
] as const

/** To the person who signs in with the e-mail; to nobody, when there is none. */
async function sendReset(db: Database, email: string, requestId: string): Promise<void> {
  const { rows } = await db.authQuery(
    `SELECT u.id, u.email, m.memberships FROM "User" u JOIN auth.membership m ON m."userId" = u.id
      WHERE lower(u.email) = lower($1) AND u."disabledAt" IS NULL`,
    [email],
  )
  const [person] = rows as { id: string; email: string; memberships: Membership[] | null }[]
  const [school] = panelMemberships(person?.memberships ?? null)
  if (!person || !school) return
  const ctx: Context = { db, orgId: school.orgId, userId: null, role: null, actorKind: 'system', ip: null, requestId }
  const wanted = { purpose: 'reset', email: person.email, userId: person.id, school: school.name } as const
  await db.transaction(ctx, (tx) => enqueue({ ...ctx, tx }, sendSignInLink, wanted))
}
