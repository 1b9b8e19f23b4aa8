import { randomBytes } from 'node:crypto'
import type { RequestHandler, Response } from 'express'
import helmet from 'helmet'
import './locals.ts'

const TWO_YEARS_IN_SECONDS = 63_072_000
const UNUSED_FEATURES =
  'accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), ' +
  'microphone=(), midi=(), payment=(), publickey-credentials-get=(self), usb=()'

/**
 * What every answer tells the browser: nothing from other hosts, no script without this answer's nonce
 * (`res.locals.nonce`), no framing, nothing stored. Static files replace Cache-Control by their own.
 */
export function securityHeaders(appUrl: string): RequestHandler {
  const https = appUrl.startsWith('https:')
  const protect = helmet({
    contentSecurityPolicy: contentSecurityPolicy(https),
    strictTransportSecurity: https && { maxAge: TWO_YEARS_IN_SECONDS, includeSubDomains: false },
    // not no-referrer: with it browsers send `Origin: null` with our own forms
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  })
  return (req, res, next) => {
    res.locals.nonce = randomBytes(16).toString('base64')
    res.setHeader('Cache-Control', 'no-store')
    res.setHeader('Permissions-Policy', UNUSED_FEATURES)
    protect(req, res, next)
  }
}

/**
 * AdminJS's production bundles need no unsafe-eval: their `Function('return this')` is reached only in browsers without
 * globalThis. Its styled-components do need inline styles.
 */
function contentSecurityPolicy(https: boolean) {
  return {
    useDefaults: false as const,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'", (_req: unknown, res: unknown) => `'nonce-${(res as Response).locals.nonce}'`],
      scriptSrcAttr: ["'none'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      fontSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      manifestSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
      objectSrc: ["'none'"],
      ...(https && { upgradeInsecureRequests: [] }),
    },
  }
}
