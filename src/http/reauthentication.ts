import express from 'express'
import type { Database } from '../core/db.ts'
import { ownerOf, startSession } from './session.ts'
import { readForm, textIn } from './sign-in.ts'
import { SignIn } from './sign-in-attempt.ts'

/** `POST /admin/api/reauthenticate`: the password once more, before something that matters. For people who are signed in. */
export function reauthenticationRoutes(db: Database): express.Router {
  const router = express.Router({ caseSensitive: true })
  const signIn = new SignIn(db)
  router.post('/admin/api/reauthenticate', readForm, async (req, res) => {
    const { identity, requestId } = res.locals
    await signIn.confirm(identity, textIn(req, 'password'), { ip: req.ip ?? '', requestId })
    // under a new id, like every session that is worth more than before
    await startSession(req, { ...ownerOf(req), confirmedAt: Date.now() })
    res.set('Cache-Control', 'no-store').json({ confirmed: true })
  })
  return router
}
