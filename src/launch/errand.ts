import { parseArgs } from 'node:util'
import { loadConfig } from '../config.ts'
import { Problem } from '../postgres/problem.ts'
import { migrateAloud, openFor, provideServer } from './database.ts'
import { type LargeSize, loadDemo, loadLarge } from './demo.ts'
import type { Lifecycle } from './lifecycle.ts'
import { step } from './say.ts'

/** Brings the database up to date, as its owner. */
export async function migrate(lifecycle: Lifecycle): Promise<void> {
  await migrateAloud(await provideServer(loadConfig({ owner: true }), lifecycle), lifecycle)
}

/** Loads the demo schools or, when a size is given, the large data set. */
export async function seed(lifecycle: Lifecycle, args: string[]): Promise<void> {
  const size = readSize(args)
  const config = loadConfig({ owner: true })
  const urls = await provideServer(config, lifecycle)
  await migrateAloud(urls, lifecycle)
  const db = await openFor(config, urls.appUrl, lifecycle)
  await (size ? loadLarge(config, db, { ...size, ...urls }) : loadDemo(config, db, urls))
}

/** Looks for gaps in the program itself (a model without a policy, …). Throws a Problem that lists them all. */
export async function check(): Promise<void> {
  const { runChecks } = await import('../core/checks.ts')
  const gaps = await runChecks()
  if (gaps.length > 0) throw new Problem(`Gaps in the program:\n${gaps.map((gap) => `  - ${gap}`).join('\n')}`)
  step('checks', 'no gaps')
}

function readSize(args: string[]): LargeSize | null {
  try {
    const { values } = parseArgs({ args, options: { schools: { type: 'string' }, bookings: { type: 'string' } } })
    if (values.schools === undefined && values.bookings === undefined) return null
    return { schools: count(values.schools ?? '50'), bookings: count(values.bookings ?? '1000000') }
  } catch {
    throw new Problem('Usage: npm run seed, or npm run seed -- --schools 50 --bookings 1000000')
  }
}

function count(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`${text} is not a count`)
  return Number(text)
}
