import { randomUUID } from 'node:crypto'
import type Stripe from 'stripe'
import type { UnitOfWork } from '../../src/core/unit-of-work.ts'
import { AppError } from '../../src/core/errors.ts'
import { does, hasPolicies, hoursLater, minutesLater, worksWeekdays } from '../domain/scheduling.ts'
import type { StaffRole } from '../support/school.ts'
import { type Browser, startServer } from '../support/server.ts'
import { SECRETS, signed } from '../support/stripe.ts'
import { openPump, type Pump } from './pump.ts'
import { openStage, type Stage } from './stage.ts'

/** A school in which anything may happen at any moment; what does is drawn from a seed, so that it can be walked again. */
export interface Walk extends Stage {
  readonly pump: Pump
  /** The time it is in the school; it goes on with each step. */
  clock: Date
  /** The same from a seed every time: from 0 to below 1. */
  readonly chance: () => number
  /** A whole number below `count`. */
  readonly below: (count: number) => number
  /** One of them. */
  readonly oneOf: <T>(all: readonly T[]) => T
  readonly instructors: readonly string[]
  readonly learners: readonly string[]
  /** One transaction of a person of the school, now. */
  act<T>(fn: (work: UnitOfWork) => Promise<T>, role?: StaffRole | 'clock'): Promise<T>
  /** The id of one of the rows that the condition finds, or undefined. */
  some(model: string, condition: string, values?: unknown[]): Promise<string | undefined>
  /** Posts events of Stripe that nobody has heard of yet, at most so many and in any order. @returns how many */
  hear(most: number): Promise<number>
  /** Posts one again that was heard. */
  hearAgain(): Promise<void>
}

/** A Monday morning in Brisbane. */
const START = new Date('2027-02-01T00:00:00Z')

export async function openWalk(seed: number): Promise<Walk> {
  const stage = await openStage({ retries: 0, timeoutMs: 2_000 })
  const { db, harbour, at, base } = stage
  const server = await startServer({
    db,
    panel: { router: (_req: unknown, _res: unknown, next: () => void) => next() },
  })
  await hasPolicies(harbour)
  await harbour.run(`UPDATE "Org" SET "timeZone" = 'Australia/Brisbane' WHERE id = $1 RETURNING id`, [harbour.orgId])
  const instructors = await makeInstructors(stage)
  const learners = await makeLearners(stage)
  const chance = randomFrom(seed)
  const below = (count: number) => Math.floor(chance() * count)
  const webhooks = openWebhooks(stage, server.visit(), below)
  const walk: Walk = {
    ...stage,
    ...webhooks,
    pump: await openPump(base, db),
    clock: START,
    chance,
    below,
    oneOf: (all) => all[below(all.length)]!,
    instructors,
    learners,
    act: (fn, role = 'manager') => {
      const who = role === 'clock' ? ({ actorKind: 'system' } as const) : { role }
      return does(db, harbour, fn, { ...who, now: walk.clock })
    },
    some: async (model, condition, values = []) => {
      const rows = await harbour.run(`SELECT row.id FROM "${model}" row WHERE ${condition} ORDER BY row.id`, values)
      return rows[below(rows.length)]?.id
    },
    close: async () => {
      await walk.pump.close()
      await server.close()
      await stage.close()
    },
  }
  // Stripe's clock is ours: it forgets keys after a day
  at.simulator.state.now = () => Math.floor(walk.clock.getTime() / 1000)
  // everybody has an account at which money can arrive
  for (const instructor of instructors) {
    const { id } = await at.client.accounts.create({ country: 'AU', type: 'express' })
    await harbour.change('Instructor', instructor, { stripeAccountId: id })
    await at.control('/_sim/account', { account: id })
  }
  return walk
}

/** Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

async function makeInstructors({ harbour }: Stage): Promise<string[]> {
  const ids = [harbour.instructorId]
  for (const displayName of ['Tui Parata', 'Jonas Vik', 'Amara Diallo', 'Lena Fuchs', 'Ravi Menon'])
    ids.push((await harbour.add('Instructor', { displayName })).id)
  for (const id of ids) await worksWeekdays(harbour, id)
  return ids
}

async function makeLearners({ harbour }: Stage): Promise<string[]> {
  const ids = []
  for (let number = 1; number <= 30; number++)
    ids.push((await harbour.add('Student', { fullName: `Learner ${number}`, dob: '2000-01-01' })).id)
  return ids
}

function openWebhooks({ at }: Stage, visitor: Browser, below: (count: number) => number) {
  const heard: Stripe.Event[] = []
  const waiting: Stripe.Event[] = []
  const { state } = at.simulator
  const put = state.put.bind(state)
  state.put = (kind, object, account) => {
    if (kind === 'event') waiting.push(object as Stripe.Event)
    return put(kind, object, account)
  }
  const post = async (event: Stripe.Event) => {
    const [path, secret] = event.account
      ? ['/webhooks/stripe/connect', SECRETS.connect]
      : ['/webhooks/stripe', SECRETS.platform]
    const response = await visitor(path, signed(event, { secret }))
    if (response.status !== 200) throw new Error(`${event.type} was answered with ${response.status}`)
  }
  return {
    hear: async (most: number) => {
      let posted = 0
      for (; waiting.length > 0 && posted < most; posted++) {
        const [event] = waiting.splice(below(waiting.length), 1)
        // one of five comes twice at once
        await Promise.all(Array.from({ length: below(5) === 0 ? 2 : 1 }, () => post(event!)))
        heard.push(event!)
      }
      return posted
    },
    hearAgain: async () => {
      if (heard.length > 0) await post(heard[below(heard.length)]!)
    },
  }
}

/** Half past nine on a working day at least so many days ahead, or a later hour of it. */
export function lessonTime({ clock, below }: Walk): Date {
  const slots = [0, 75, 240, 315, 390]
  for (;;) {
    const day = new Date(Date.UTC(clock.getUTCFullYear(), clock.getUTCMonth(), clock.getUTCDate() + below(4) - 1, 23))
    const startAt = minutesLater(day, slots[below(slots.length)]!)
    const weekday = hoursLater(startAt, 10).getUTCDay()
    if (weekday >= 1 && weekday <= 5 && startAt > hoursLater(clock, 2)) return startAt
  }
}

export const newKey = (): string => randomUUID()

/** What people are told instead of what they wanted; everything else is a fault. */
export const isRefusal = (error: unknown): boolean => error instanceof AppError
