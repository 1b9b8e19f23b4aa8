import type { Request, RequestHandler, Response, Router } from 'express'
import type { Database } from '../../core/db.ts'
import { AppError, fromDatabase, httpStatus } from '../../core/errors.ts'
import { PLATFORM } from '../authentication.ts'
import { Refusal, wantsJson } from '../errors.ts'
import { readForm, textIn } from '../sign-in.ts'
import { runningOf } from './access.ts'
import { type PlatformFacts, platformPage } from './page.ts'
import { homelessEvents, schoolsNamed } from './schools.ts'

/** Sends the page; of what was refused with the sentence and what was typed. */
export async function showPlatform(
  db: Database,
  res: Response,
  shown: Pick<PlatformFacts, 'words' | 'error' | 'notice' | 'typed'>,
): Promise<void> {
  const { person } = res.locals
  const [running, schools, homeless] = await Promise.all([
    db.asAuth((query) => runningOf(query, person.userId)),
    schoolsNamed(db, shown.words),
    person.platformRole === 'operator' ? homelessEvents(db) : { count: 0, newest: [] },
  ])
  res.send(platformPage({ person, running, schools, homeless, ...shown }))
}

/** A form of the page: `act` answers where to go on. What it refuses is said on the page itself. */
export function platformForm(
  router: Router,
  db: Database,
  { path, guard, act }: { path: string; guard?: RequestHandler; act: (req: Request, res: Response) => Promise<string> },
): void {
  router.post(`${PLATFORM}/${path}`, ...(guard ? [guard] : []), readForm, async (req, res) => {
    try {
      res.redirect(303, await act(req, res))
    } catch (problem) {
      const error = problem instanceof Refusal ? problem : (fromDatabase(problem) ?? problem)
      if (!(error instanceof AppError || error instanceof Refusal) || wantsJson(req)) throw error
      res.status(error instanceof AppError ? httpStatus[error.kind] : error.status)
      await showPlatform(db, res, { words: textIn(req, 'q'), error: error.message, typed: textsOf(req) })
    }
  })
}

export const originOf = (req: Request) => ({ ip: req.ip ?? '', requestId: req.res!.locals.requestId })

const textsOf = (req: Request): Record<string, string> =>
  Object.fromEntries(Object.keys((req.body as object | undefined) ?? {}).map((name) => [name, textIn(req, name)]))
