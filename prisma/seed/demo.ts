import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { OrgRole } from '@prisma/client'
import type { Database } from '../../src/core/db.ts'
import { load, open } from './load.ts'
import { giveLogins, type Person } from './logins.ts'
import { firstStartOf } from './organisation.ts'
import { type School, schoolId } from './school.ts'
import { demoSchools } from './schools.ts'
import { type Story, tellStory } from './story.ts'
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
  const file = join(dataDir, 'demo-logins.json')
  const found = await findSchools(db)
  const isOpen = found.filter(({ status }) => status !== 'trial').map(({ id }) => id)
  if (isOpen.length === demoSchools.length && existsSync(file)) return
  const firstStart = found.map(({ createdAt }) => firstStartOf(createdAt))[0] ?? now
  const stories = demoSchools.map((plan) => tellStory(plan, firstStart))
  await Promise.all(stories.filter(({ school }) => !isOpen.includes(school.id)).map((story) => bring(db, story)))
  const schools = stories.map(({ school }) => school)
  const users = schools.flatMap((school) => school.rows.of('User').map(({ id }) => id!))
  await giveLogins(db, { file, users, people: schools.flatMap(onePersonPerRole) })
}

async function bring(db: Database, story: Story): Promise<void> {
  await load(db, story)
  await verify(db, story)
  await open(db, story.school)
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

/** Everybody of the office, and the first instructor and learner. */
function onePersonPerRole({ plan, rows }: School): Person[] {
  const users = new Map(rows.of('User').map((user) => [user.id!, user]))
  const roles = new Set<OrgRole>()
  return rows.of('UserOrg').flatMap(({ userId, role }) => {
    if (roles.has(role)) return []
    roles.add(role)
    const { fullName, email } = users.get(userId)!
    return [{ school: plan.name, slug: plan.slug, role, name: fullName, email }]
  })
}
