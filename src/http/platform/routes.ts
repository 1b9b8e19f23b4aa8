import express, { type Request, type RequestHandler } from 'express'
import { isUuid } from '../../core/context.ts'
import type { Database } from '../../core/db.ts'
import { PLATFORM } from '../authentication.ts'
import { Refusal } from '../errors.ts'
import { ownerOf, startSession } from '../session.ts'
import { textIn } from '../sign-in.ts'
import { enterSchool, leaveSchool, runningOf } from './access.ts'
import { originOf, platformForm, showPlatform } from './forms.ts'
import { schoolRoutes } from './school-routes.ts'

const NOTICES: Readonly<Record<string, string>> = {
  over: 'Your access to the school is over. Ask for it anew if you need more time.',
  left: 'You have left the school.',
  created: 'The school is there, and its first owner is invited.',
  suspended: 'The school is suspended: nobody signs in, and its jobs pause.',
  reopened: 'The school is open again.',
}

/** `/admin/platform`: people of the platform ask for a look into a school; operators open and suspend schools. */
export function platformRoutes(db: Database): express.Router {
  const router = express.Router({ caseSensitive: true })
  router.use(PLATFORM, requirePlatform)

  router.get(PLATFORM, async (req, res) => {
    const words = typeof req.query.q === 'string' ? req.query.q : ''
    const notice = Object.keys(NOTICES).find((name) => req.query[name] !== undefined)
    await showPlatform(db, res, { words, notice: notice && NOTICES[notice], typed: {} })
  })

  platformForm(router, db, {
    path: 'enter',
    act: async (req, res) => {
      const orgId = idIn(req, 'school')
      const wish = { orgId, minutes: Number(textIn(req, 'minutes')), reason: textIn(req, 'reason') }
      const accessId = await enterSchool(db, res.locals.person, wish, originOf(req))
      await startSession(req, { ...ownerOf(req), orgId, accessId })
      return '/admin'
    },
  })

  platformForm(router, db, {
    path: 'go',
    act: async (req, res) => {
      const accessId = idIn(req, 'access')
      const running = await db.asAuth((query) => runningOf(query, res.locals.person.userId))
      const wanted = running.find(({ id }) => id === accessId)
      if (!wanted) throw new Refusal(404, 'This access is over already.')
      await startSession(req, { ...ownerOf(req), orgId: wanted.orgId, accessId })
      return '/admin'
    },
  })

  platformForm(router, db, {
    path: 'leave',
    act: async (req, res) => {
      await leaveSchool(db, res.locals.person, idIn(req, 'access'), originOf(req))
      const { orgId: _school, accessId: _access, ...owner } = ownerOf(req)
      await startSession(req, owner)
      return `${PLATFORM}?left=1`
    },
  })
  schoolRoutes(router, db)
  return router
}

// for everybody else the address does not exist
const requirePlatform: RequestHandler = (_req, res, next) => {
  next(res.locals.person.platformRole ? undefined : new Refusal(404, 'There is no such page.'))
}

function idIn(req: Request, field: string): string {
  const id = textIn(req, field)
  if (!isUuid(id)) throw new Refusal(400, 'Choose it from the list.')
  return id
}
