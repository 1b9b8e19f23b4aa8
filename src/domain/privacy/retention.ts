import { type Context, nowOf } from '../../core/context.ts'
import { type Field, modelOf } from '../../core/schema.ts'
import { monthsBefore } from '../../core/time.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { isWord, personalIn } from '../../core/personal-data.ts'

/** Positions in one transaction: few enough that nobody waits for it. */
const POINTS_AT_ONCE = 5_000
/** Lessons in one; each has a handful of messages and dozens of audit rows. */
const LESSONS_AT_ONCE = 100
/** What one run does at the most; the next night goes on. */
const MOST_ROUNDS = 200

/** What a school keeps no longer, of one kind. */
export interface Expired {
  readonly count: number
  /** Null when there is none. */
  readonly oldest: Date | null
}

export interface RetentionPreview {
  readonly gpsRetentionDays: number
  readonly lessonRecordRetentionYrs: number
  /** Positions and lesson records before these are not kept. */
  readonly pointsBefore: Date
  readonly recordsBefore: Date
  readonly points: Expired
  /** Positions of learners who have withdrawn their consent, however young. */
  readonly withdrawn: Expired
  /** Lessons with words, places or messages that are older than lesson records are kept. */
  readonly records: Expired
}

/** What a run of now would take out. */
export async function foretellRetention(work: UnitOfWork): Promise<RetentionPreview> {
  const limits = await limitsOf(work)
  const { pointsBefore, recordsBefore } = limits
  const points = `FROM "TripPoint" p WHERE p."orgId" = $1::uuid AND `
  return {
    ...limits,
    points: await expired(work, 'p.ts', `${points} p.ts < $2`, pointsBefore),
    withdrawn: await expired(work, 'p.ts', `${points} p.ts >= $2 AND p."tripId" IN (${WITHDRAWN})`, pointsBefore),
    records: await expired(work, 'b."endAt"', `FROM "Booking" b WHERE ${hasWords()}`, recordsBefore),
  }
}

async function limitsOf(work: UnitOfWork) {
  const { gpsRetentionDays, lessonRecordRetentionYrs } = await work.tx.orgSettings.findFirstOrThrow({
    where: { orgId: work.orgId },
    select: { gpsRetentionDays: true, lessonRecordRetentionYrs: true },
  })
  const now = nowOf(work)
  return {
    gpsRetentionDays,
    lessonRecordRetentionYrs,
    pointsBefore: new Date(now.getTime() - gpsRetentionDays * 86_400_000),
    recordsBefore: monthsBefore(now, lessonRecordRetentionYrs * 12),
  }
}

async function expired({ orgId, tx }: UnitOfWork, at: string, from: string, before: Date): Promise<Expired> {
  const [row] = await tx.$queryRawUnsafe<Expired[]>(
    `SELECT count(*)::int AS count, min(${at}) AS oldest ${from.replaceAll('$2', '$2::timestamptz')}`,
    orgId,
    before,
  )
  return row!
}

/** Trips of learners whose last word on tracking is no; one that comes into force later counts from then on. */
const WITHDRAWN = `SELECT t.id FROM "Trip" t JOIN "Lesson" l ON l.id = t."lessonId"
  WHERE t."orgId" = $1::uuid AND (SELECT NOT c.granted FROM "Consent" c WHERE c."studentId" = l."studentId" AND c."orgId" = $1::uuid
    AND c.kind = 'gps_tracking' AND c."effectiveAt" <= now() ORDER BY c."effectiveAt" DESC, c.id DESC LIMIT 1)`

/** A lesson of the school, over before `$2`, of which more than times and amounts is left. */
function hasWords(): string {
  const left = (model: string, alias: string) => {
    const { personal } = personalIn(modelOf(model))
    const some = ({ name, type }: Field) =>
      type === 'String' ? `${alias}."${name}" NOT LIKE '[removed]%'` : `${alias}."${name}" IS NOT NULL`
    const fields = modelOf(model).fields.filter((field) => personal.includes(field.name) && isWord(field))
    // JSON keeps its codes, so whether there is any does not tell
    return `(${fields
      .filter(({ type }) => type !== 'Json')
      .map(some)
      .join(' OR ')})`
  }
  return `b."orgId" = $1::uuid AND b."startAt" < $2 AND b."endAt" < $2 AND (${left('Booking', 'b')}
    OR EXISTS (SELECT FROM "Lesson" l WHERE l."bookingId" = b.id AND ${left('Lesson', 'l')})
    OR EXISTS (SELECT FROM "Message" m WHERE m."bookingId" = b.id AND ${left('Message', 'm')})
    OR EXISTS (SELECT FROM "LessonStateHistory" h WHERE h."bookingId" = b.id AND ${left('LessonStateHistory', 'h')}))`
}

