import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { transferPayout } from '../../src/stripe/errands.ts'
import { cleanUp, endPrograms, untilTrue } from '../process/program.ts'
import { type Arranged, arrangements } from './arrangements.ts'
import { nextWorker, noticeDeath, startWorker } from './killed-worker.ts'
import { approved, connectInstructor, earned } from './payouts.ts'
import { type Point, POINTS } from './points.ts'
import { openStage, type Stage } from './stage.ts'

// money.md, faults 1, 2 and 29: kill -9 at each step between the phases of everything that is asked of Stripe, all of it at
// once. Whoever comes next does it, once, and the books are right to the cent.

let stage: Stage

beforeAll(async () => {
  stage = await openStage({})
  await connectInstructor(stage)
})
afterEach(endPrograms)
afterAll(async () => {
  await cleanUp()
  await stage.close()
})

const names = arrangements.map(({ job }) => job)

/** What Stripe does until the worker is dead: it keeps its hands off, or its answer to itself. */
const HELD: Partial<Record<Point, object>> = {
  'asked, not done': { kind: 'delay', delayMs: 1_500 },
  'done, not answered': { kind: 'timeout' },
}

async function killAt(point: Point, arranged: readonly Arranged[]): Promise<void> {
  const { faults } = stage.at.simulator
  const held = HELD[point]
  // the most particular address first
  const paths = arranged.map(({ path }) => path).toSorted((one, other) => other.length - one.length)
  if (held) for (const path of paths) faults.add({ path, ...held })
  const worker = startWorker(stage, names, point)
  const arrived = () =>
    held ? faults.waiting.length === 0 : names.every((name) => worker.output.includes(`${name} is at: ${point}`))
  await untilTrue(arrived, `all jobs to be: ${point}`, 60_000).catch((error: Error) => {
    throw new Error(`${error.message}; the worker said:\n${worker.output}`)
  })
  await worker.signal('SIGKILL')
  faults.clear()
}

test.each(POINTS)(
  'a worker that is killed when its jobs are "%s" leaves them to the next one, which does each once',
  async (point) => {
    const arranged = []
    for (const one of arrangements) arranged.push(await one.arrange(stage))
    await killAt(point, arranged)
    await nextWorker(stage, names)
    for (const one of arranged) expect(await one.outcome()).toEqual(one.expected)
    expect(await stage.faults()).toEqual([])
  },
  120_000,
)

test('29: workers that are killed in a batch of 50 make 50 transfers in all', async () => {
  for (let lesson = 0; lesson < 50; lesson++) await earned(stage)
  const before = stage.at.simulator.state.all('transfer').length
  const { batchId, payoutIds } = await approved(stage)
  expect(payoutIds).toHaveLength(50)
  const made = () => stage.at.simulator.state.all('transfer').length - before
  for (const enough of [8, 20, 35]) {
    await noticeDeath(stage)
    const worker = startWorker(stage, [transferPayout.name])
    await untilTrue(() => made() >= enough, `${enough} transfers`, 60_000)
    await worker.signal('SIGKILL')
    expect(made()).toBeLessThan(50)
  }
  await nextWorker(stage, [transferPayout.name])
  expect(made()).toBe(50)
  expect(await stage.row('PayoutBatch', batchId)).toMatchObject({ status: 'paid', payoutCount: 50 })
  expect(await stage.faults()).toEqual([])
}, 180_000)
