import { randomUUID } from 'node:crypto'
import type { Context } from '../src/core/context.ts'
import { type Database, openDatabase } from '../src/core/db.ts'
import { findSlots, type SlotSearch } from '../src/domain/availability/find-slots.ts'
import type { Bench } from './main.ts'
import { median, progress, report } from './support/figures.ts'
import { type SlotSchool, makeSlotSchool } from './support/slot-school.ts'

const DAYS = [7, 14, 30, 60] as const
const EVERY = 1_000_000

/**
 * Searches for a free slot in a school with 50 instructors and 20,000 bookings: as a person does, who is shown the sixty
 * best, and every slot there is, as for a calendar. Searches of different length take turns, so that a busy machine slows
 * down all of them.
 */
export default async function slots({ dataSet, lifecycle, rounds }: Bench): Promise<void> {
  const school = await makeSlotSchool(dataSet)
  const db = await lifecycle.begin(
    'the connection',
    () => openDatabase(school.appUrl),
    (opened) => opened.close(),
  )
  const usual = await measure(db, school, { rounds: rounds * 5 })
  const every = await measure(db, school, { rounds: rounds * 5, limit: EVERY })
  for (const days of DAYS) {
    const growth = { ratio: usual.get(days)! / usual.get(7)!, against: 'slots.7_days_ms' }
    report({ name: `slots.${days}_days_ms`, value: usual.get(days)!, unit: 'ms', ...(days > 7 ? growth : {}) })
  }
  for (const days of DAYS) {
    const growth = { ratio: every.get(days)! / every.get(7)!, against: 'slots.every_7_days_ms' }
    report({ name: `slots.every_${days}_days_ms`, value: every.get(days)!, unit: 'ms', ...(days > 7 ? growth : {}) })
  }
}

async function measure(
  db: Database,
  school: SlotSchool,
  { rounds, limit }: { rounds: number; limit?: number },
): Promise<Map<number, number>> {
  const times = new Map<number, number[]>(DAYS.map((days) => [days, []]))
  for (let round = -3; round < rounds; round++)
    for (const days of DAYS) {
      const began = performance.now()
      const { slots } = await search(db, school, { days, limit })
      // the first rounds warm up: plans, caches, the compiler
      if (round >= 0) times.get(days)!.push(performance.now() - began)
      else if (round === -1) progress(`${days} days${limit ? ', every slot' : ''}: ${slots.length} slots`)
    }
  return new Map([...times].map(([days, taken]) => [days, median(taken)]))
}

function search(
  db: Database,
  school: SlotSchool,
  { days, limit }: { days: number; limit: number | undefined },
): ReturnType<typeof findSlots> {
  const { orgId, now, serviceId, studentId, pickup } = school
  const day = (offset: number) => new Date(now.getTime() + offset * 86_400_000).toISOString().slice(0, 10)
  const wanted: SlotSearch = { serviceId, studentId, pickup, fromDay: day(1), toDay: day(days) }
  const ctx: Context = {
    db,
    orgId,
    userId: null,
    role: 'manager',
    actorKind: 'user',
    ip: null,
    requestId: randomUUID(),
    now,
  }
  return db.read(ctx, (tx) => findSlots({ ...ctx, tx }, limit ? { ...wanted, limit } : wanted))
}