export interface Purged {
  readonly points: number
  readonly records: number
}

/**
 * Takes out what the school keeps no longer: positions by their age and of who withdrew, words and places of old lessons.
 * In many small transactions, so that it can be stopped and begun again; what it did is in the audit log.
 */
export async function purgeExpired(ctx: Context): Promise<Purged> {
  const inside = <T>(fn: (work: UnitOfWork) => Promise<T>) =>
    ctx.db.transaction(ctx, (tx) => fn({ ...ctx, tx }), TRANSACTION_MS)
  const { pointsBefore, recordsBefore, gpsRetentionDays } = await inside(limitsOf)
  const points = await inRounds(() => inside((work) => deletePoints(work, pointsBefore)), POINTS_AT_ONCE)
  const records = await inRounds(() => inside((work) => emptyLessons(work, recordsBefore)), LESSONS_AT_ONCE)
  if (points + records > 0)
    await inside((work) =>
      recordPurge(work, { points, lessons: records, pointsBefore, recordsBefore, gpsRetentionDays }),
    )
  return { points, records }
}

const TRANSACTION_MS = 60_000

async function inRounds(round: () => Promise<number>, atOnce: number): Promise<number> {
  let total = 0
  for (let turn = 0; turn < MOST_ROUNDS; turn++) {
    const done = await round()
    total += done
    if (done < atOnce) break
  }
  return total
}

async function deletePoints({ orgId, tx }: UnitOfWork, before: Date): Promise<number> {
  const [row] = await tx.$queryRawUnsafe<{ count: number }[]>(
    `WITH old AS (
       (SELECT id FROM "TripPoint" WHERE "orgId" = $1::uuid AND ts < $2::timestamptz ORDER BY ts LIMIT ${POINTS_AT_ONCE})
       UNION (SELECT id FROM "TripPoint" WHERE "orgId" = $1::uuid AND "tripId" IN (${WITHDRAWN}) LIMIT ${POINTS_AT_ONCE})),
     gone AS (DELETE FROM "TripPoint" p USING (SELECT id FROM old LIMIT ${POINTS_AT_ONCE}) o WHERE p.id = o.id RETURNING p."tripId"),
     -- this statement still sees the points that it deletes
     emptied AS (UPDATE "Trip" t SET "purgedAt" = now() FROM (SELECT "tripId", count(*) AS n FROM gone GROUP BY 1) g
       WHERE t.id = g."tripId" AND t."purgedAt" IS NULL
         AND g.n = (SELECT count(*) FROM "TripPoint" p WHERE p."tripId" = t.id) RETURNING t.id)
     SELECT count(*)::int AS count FROM gone`,
    orgId,
    before,
  )
  return row!.count
}

async function emptyLessons({ orgId, tx }: UnitOfWork, before: Date): Promise<number> {
  const bookings = await tx.$queryRawUnsafe<{ id: string }[]>(
    `SELECT b.id FROM "Booking" b WHERE ${hasWords().replaceAll('$2', '$2::timestamptz')} ORDER BY b."startAt" LIMIT ${LESSONS_AT_ONCE}`,
    orgId,
    before,
  )
  if (bookings.length === 0) return 0
  const ids = bookings.map(({ id }) => id)
  const rows = [{ model: 'Booking', ids, columns: personalIn(modelOf('Booking')).personal }]
  for (const model of ['Lesson', 'Message', 'LessonStateHistory']) {
    const found = await tx.$queryRawUnsafe<{ id: string }[]>(
      `SELECT id FROM "${model}" WHERE "orgId" = $1::uuid AND "bookingId" = ANY ($2::uuid[])`,
      orgId,
      ids,
    )
    rows.push({ model, ids: found.map(({ id }) => id), columns: personalIn(modelOf(model)).personal })
  }
  await tx.$queryRawUnsafe('SELECT audit.redact_expired($1::jsonb)::text', JSON.stringify({ rows }))
  return ids.length
}

async function recordPurge(work: UnitOfWork, details: object): Promise<void> {
  const { orgId, userId, ip, requestId, tx } = work
  await tx.$executeRawUnsafe(
    `SELECT audit_event($1::uuid, $2::uuid, 'retention.purge', $3, $4, 'OrgSettings', $5, NULL, $6::jsonb)`,
    orgId,
    userId,
    ip,
    requestId,
    orgId,
    JSON.stringify(details),
  )
}
