import type { Request, RequestHandler } from 'express'
import { Refusal } from './errors.ts'

const WITHOUT_EFFECT = new Set(['GET', 'HEAD'])

/**
 * Refuses requests with effect that another site made a browser send. A browser says where a request comes from in
 * Sec-Fetch-Site, which no page can change; older ones in Origin. What sends neither is no browser, so it has no
 * cookies that somebody else could misuse: Stripe's webhooks and command line tools pass.
 */
export function refuseCrossSite(appUrl: string): RequestHandler {
  const ours = new URL(appUrl).origin
  return (req, _res, next) => {
    if (WITHOUT_EFFECT.has(req.method) || isSameOrigin(req, ours)) return next()
    next(
      new Refusal(
        403,
        'This request came from another website, so it was not carried out. Open DriveFlow and try again.',
      ),
    )
  }
}

function isSameOrigin(req: Request, ours: string): boolean {
  const site = req.headers['sec-fetch-site']
  // `none` is the person, not a page: a reload, a bookmark
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const origin = req.headers.origin
  if (origin === undefined || origin === ours) return true
  // the demo is also reached by its other names (localhost, 127.0.0.1, a forwarded port)
  return URL.canParse(origin) && new URL(origin).host === req.headers.host
}
