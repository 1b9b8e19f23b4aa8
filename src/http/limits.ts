import type { RequestHandler } from 'express'
import { Refusal } from './errors.ts'

/** The largest body of any request, in bytes; the sign-in forms have a smaller one of their own. */
export const MAX_BODY_BYTES = 1_048_576

/** The largest file that can be imported. */
const MAX_FILE_BYTES = 10 * 1_048_576
const IMPORT = /^\/admin\/api\/panel\/import\/\w+$/
const FILE_TOO_LARGE = 'This file is larger than 10 MB. Split it into several files, and import one after the other.'

const METHODS = new Set(['GET', 'HEAD', 'POST'])

/**
 * What is refused before a session is looked up or a byte of the body is parsed: other methods, and bodies that are
 * too large or do not say how large they are.
 */
export const refuseOutOfLimits: RequestHandler = (req, _res, next) => {
  const allowed = isPanel(req.path) ? 'GET, POST' : 'GET, HEAD, POST'
  if (!METHODS.has(req.method) || (req.method === 'HEAD' && isPanel(req.path))) {
    return next(new Refusal(405, `${req.method} is not possible here.`, { Allow: allowed }))
  }
  if (req.headers['transfer-encoding'] !== undefined) {
    return next(new Refusal(411, 'The request does not say how large it is.'))
  }
  const bytes = Number(req.headers['content-length'] ?? 0)
  if (IMPORT.test(req.path)) {
    if (bytes > MAX_FILE_BYTES) return next(new Refusal(413, FILE_TOO_LARGE, { Connection: 'close' }))
  } else if (bytes > MAX_BODY_BYTES) {
    return next(new Refusal(413, 'That is too much to send at once: the limit is 1 MB.'))
  }
  next()
}

/** AdminJS takes every method for every action: a HEAD request would delete a record. */
const isPanel = (path: string): boolean => /^\/admin(\/(?!login$)|$)/i.test(path)
