import { timingSafeEqual } from 'node:crypto'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import { AppError, conflict, forbidden, invalid } from '../../core/errors.ts'
import { tokenHash } from '../../core/token-hash.ts'
import { runningLesson } from './running-lesson.ts'
import { mayTrack } from './tracking-consent.ts'

export interface Point {
  /** When the car was there. */
  readonly ts: Date
  /** Degrees, WGS 84. */
  readonly lat: number
  readonly lng: number
  readonly speedKph?: number | undefined
}

interface Batch {
  readonly lessonId: string
  /** As issueToken told it. */
  readonly token: string
  readonly points: readonly Point[]
}

export const MOST_POINTS = 500
/** Eight hours, the longest lesson, at a position a second, and a little more. */
export const MOST_POINTS_OF_A_LESSON = 30_000
const FASTEST_KPH = 300
/** Clocks of phones are a little fast or slow. */
const TOLERANCE_MS = 60_000

/** Code of the refusal of a token; the same whether there is no such lesson, or the token is another's. */
export const WRONG_TOKEN = 'wrong_token'

/**
 * Positions of a lesson that runs, with the learner's consent. The same positions sent again are recorded once.
 * @returns how many were new
 * @throws AppError Forbidden for a wrong token (`WRONG_TOKEN`) or without consent, Conflict when the lesson does not run or
 *   has as many positions as one can have, Invalid
 */
export async function recordPoints(work: UnitOfWork, { lessonId, token, points }: Batch): Promise<number> {
  await requireToken(work, lessonId, token)
  const lesson = await runningLesson(work, lessonId)
  // while it waited for its turn another token may have been issued
  if (!isTokenOf(lesson, token)) throw wrongToken()
  if (!(await mayTrack(work, lesson.studentId)))
    throw forbidden('The learner has not agreed to be tracked, or has withdrawn it. Nothing was recorded.')
  requirePoints(points, { from: lesson.startedAt, to: nowOf(work) })
  const { orgId } = work
  const tripId = await openTrip(work, lesson)
  if ((await work.tx.tripPoint.count({ where: { orgId, tripId } })) + points.length > MOST_POINTS_OF_A_LESSON)
    throw conflict(`This lesson has as many positions as one can have: ${MOST_POINTS_OF_A_LESSON}.`)
  const { count } = await work.tx.tripPoint.createMany({
    data: points.map(({ ts, lat, lng, speedKph }) => {
      const place = { lat: lat.toFixed(6), lng: lng.toFixed(6), speedKph: speedKph?.toFixed(2) ?? null }
      return { orgId, tripId, ts, ...place, createdAt: nowOf(work) }
    }),
    skipDuplicates: true,
  })
  return count
}

/** Before anything is locked: who has no token makes nobody wait. */
async function requireToken(work: UnitOfWork, lessonId: string, token: string): Promise<void> {
  const lesson = await work.tx.lesson.findFirst({
    where: { id: lessonId, orgId: work.orgId, org: { status: { in: ['trial', 'active'] } } },
    select: { tokenHash: true },
  })
  if (!lesson || !isTokenOf(lesson, token)) throw wrongToken()
}

const wrongToken = (): AppError =>
  new AppError('Forbidden', 'This token is not valid for this lesson. Ask your school for a new one.', {
    code: WRONG_TOKEN,
  })

function isTokenOf({ tokenHash: expected }: { tokenHash: string | null }, token: string): boolean {
  return expected !== null && timingSafeEqual(Buffer.from(expected), Buffer.from(tokenHash(token)))
}

function requirePoints(points: readonly Point[], { from, to }: { from: Date; to: Date }): void {
  if (points.length === 0 || points.length > MOST_POINTS)
    throw invalid(`Send 1 to ${MOST_POINTS} positions at once.`, 'points')
  points.forEach(({ ts, lat, lng, speedKph = 0 }, index) => {
    const field = `points.${index}`
    const time = ts.getTime()
    if (!(Math.abs(lat) <= 90 && Math.abs(lng) <= 180))
      throw invalid('Latitude is from -90 to 90 and longitude from -180 to 180.', field)
    if (!(speedKph >= 0 && speedKph <= FASTEST_KPH))
      throw invalid(`The speed is from 0 to ${FASTEST_KPH} kilometres an hour.`, field)
    if (!(time >= from.getTime() - TOLERANCE_MS && time <= to.getTime() + TOLERANCE_MS))
      throw invalid('A position is from the time of the lesson: not before its start, not in the future.', field)
  })
}

/** A lesson has one trip, from its first position on. */
async function openTrip(work: UnitOfWork, lesson: { id: string; startedAt: Date }): Promise<string> {
  const open = { orgId: work.orgId, lessonId: lesson.id, endedAt: null }
  const trip =
    (await work.tx.trip.findFirst({ where: open, select: { id: true } })) ??
    (await work.tx.trip.create({
      data: { orgId: work.orgId, lessonId: lesson.id, startedAt: lesson.startedAt, createdAt: nowOf(work) },
      select: { id: true },
    }))
  return trip.id
}
