import type { RequestHandler, Router } from 'express'
import type { Database } from '../../core/db.ts'
import { PLATFORM } from '../authentication.ts'
import { Refusal } from '../errors.ts'
import { textIn } from '../sign-in.ts'
import { originOf, platformForm } from './forms.ts'
import { createSchool, moveSchool } from './schools.ts'

/** Schools join and leave; for operators. */
export function schoolRoutes(router: Router, db: Database): void {
  platformForm(router, db, {
    path: 'create',
    guard: requireOperator,
    act: async (req, res) => {
      const school = {
        name: textIn(req, 'name').trim(),
        timeZone: textIn(req, 'timeZone'),
        abn: textIn(req, 'abn').replaceAll(/\s/g, '') || null,
      }
      const owner = { fullName: textIn(req, 'ownerName').trim(), email: textIn(req, 'ownerEmail').trim() }
      await createSchool({ db, person: res.locals.person, ...originOf(req) }, school, owner)
      return `${PLATFORM}?created=1`
    },
  })
  for (const [to, said] of [
    ['suspend', 'suspended'],
    ['reopen', 'reopened'],
  ] as const)
    platformForm(router, db, {
      path: to,
      guard: requireOperator,
      act: async (req, res) => {
        const acting = { db, person: res.locals.person, ...originOf(req) }
        await moveSchool(acting, { orgId: textIn(req, 'school'), to, reason: textIn(req, 'reason') })
        return `${PLATFORM}?${said}=1`
      },
    })
}

const requireOperator: RequestHandler = (_req, res, next) => {
  next(res.locals.person.platformRole === 'operator' ? undefined : new Refusal(403, 'Only operators do this.'))
}
