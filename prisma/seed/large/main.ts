import { join } from 'node:path'
import { DateTime } from 'luxon'
import pg from 'pg'
import type { Database } from '../../../src/core/db.ts'
import { giveLogins } from '../logins.ts'
import { insertCalendar } from './calendar.ts'
import { lift, settle } from './lift.ts'
import { type LargeSchool, type LargeSize, planSchools } from './plan.ts'
import { insertSchools } from './rows.ts'

export interface LargeOptions extends LargeSize {
  readonly db: Database
  /** Where `large-logins-<schools>x<bookings>.json` is written: one manager for each school. */
  readonly dataDir: string
  /** The app's sign-in, which takes no part: it may not take anything off. */
  readonly appUrl?: string
  /** The owner of the tables: only the owner can take indexes and rules off while the rows go in. */
  readonly ownerUrl: string
}

/**
 * Makes schools with many bookings, for measuring: learners, instructors, cars, prices and bookings over two and a half
 * years; no payments, no history, and no audit rows. One transaction, in which nobody else can use these tables. The same
 * size again changes nothing; another size is another set of schools.
 * @throws Error when a rule of the database does not hold for the rows: then none of them is there
 */
export async function seedLarge({ db, dataDir, ownerUrl, ...size }: LargeOptions): Promise<void> {
  const schools = planSchools(size)
  const { rows } = await db.authQuery('SELECT 1 FROM "Org" WHERE id = $1', [schools[0]!.id])
  if (rows.length === 0) await make(ownerUrl, schools)
  await giveLogins(db, {
    file: join(dataDir, `large-logins-${size.schools}x${size.bookings}.json`),
    users: schools.map(({ managerId }) => managerId),
    people: schools.map(({ name, slug, manager, email }) => ({
      school: name,
      slug,
      role: 'manager',
      name: manager,
      email,
    })),
  })
}

async function make(ownerUrl: string, schools: readonly LargeSchool[]): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query(
      `BEGIN; SET LOCAL maintenance_work_mem = '256MB'; SET LOCAL work_mem = '128MB'; SET LOCAL timezone = 'UTC'`,
    )
    const now = new Date()
    const monday = DateTime.fromJSDate(now, { zone: 'UTC' }).startOf('week').toISODate()!
    const restore = await lift(client)
    await insertSchools(client, schools)
    await insertCalendar(client, schools, { now, monday })
    await restore()
    await client.query('COMMIT')
    await settle(client)
  } finally {
    // what has not committed is rolled back with the connection
    await client.end()
  }
}
