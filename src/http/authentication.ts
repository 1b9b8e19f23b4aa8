import type { RequestHandler } from 'express'
import { Refusal, wantsJson } from './errors.ts'
import { mustHaveSecondFactor } from './second-factor.ts'
import { endSession, identityOf } from './session.ts'

export const SECOND_FACTOR = '/admin/second-factor'

/**
 * Lets only people through who are signed in and still may be; `res.locals.identity` says who. A session whose owner was
 * disabled, or lost their place in the school, ends here.
 */
export const requireIdentity: RequestHandler = async (req, res, next) => {
  const identity = identityOf(req)
  if (identity) {
    res.locals.identity = identity
    // AdminJS reads its user here. Not enumerable: written on every request, never stored in the session's row
    Object.defineProperty(req.session, 'adminUser', { writable: true, configurable: true })
    return next()
  }
  if (req.session.pending && !wantsJson(req)) return res.redirect(303, SECOND_FACTOR)
  if (req.session.userId && !req.session.pending) await endSession(req, res)
  if (wantsJson(req)) throw new Refusal(401, 'You are signed out. Sign in again to go on.')
  const isPage = req.method === 'GET' && req.originalUrl !== '/admin'
  res.redirect(303, `/admin/login${isPage ? `?returnTo=${encodeURIComponent(req.originalUrl)}` : ''}`)
}

/** Whose role needs a second factor sets it up before anything else. For people who are signed in. */
export const requireSecondFactor: RequestHandler = (req, res, next) => {
  const { role, secondFactorAt } = res.locals.identity
  if (secondFactorAt !== null || !mustHaveSecondFactor(role)) return next()
  if (wantsJson(req)) throw new Refusal(403, 'Your role needs a second step at sign-in. Set it up first.')
  res.redirect(303, `${SECOND_FACTOR}/set-up`)
}
