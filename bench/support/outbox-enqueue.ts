import { z } from 'zod'
import type { Context } from '../../src/core/context.ts'
import { enqueue, type Wanted } from '../../src/core/jobs.ts'
import { median, report } from './figures.ts'
import type { OutboxSchool } from './outbox-school.ts'

const WRITERS = 8
const EACH = 40
const ROUNDS = 5

const queue = (name: string, prompt: boolean): Wanted => ({ name, data: z.object({}), prompt })

/** What it costs eight writers that a worker is told of their jobs at once: transactions a second, in turn. */
export async function measureNotify(ctx: Context, school: OutboxSchool): Promise<void> {
  const rates = { quiet: [] as number[], prompt: [] as number[] }
  for (let round = 0; round <= ROUNDS; round++) {
    for (const kind of ['quiet', 'prompt'] as const) {
      const rate = await writeTogether(ctx, queue(`bench.${kind}`, kind === 'prompt'))
      // the first one makes the queues
      if (round > 0) rates[kind].push(rate)
    }
  }
  const [quiet, prompt] = [median(rates.quiet), median(rates.prompt)]
  report({ name: 'outbox.prompt_queue', value: prompt, unit: 'rows/s', ratio: prompt / quiet, against: 'no NOTIFY' })
  await school.clear()
}

async function writeTogether(ctx: Context, wanted: Wanted): Promise<number> {
  const write = async (): Promise<void> => {
    for (let turn = 0; turn < EACH; turn++)
      await ctx.db.transaction(ctx, async (tx) => void (await enqueue({ ...ctx, tx }, wanted, {})))
  }
  const begun = performance.now()
  await Promise.all(Array.from({ length: WRITERS }, write))
  return (WRITERS * EACH) / ((performance.now() - begun) / 1000)
}
