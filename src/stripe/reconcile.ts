import { DateTime } from 'luxon'
import { type Context, nowOf } from '../core/context.ts'
import { differenceOf } from '../domain/reconciliation/compare.ts'
import { type Booked, bookedOf, type Row, stripeIdsOf, touchedIn } from '../domain/reconciliation/ledger-side.ts'
import { type Compared, recordRun } from '../domain/reconciliation/record-run.ts'
import { recordUnplaced } from '../domain/reconciliation/record-unplaced.ts'
import { type AtStripe, listBalance, type Place, placesOf, readBalanceOf } from './balance-lines.ts'

/** How far back every night looks again, for what was late: days. */
const OVERLAP_DAYS = 4
/** What is younger may still be on its way, from Stripe to us or into the books: minutes. */
const UNDER_WAY_MINUTES = 10

interface School {
  readonly id: string
  readonly timeZone: string
  readonly lastUntil: Date | null
}

interface Window {
  readonly from: Date
  readonly until: Date
}

type Found = AtStripe & { readonly place: Place | undefined }

/**
 * Lays Stripe's balance beside the books, both ways: every night the days that are over in the school's zone and the four
 * before them, for one school also at once. Stripe is listed once for all schools. Nothing is put right.
 * @param ctx of no school
 * @param only this school, until now
 */
export async function reconcile(ctx: Context, only?: string): Promise<void> {
  const schools = await schoolsOf(ctx, only)
  const windows = new Map(schools.map((school) => [school.id, windowOf(school, nowOf(ctx), only !== undefined)]))
  if (windows.size === 0) return
  const all = [...windows.values()]
  const from = new Date(Math.min(...all.map((window) => window.from.getTime())))
  const until = new Date(Math.max(...all.map((window) => window.until.getTime())))
  const lines = await listBalance({ from, until })
  const places = await placesOf(
    ctx.db,
    lines.map(({ subject }) => subject),
  )
  const found = lines.map((line) => ({ ...line, place: places.get(line.subject) }))
  const failed: unknown[] = []
  for (const { id, timeZone } of schools) {
    const own = found.filter(({ place }) => place?.orgId === id)
    const window = { ...windows.get(id)!, timeZone }
    // what stands in the way of one school does not keep the others from their night
    await reconcileSchool({ ...ctx, orgId: id }, own, window).catch((error: unknown) => failed.push(error))
  }
  if (!only)
    await recordUnplaced(
      ctx,
      found.filter(({ place }) => !place),
      [...new Set(lines.map(({ subject }) => subject))],
    )
  if (failed.length > 0) throw new AggregateError(failed, `${failed.length} schools could not be compared`)
}

async function schoolsOf({ db }: Context, only: string | undefined): Promise<School[]> {
  const { rows } = await db.workerQuery(
    `SELECT id, "timeZone" FROM "Org" WHERE status <> 'closed' AND ($1::uuid IS NULL OR id = $1) ORDER BY id`,
    [only ?? null],
  )
  return await Promise.all(
    (rows as Omit<School, 'lastUntil'>[]).map(async (one) => ({ ...one, lastUntil: await lastUntilOf(db, one.id) })),
  )
}

/** Until where the last run came: after nights without a worker the next one begins there. */
async function lastUntilOf(db: Context['db'], orgId: string): Promise<Date | null> {
  const ctx = { db, orgId, userId: null, role: null, actorKind: 'system', ip: null, requestId: 'reconcile' } as const
  const last = await db.read(ctx, (client) =>
    client.reconciliationRun.findFirst({ where: { orgId }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] }),
  )
  return last?.coversUntil ?? null
}

function windowOf({ timeZone, lastUntil }: School, now: Date, upToNow: boolean): Window {
  const today = DateTime.fromJSDate(now, { zone: timeZone }).startOf('day')
  const usual = today.minus({ days: OVERLAP_DAYS })
  const from = lastUntil ? DateTime.min(usual, DateTime.fromJSDate(lastUntil).minus({ days: 1 })) : usual
  const until = upToNow ? DateTime.fromJSDate(now).minus({ minutes: UNDER_WAY_MINUTES }) : today
  return { from: from.toJSDate(), until: until.toJSDate() }
}

