import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Lifecycle, runToEnd } from '../src/launch/lifecycle.ts'
import { Problem } from '../src/postgres/problem.ts'
import { type DataSet, provideDataSet } from './support/data-set.ts'

/** What a benchmark, a file of this folder, is given. */
export interface Bench {
  readonly lifecycle: Lifecycle
  readonly dataSet: DataSet
  /** How often each peer is measured in turn. */
  readonly rounds: number
  /** Say where the time goes, instead of comparing. */
  readonly profile: boolean
}

export type Benchmark = (bench: Bench) => Promise<void>

const USAGE = `Usage: npm run bench [name] [-- --rows 1000000 --rounds 12 --profile]
  name       ${names().join(', ')}; all of them when there is none
  --rows     bookings in the data set; fewer for trying out
  --rounds   how often each peer is measured in turn
  --profile  where the milliseconds go, instead of a comparison`

await runToEnd(async (lifecycle) => {
  const { name, rows, rounds, profile } = readArguments()
  const dataSet = await provideDataSet(lifecycle, rows)
  for (const each of name ? [name] : names()) {
    const { default: benchmark } = (await import(`./${each}.ts`)) as { default: Benchmark }
    await benchmark({ lifecycle, dataSet, rounds, profile })
  }
})

function names(): string[] {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts') && file !== 'main.ts')
  return files.map((file) => file.replace('.ts', ''))
}

function readArguments() {
  const text = (fallback: string) => ({ type: 'string', default: fallback }) as const
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: { rows: text('1000000'), rounds: text('12'), profile: { type: 'boolean', default: false } },
    })
    const [name] = positionals
    if (positionals.length > 1 || (name && !names().includes(name))) throw new Error('no such benchmark')
    return { name, rows: count(values.rows), rounds: count(values.rounds), profile: values.profile }
  } catch {
    throw new Problem(USAGE)
  }
}

function count(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`${text} is not a count`)
  return Number(text)
}
