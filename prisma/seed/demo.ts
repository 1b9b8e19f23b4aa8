import type { Database } from '../../src/core/db.ts'
import { load } from './load.ts'
import { giveLogins } from './logins.ts'
import { firstStartOf } from './organisation.ts'
import { schoolId } from './school.ts'
import { demoSchools } from './schools.ts'
import { tellStory } from './story.ts'
import { verify } from './verify.ts'

export interface DemoOptions {
  readonly db: Database
  /** Where `demo-logins.json` is written. */
  readonly dataDir: string
  /** The moment the demo is set at when no school of it is there yet; later starts keep the first one's. */
  readonly now?: Date
}

/**
 * Loads the three demo schools and their sign-ins. Running it again adds and changes nothing; an interrupted run is
 * completed.
 * @throws Error when the books, the calendar or the counts of a loaded school are not right
 */
export async function seedDemo({ db, dataDir, now = new Date() }: DemoOptions): Promise<void> {
  const found = await findSchools(db)
  const firstStart = found.map(({ createdAt }) => firstStartOf(createdAt))[0] ?? now
  const schools = demoSchools.map((plan) => tellStory(plan, firstStart))
  for (const school of schools) {
    // a school opens when all of it is there
    if (found.some(({ id, status }) => id === school.id && status !== 'trial')) continue
    await load(db, school)
    await verify(db, school)
  }
  await giveLogins(db, schools, dataDir)
}

interface Found {
  id: string
  status: string
  createdAt: Date
}

async function findSchools(db: Database): Promise<Found[]> {
  const ids = demoSchools.map(({ slug }) => schoolId(slug))
  const { rows } = await db.authQuery('SELECT id, status, "createdAt" FROM "Org" WHERE id = ANY($1::uuid[])', [ids])
  return rows as Found[]
}
