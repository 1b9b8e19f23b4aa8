import { Database, openDatabase } from '../../src/core/db.ts'
import { panelRoles } from '../../src/core/permissions.ts'
import { TenantPool } from '../../src/core/tenant-pool.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type TestServer, startServer } from '../support/server.ts'
import type { Attack } from './cases.ts'
import { type Expectations, expectations } from './expectations.ts'
import { type CanarySchool, type Fixtures, type Snapshot, twoSchools } from './fixtures.ts'
import { type Oracles, createOracles } from './oracles.ts'
import { type Wire, openWire } from './wire.ts'

/** Two schools behind a running server, with somebody of every role signed in. */
export interface Harness {
  readonly database: TestDatabase
  readonly fixtures: Fixtures
  readonly db: Database
  readonly server: TestServer
  readonly wire: Wire
  readonly expected: Expectations
  /** One per role of the panel, strongest first, against the other school. */
  readonly ofKoala: readonly Attack[]
  readonly ofQuokka: readonly Attack[]
  readonly oracles: (stored: Snapshot) => Oracles
  /** Signs in and returns the cookie. */
  readonly signIn: (email: string) => Promise<string>
  /** Counts again what each school has, after a test has added or deleted. */
  readonly recount: () => Promise<void>
  readonly close: () => Promise<void>
}

interface Options {
  /** Connects as a superuser, whom no policy and no grant binds. */
  policiesOff?: boolean
}

export async function openHarness({ policiesOff = false }: Options = {}): Promise<Harness> {
  const database = await cloneDatabase()
  const fixtures = await twoSchools(database)
  const expected = await expectations()
  const db = policiesOff ? new Database(new TenantPool(database.superuserUrl, 10)) : await openDatabase(database.url)
  const server = await startServer({ db })
  const wire = openWire(server.url)
  const signIn = async (email: string) => {
    const browser = await server.signIn(email)
    return [...browser.cookies].map((pair) => pair.join('=')).join('; ')
  }
  const { koala, quokka } = fixtures
  let owned = new Map<string, number>()
  const attacks = async (school: CanarySchool, other: CanarySchool): Promise<Attack[]> => {
    const cookies = await Promise.all(panelRoles.map((role) => signIn(school.staff[role].email)))
    return panelRoles.map((role, n) => {
      const actor = { name: `${role} of ${school.token}`, role, school, cookie: cookies[n]! }
      return { actor, other, expected, owned: (model) => owned.get(`${school.orgId} ${model}`) ?? 0 }
    })
  }
  const [ofKoala, ofQuokka] = [await attacks(koala, quokka), await attacks(quokka, koala)]
  owned = await countOwned(fixtures)
  return {
    database,
    fixtures,
    db,
    server,
    wire,
    expected,
    ofKoala,
    ofQuokka,
    oracles: (stored) => createOracles([koala, quokka], stored, expected),
    signIn,
    recount: async () => void (owned = await countOwned(fixtures)),
    close: async () => {
      wire.close()
      await server.close()
      await db.close()
      await fixtures.close()
      await database.drop()
    },
  }
}

/** Rows of each school and model; people of both schools count in each. */
async function countOwned({ snapshot }: Fixtures): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  const count = (orgId: unknown, model: string) =>
    counts.set(`${String(orgId)} ${model}`, (counts.get(`${String(orgId)} ${model}`) ?? 0) + 1)
  const members = new Set<string>()
  for (const [key, { orgId, values }] of await snapshot()) {
    const model = key.split(' ')[0]!
    if (model === 'UserOrg') members.add(`${String(values.orgId)} ${String(values.userId)}`)
    if (model !== 'User' && orgId !== null) count(orgId, model)
  }
  for (const member of members) count(member.split(' ')[0], 'User')
  return counts
}
