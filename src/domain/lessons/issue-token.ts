import { randomBytes } from 'node:crypto'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { forbidden } from '../../core/errors.ts'
import { tokenHash } from '../../core/token-hash.ts'
import { runningLesson } from './running-lesson.ts'
import { mayTrack } from './tracking-consent.ts'

/**
 * The token with which a device sends the positions of this one lesson while it runs. It is told once: only its hash is
 * kept. A new one replaces the one before.
 * @throws AppError Conflict when the lesson does not run, Forbidden without the learner's consent
 */
export async function issueToken(work: UnitOfWork, lessonId: string): Promise<string> {
  const lesson = await runningLesson(work, lessonId)
  if (!(await mayTrack(work, lesson.studentId)))
    throw forbidden('The learner has not agreed to be tracked. Record the consent first.')
  const token = `${Buffer.from(work.orgId.replaceAll('-', ''), 'hex').toString('base64url')}.${randomBytes(32).toString('base64url')}`
  await work.tx.lesson.updateMany({
    where: { id: lessonId, orgId: work.orgId },
    data: { tokenHash: tokenHash(token) },
  })
  return token
}

const SHAPE = /^([\w-]{22})\.[\w-]{43}$/

/** The school that a token names, so that nothing is looked up across schools; null for what is no token. It proves nothing. */
export function schoolIn(token: string): string | null {
  const named = SHAPE.exec(token)?.[1]
  const digits = named && Buffer.from(named, 'base64url').toString('hex')
  return digits ? digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : null
}
