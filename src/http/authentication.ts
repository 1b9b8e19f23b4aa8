import type { RequestHandler } from 'express'
import { Refusal, wantsJson } from './errors.ts'
import { mustHaveSecondFactor } from './second-factor.ts'
import { endSession, identityOf, personOf } from './session.ts'

export const SECOND_FACTOR = '/admin/second-factor'
/** Where people of the platform are before they are in a school. */
export const PLATFORM = '/admin/platform'

/**
 * Lets only people through who are signed in and still may be; `res.locals.person` says who. A session whose owner was
 * disabled, or lost their place in the school, ends here.
 */
export const requirePerson: RequestHandler = async (req, res, next) => {
  const [person, identity] = [personOf(req), identityOf(req)]
  if (person) {
    res.locals.person = person
    if (identity) res.locals.identity = identity
    return next()
  }
  if (req.session.pending && !wantsJson(req)) return res.redirect(303, SECOND_FACTOR)
  if (req.session.userId && !req.session.pending) await endSession(req, res)
  if (wantsJson(req)) throw new Refusal(401, 'You are signed out. Sign in again to go on.')
  const isPage = req.method === 'GET' && req.originalUrl !== '/admin'
  res.redirect(303, `/admin/login${isPage ? `?returnTo=${encodeURIComponent(req.originalUrl)}` : ''}`)
}

/** Lets only people through who are in a school: `res.locals.identity`. For people who are signed in. */
export const requireSchool: RequestHandler = (req, res, next) => {
  if (identityOf(req)) {
    // AdminJS reads its user here. Not enumerable: written on every request, never stored in the session's row
    Object.defineProperty(req.session, 'adminUser', { writable: true, configurable: true })
    return next()
  }
  if (wantsJson(req)) throw new Refusal(403, 'Your access to the school is over. Ask for it anew, with a reason.')
  res.redirect(303, `${PLATFORM}${req.session.accessId ? '?over=1' : ''}`)
}

/** Whose role needs a second factor sets it up before anything else. For people who are signed in. */
export const requireSecondFactor: RequestHandler = (req, res, next) => {
  const { person, identity } = res.locals
  if (person.secondFactorAt !== null || !mustHaveSecondFactor(person, identity)) return next()
  if (wantsJson(req)) throw new Refusal(403, 'Your role needs a second step at sign-in. Set it up first.')
  res.redirect(303, `${SECOND_FACTOR}/set-up`)
}
