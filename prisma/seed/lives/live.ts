import type { Context } from '../../../src/core/context.ts'
import type { Transaction } from '../../../src/core/db.ts'
import type { Booked, Setting } from '../bookings.ts'
import { lessonId } from '../lessons.ts'
import type { Model } from '../rows.ts'
import { minutesAfter, type School } from '../school.ts'
import { type Deed, deedsOf } from './deeds.ts'
import { Facts } from './facts.ts'
import { SideBySide, type Telling } from './side-by-side.ts'

/** Bookings whose lives are told in one transaction. */
const AT_ONCE = 400
const PATIENCE_MS = 120_000

export interface Lives {
  readonly bookings: readonly Booked[]
  readonly setting: Setting
}

/**
 * Lets all that happened to the bookings of a school happen, by the operations of the domain, each at its time: prices,
 * history, events and what the clock has to do are theirs. What an interrupted run left is completed.
 */
export async function live(ctx: Context, school: School, { bookings, setting }: Lives): Promise<void> {
  const inOrder = bookings.toSorted((a, b) => a.start.getTime() - b.start.getTime())
  const facts = new Facts(school.id)
  const starts = Array.from({ length: Math.ceil(inOrder.length / AT_ONCE) }, (_, index) => index * AT_ONCE)
  const worker = async (): Promise<void> => {
    for (let first = starts.shift(); first !== undefined; first = starts.shift()) {
      const part = inOrder.slice(first, first + AT_ONCE)
      await ctx.db.transaction(ctx, (tx) => tell(ctx, school, { tx, facts, part, setting }), PATIENCE_MS)
    }
  }
  // while one part waits for the database, the other thinks; no lesson of one is near a lesson of the other
  await Promise.all([worker(), worker()])
}

interface Part {
  readonly tx: Transaction
  readonly facts: Facts
  readonly part: readonly Booked[]
  readonly setting: Setting
}

async function tell(ctx: Context, school: School, { tx, facts, part, setting }: Part): Promise<void> {
  const isTold = await tx.booking.findFirst({ where: { id: part[0]!.id }, select: { id: true } })
  if (isTold) return
  await tx.$executeRawUnsafe(`SELECT set_config('enable_bitmapscan', 'off', true)`)
  const together = new SideBySide(tx, tellingOf(school, facts))
  const lives = part.map((booked) => deedsOf(booked, setting))
  const longest = Math.max(...lives.map(({ length }) => length))
  for (let round = 0; round < longest; round++) {
    const deeds = lives.flatMap((life) => life[round] ?? [])
    await Promise.all(deeds.map((deed) => act(ctx, together, deed)))
  }
}

async function act(ctx: Context, together: SideBySide, { at, by, override, ...deed }: Deed): Promise<void> {
  await deed.do({ ...ctx, ...by, ...(override ? { override } : {}), now: at, tx: together.at(at) })
}

/** How long it took until an event had been handled, in minutes. */
const HANDLED_AFTER = 0.02

function tellingOf(school: School, facts: Facts): Telling {
  return {
    facts,
    idOf: (model, row) => idOf(school, model, row),
    // what happened before the program was started has nobody waiting for it: no handler may send it again
    kept: (model, row) => {
      if (model !== 'Outbox') return row
      const handledAt = minutesAfter(row.createdAt as Date, HANDLED_AFTER)
      return { ...row, relayedAt: handledAt, processedAt: handledAt }
    },
  }
}

function idOf(school: School, model: Model, row: Readonly<Record<string, unknown>>): string {
  if (model === 'Booking') return String(row.idempotencyKey).slice('demo:'.length)
  if (model === 'Lesson') return lessonId(school, String(row.bookingId), row.startedAt as Date)
  const { bookingId, aggregateId, toStatus, topic, reason } = row
  const at = row.createdAt as Date
  const name = [model, bookingId ?? aggregateId, toStatus ?? topic, reason, at.getTime()].join('/')
  return school.newId(name, at)
}
