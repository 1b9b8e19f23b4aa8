import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Database } from '../core/db.ts'
import type { Urls } from './database.ts'
import { addDemoOperator } from './platform-people.ts'
import { since, step } from './say.ts'

export interface LargeSize {
  readonly schools: number
  readonly bookings: number
}

/** The file with the demo's sign-ins; it is written last, so where it is the demo schools are complete. */
export const demoLogins = ({ dataDir }: Config): string => join(dataDir, 'demo-logins.json')

/** Loads the demo schools, and an operator of the platform, unless they are there. */
export async function loadDemo(config: Config, db: Database, { ownerUrl }: Urls): Promise<void> {
  if (existsSync(demoLogins(config)) && (await hasSchools(db))) {
    await addDemoOperator(ownerUrl, demoLogins(config))
    return step('demo', 'schools are there')
  }
  const begin = performance.now()
  const { seedDemo } = await import('../../prisma/seed/main.ts')
  await seedDemo({ db, dataDir: config.dataDir })
  await addDemoOperator(ownerUrl, demoLogins(config))
  step('demo', `schools loaded (${since(begin)})`)
}

/** Fills the database with made-up schools and bookings for measuring. */
export async function loadLarge(config: Config, db: Database, size: LargeSize & Urls): Promise<void> {
  const begin = performance.now()
  const { seedLarge } = await import('../../prisma/seed/main.ts')
  await seedLarge({ db, dataDir: config.dataDir, ...size })
  step('data set', `${size.schools} schools, ${size.bookings} bookings (${since(begin)})`)
}

async function hasSchools(db: Database): Promise<boolean> {
  const { rows } = await db.authQuery('SELECT EXISTS (SELECT FROM "Org") AS found')
  return rows[0]?.found === true
}
