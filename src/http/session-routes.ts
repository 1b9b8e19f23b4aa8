import express, { type Request } from 'express'
import type { Database } from '../core/db.ts'
import { type AccessEvent, recordEvent } from './audit.ts'
import { requirePerson, requireSchool } from './authentication.ts'
import { Refusal, wantsJson } from './errors.ts'
import { endSession, identityOf, ownerOf, personOf, startSession } from './session.ts'
import { readForm, textIn } from './sign-in.ts'
import { signOutPage } from './sign-in-page.ts'

/** `POST /admin/logout` and `POST /admin/switch-school`. An address alone (GET) signs nobody out. */
export function sessionRoutes(db: Database): express.Router {
  const router = express.Router({ caseSensitive: true })

  router.get('/admin/logout', (req, res) => {
    if (!personOf(req)) return res.redirect(303, '/admin/login')
    res.send(signOutPage())
  })

  router.post('/admin/logout', async (req, res) => {
    const identity = identityOf(req)
    if (identity) await record('user.signOut', identity, req)
    await endSession(req, res)
    res.redirect(303, '/admin/login')
  })

  router.post('/admin/switch-school', requirePerson, requireSchool, readForm, async (req, res) => {
    const { identity } = res.locals
    const school = identity.schools.find(({ orgId }) => orgId === textIn(req, 'orgId'))
    // also for a school that exists: who is no member does not learn that
    if (!school) throw new Refusal(404, 'You are not a member of that school.')
    const { userId } = identity
    await record('user.switchSchool', { userId, ...school }, req)
    await startSession(req, { ...ownerOf(req), orgId: school.orgId })
    if (wantsJson(req)) res.json({ redirect: '/admin' })
    else res.redirect(303, '/admin')
  })

  async function record(action: AccessEvent['action'], who: Who, req: Request): Promise<void> {
    const { userId, orgId, role } = who
    const { requestId } = req.res!.locals
    await db.asAuth((query) => recordEvent(query, { action, userId, orgId, role, requestId, ip: req.ip ?? '' }))
  }
  return router
}

type Who = Pick<AccessEvent, 'userId' | 'orgId' | 'role'>