async function reconcileSchool(
  ctx: Context,
  lines: readonly Found[],
  window: Window & { timeZone: string },
): Promise<void> {
  const inside = lines.filter(({ from, until }) => until >= window.from && from < window.until)
  const { rows, again } = await rowsToLookAt(ctx, inside, window)
  const sides = await sidesOf(ctx, rows)
  const bySubject = new Map(inside.map((line) => [line.subject, line]))
  for (const { subject } of again) if (!sides.has(subject)) sides.set(subject, { row: null, booked: null })
  const compared: Compared[] = []
  for (const subject of new Set([...bySubject.keys(), ...sides.keys()])) {
    const side = sides.get(subject) ?? { row: bySubject.get(subject)?.place?.row ?? null, booked: null }
    const one = await compare(ctx, { subject, line: bySubject.get(subject) ?? null, side, window })
    const touched = bySubject.has(subject) || (side.booked !== null && side.booked.until >= window.from)
    if (one) compared.push({ ...one, isAgain: !touched })
  }
  await ctx.db.transaction(ctx, (tx) => recordRun({ ...ctx, tx }, { ...window, compared }), 60_000)
}

/** What moved at Stripe or in the books in that time, and what is open from before. */
async function rowsToLookAt(ctx: Context, inside: readonly Found[], window: Window) {
  const { touched, again } = await ctx.db.transaction(ctx, async (tx) => {
    const work = { ...ctx, tx }
    const touched = await touchedIn(work, window)
    const again = await tx.reconciliationException.findMany({
      where: { orgId: ctx.orgId, status: 'open' },
      select: { subject: true, refType: true, refId: true },
    })
    return { touched, again }
  })
  const known = again.flatMap(({ refType, refId }) => (refType && refId ? [{ refType, refId }] : []))
  // what no row knew when it was found may be known by now
  const unknown = again.flatMap(({ refId, subject }) => (refId ? [] : [subject]))
  const met = [...(await placesOf(ctx.db, unknown)).values()].flatMap(({ row }) => row ?? [])
  return { rows: [...inside.flatMap(({ place }) => place?.row ?? []), ...touched, ...known, ...met], again }
}

interface Side {
  readonly row: Row | null
  readonly booked: Booked | null
}

/** What the books say of the rows, by what they are called at Stripe. */
async function sidesOf(ctx: Context, rows: readonly Row[]): Promise<Map<string, Side>> {
  const byId = new Map(rows.map((row) => [row.refId, row]))
  const ids = [...byId.keys()]
  return await ctx.db.transaction(ctx, async (tx) => {
    const work = { ...ctx, tx }
    const booked = new Map((await bookedOf(work, ids)).map((one) => [one.refId, one]))
    const names = await stripeIdsOf(work, ids)
    return new Map([...byId].map(([id, row]) => [names.get(id) ?? id, { row, booked: booked.get(id) ?? null }]))
  })
}

interface Question {
  readonly subject: string
  readonly line: AtStripe | null
  readonly side: Side
  readonly window: Window
}

/** Where both do not agree within the time, the object is looked at as a whole, and what just moves is left to the next run. */
async function compare(ctx: Context, question: Question): Promise<Omit<Compared, 'isAgain'> | null> {
  const { subject, line, side, window } = question
  if (differenceOf(line?.sum ?? null, side.booked?.sum ?? null) === null) return comparedOf(subject, line, side)
  // what has no name at Stripe is not asked for there
  const whole = subject === side.row?.refId ? null : await readBalanceOf(subject)
  const again = side.row ? [...(await sidesOf(ctx, [side.row])).values()][0]! : side
  const moves = (at: Date | undefined) => at !== undefined && at >= window.until
  if (moves(whole?.until) || moves(again.booked?.until)) return null
  return comparedOf(subject, whole, again)
}

function comparedOf(subject: string, line: AtStripe | null, { row, booked }: Side): Omit<Compared, 'isAgain'> | null {
  const at = line?.from ?? booked?.from
  return at ? { subject, row, stripe: line?.sum ?? null, ledger: booked?.sum ?? null, at } : null
}
