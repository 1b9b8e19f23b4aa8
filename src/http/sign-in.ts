import express, { type Request, type RequestHandler, type Response } from 'express'
import type { Database } from '../core/db.ts'
import { SECOND_FACTOR } from './authentication.ts'
import { Refusal, wantsJson } from './errors.ts'
import { safeReturnTo } from './return-to.ts'
import { personOf, sessionCookie, startSession } from './session.ts'
import { type SignInForm, signInPage } from './sign-in-page.ts'
import { SignIn } from './sign-in-attempt.ts'

const MAX_FORM_BYTES = 16_384
const EXPIRED = 'Please sign in to go on. A session ends after 30 minutes without use.'

interface SignInOptions {
  appUrl: string
  /** Where the demo's sign-ins are kept; null outside the demo. */
  demoDirectory: string | null
}

/** `GET` and `POST /admin/login`: a plain form, no script. */
export function signInRoutes(db: Database, options: SignInOptions): express.Router {
  const router = express.Router({ caseSensitive: true })
  const signIn = new SignIn(db)
  const show = (res: Response, form: SignInForm) => void res.send(signInPage(form, options.demoDirectory))

  router.get('/admin/login', (req, res) => {
    const returnTo = safeReturnTo(req.query.returnTo)
    if (personOf(req)) return res.redirect(303, returnTo)
    show(res, { returnTo, notice: noticeFor(req) })
  })

  router.post('/admin/login', readForm, refuseInsecure(options.appUrl), async (req, res) => {
    const form = { email: textIn(req, 'email').trim(), returnTo: safeReturnTo(textIn(req, 'returnTo')) }
    try {
      const who = { ip: req.ip ?? '', requestId: res.locals.requestId }
      const session = await signIn.attempt(form.email, textIn(req, 'password'), who)
      await startSession(req, session)
      if (!session.pending) return res.redirect(303, form.returnTo)
      res.redirect(303, `${SECOND_FACTOR}?${new URLSearchParams({ returnTo: form.returnTo }).toString()}`)
    } catch (error) {
      if (!(error instanceof Refusal) || wantsJson(req)) throw error
      res.status(error.status).set(error.headers)
      show(res, { ...form, error: error.message })
    }
  })
  return router
}

function noticeFor({ query }: Request): string | undefined {
  if (query.changed !== undefined) return 'That is done. Sign in with your password.'
  return query.returnTo ? EXPIRED : undefined
}

const parseForm = express.urlencoded({ extended: false, limit: MAX_FORM_BYTES, parameterLimit: 20 })
const parseJson = express.json({ limit: MAX_FORM_BYTES })

/** Reads a small form or JSON object into `req.body`; refuses anything else. */
export const readForm: RequestHandler = (req, res, next) => {
  if (!req.is(['urlencoded', 'json'])) {
    return next(new Refusal(415, 'DriveFlow expects a form here (application/x-www-form-urlencoded).'))
  }
  parseForm(req, res, (error) => (error ? next(error) : parseJson(req, res, next)))
}

/** One field of the form; '' when it is missing or is not one text. */
export function textIn(req: Request, field: string): string {
  const value = (req.body as Record<string, unknown> | undefined)?.[field]
  return typeof value === 'string' ? value : ''
}

/** A browser drops a Secure cookie that came over plain HTTP: say so, instead of asking for the password for ever. */
function refuseInsecure(appUrl: string): RequestHandler {
  const { secure } = sessionCookie(appUrl).options
  return (req, _res, next) => {
    if (!secure || req.secure) return next()
    next(
      new Refusal(400, `This connection is not secure, so you cannot sign in over it. Open ${appUrl}/admin instead.`),
    )
  }
}
