import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import type { Logger } from 'pino'
import { AppError, httpStatus } from '../core/errors.ts'
import { html, page } from './page.ts'

/** A request that is turned down on purpose; `message` is a sentence for the person who made it. */
export class Refusal extends Error {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}

const SENTENCES: Readonly<Record<number, string>> = {
  400: 'The request could not be read. Go back, check what was entered and try again.',
  404: 'There is no such page. The address may be mistyped, or what it showed is gone.',
  413: 'That is too much to send at once.',
  415: 'DriveFlow cannot read that kind of data.',
  500: 'Something went wrong on our side. Try again; if it happens again, tell us the request id.',
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Not understood',
  403: 'Not allowed',
  404: 'Page not found',
  405: 'Not possible here',
  409: 'Somebody was faster',
  413: 'Too large',
  429: 'Too many attempts',
  500: 'Something went wrong',
  502: 'A service did not answer',
  503: 'Busy',
}

/** For whatever no route answered. */
export const notFound: RequestHandler = (_req, _res, next) => next(new Refusal(404, SENTENCES[404]!))

/**
 * The one place that turns an error into an answer: a sentence and the request id, never a stack.
 * @param onDenied told of what somebody may not do
 */
export function answerErrors(logger: Logger, onDenied: (req: Request, res: Response) => void): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    const refusal = toRefusal(error)
    if (refusal.status >= 500) logger.error({ requestId: res.locals.requestId, err: error }, 'request failed')
    if (refusal.status === 403) onDenied(req, res)
    // half an answer is out: only closing the connection tells the browser that it is not whole
    if (res.headersSent) return next(error)
    res.status(refusal.status).set(refusal.headers)
    answer(req, res, refusal)
  }
}

/** JSON for programs and for AdminJS's own calls, a page for people. */
export function wantsJson(req: Request): boolean {
  return /^(\/admin)?\/api([/?]|$)/i.test(req.originalUrl) || req.accepts(['html', 'json']) === 'json'
}

function answer(req: Request, res: Response, { status, message }: Refusal): void {
  const { requestId } = res.locals
  if (wantsJson(req)) {
    res.json({ message, requestId })
    return
  }
  const title = TITLES[status] ?? 'That did not work'
  const body = html`<h1>${title}</h1>
    <p>${message}</p>
    <p><a class="button" href="/admin">Back to DriveFlow</a></p>
    <p class="quiet">Request id <code>${requestId}</code></p>`
  res.send(page(title, body))
}

function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof AppError) return new Refusal(httpStatus[error.kind], error.message)
  const status = statusOf(error)
  return new Refusal(status, SENTENCES[status] ?? SENTENCES[400]!)
}

/** Express and the body parsers mark the client's mistakes with a status; everything else is ours. */
function statusOf(error: unknown): number {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500
  return status >= 400 && status < 500 ? status : 500
}
