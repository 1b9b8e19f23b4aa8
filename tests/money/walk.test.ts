import { Stripe } from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NoAnswer } from '../../src/stripe/ask.ts'
import { reconcile } from '../../src/stripe/reconcile.ts'
import { hoursLater, minutesLater } from '../domain/scheduling.ts'
import { workerOf } from '../support/stripe.ts'
import { storyOf } from './story.ts'
import { isRefusal, openWalk, type Walk } from './walk.ts'
import { type Step, steps } from './walk-steps.ts'

// Whatever happens, in whatever order, as often as it likes: not one cent is lost or doubled.

const SEED = Number(process.env.WALK_SEED ?? 20261123)
const STEPS = Number(process.env.WALK_STEPS ?? 2_000)
const LOOK_EVERY = 100

let walk: Walk
beforeAll(async () => {
  walk = await openWalk(SEED)
})
afterAll(() => walk.close())

const ways = steps.flatMap((step) => Array.from({ length: step.often }, () => step))
/** What was done, what it was refused with, and when. */
const told: string[] = []
const done = new Map<string, { done: number; refused: number }>()

async function take(step: Step): Promise<void> {
  const { name } = step
  walk.clock = minutesLater(walk.clock, walk.below(16))
  const count = done.get(name) ?? { done: 0, refused: 0 }
  done.set(name, count)
  try {
    await step.run(walk)
    count.done++
    told.push(`${walk.clock.toISOString()} ${name}`)
  } catch (error) {
    if (!isRefusal(error)) throw new Error(`${name} failed`, { cause: error })
    count.refused++
    told.push(`${walk.clock.toISOString()} ${name}: ${String(error)}`)
  }
}

/** Everything that waits is done: all events are heard, all jobs end; what stays a fault at Stripe is looked for after a day. */
async function comeToRest(): Promise<void> {
  walk.at.simulator.faults.clear()
  const { pump, below } = walk
  for (let round = 1; round <= 12; round++) {
    const heard = await walk.hear(Infinity)
    const worked = await pump.run({ now: walk.clock, most: Infinity, pick: below, again: () => false })
    if (heard + worked === 0) return
    if (round % 4 === 0) walk.clock = hoursLater(walk.clock, 21)
  }
}

/** What a job may fail with, to be tried again: Stripe is in trouble, an event is early, somebody was faster. */
const isAwaited = (error: unknown): boolean =>
  error instanceof NoAnswer ||
  error instanceof Stripe.errors.StripeRateLimitError ||
  error instanceof Stripe.errors.StripeConnectionError ||
  isRefusal(error) ||
  String(error).includes('No row of any school')

test(`${STEPS} things happen (seed ${SEED}), and the books are right to the cent`, async () => {
  for (let number = 1; number <= STEPS; number++) {
    try {
      await take(walk.oneOf(ways))
      if (number % LOOK_EVERY > 0 && number < STEPS) continue
      await comeToRest()
      const faults = await walk.faults()
      if (faults.length > 0) throw new Error([...faults, await storyOf(walk.base, faults)].join('\n'))
      const strange = walk.pump.failures.filter(({ error }) => !isAwaited(error))
      expect(strange.map(({ job, error }) => `${job}: ${String(error)}`)).toEqual([])
    } catch (error) {
      const last = told.slice(-LOOK_EVERY - 5).join('\n')
      throw new Error(`Seed ${SEED}, step ${number}: ${String(error)}\nThe last that happened:\n${last}`, {
        cause: error,
      })
    }
  }
  // the program's own comparison finds nothing either
  await reconcile({ ...workerOf(walk.db), now: hoursLater(walk.clock, 48) })
  expect(await walk.harbour.run('SELECT kind::text, description FROM "ReconciliationException"')).toEqual([])
  // all of it was possible
  const never = [...done].filter(([, count]) => count.done === 0).map(([name]) => name)
  expect(STEPS < 2_000 ? [] : never).toEqual([])
}, 600_000)
