import express from 'express'
import type { Panel } from '../../src/http/app.ts'

/** Stands in for the screens: says who is signed in, and fails when told to. */
export function stubPanel(): Panel {
  const router = express.Router({ caseSensitive: true })
  router.get(['/admin', '/admin/me', '/admin/api/me'], (req, res) => {
    // as the real panel does it for AdminJS
    Object.assign(req.session, { adminUser: { email: res.locals.identity.email } })
    res.json(res.locals.identity)
  })
  router.all('/admin/api/fail', () => {
    throw new Error('column "secret_column" does not exist')
  })
  router.get('/admin/fail', () => {
    throw new Error('column "secret_column" does not exist')
  })
  return { router }
}
