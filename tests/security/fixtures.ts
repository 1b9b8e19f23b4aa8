import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { type PanelRole, panelRoles } from '../../src/core/permissions.ts'
import { type Model, fieldOf, modelOf, models } from '../../src/core/schema.ts'
import type { TestDatabase } from '../support/database.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'
import { type Canary, type Values, canaryOf, columnTo, inOrderOfReference, ownParents, rowOf } from './rows.ts'

/** A school whose every text says whose it is. */
export interface CanarySchool {
  readonly orgId: string
  /** Stands in every text of this school and in no other. */
  readonly token: string
  readonly canary: Canary
  /** One person per role of the panel, with the e-mail address to sign in. */
  readonly staff: Readonly<Record<PanelRole, { id: string; email: string }>>
  /** Ids of the rows of each model, oldest first. */
  readonly made: Record<string, string[]>
  /** Those of the beginning: no test takes them away, so that further rows may point at them. */
  readonly base: Record<string, string[]>
}

export interface Fixtures {
  readonly koala: CanarySchool
  readonly quokka: CanarySchool
  /** Admin of both schools, under a name that is neither's. */
  readonly shared: { id: string; email: string }
  /** Adds a row to a school as nobody's policy would stop it. */
  readonly add: (school: CanarySchool, model: string) => Promise<string>
  /** Everything in the database, by model and id. */
  readonly snapshot: () => Promise<Snapshot>
  readonly query: (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>
  readonly close: () => Promise<void>
}

export interface StoredRow {
  /** Null for what belongs to no school, and for people of both. */
  readonly orgId: string | null
  readonly values: Values
}
export type Snapshot = ReadonlyMap<string, StoredRow>

/** Stands in texts that no school may ever see: an event without a school. */
export const PLATFORM_TOKEN = 'wombat9e1d'

/** Rows of each model: the schools differ, so that a count that adds them up shows. Even, so that ledgers balance. */
const ROWS = { koala: 2, quokka: 4 } as const

/** Two schools with rows of every model and the staff of all roles, in an empty, migrated database. */
export async function twoSchools(database: TestDatabase): Promise<Fixtures> {
  // as a superuser: some rows nobody else may write, such as tokens, seals and incoming events
  const client = new pg.Client({ connectionString: database.superuserUrl })
  await client.connect()
  const query: Fixtures['query'] = async (text, values = []) => (await client.query(text, values)).rows
  const insert = inserter(query)
  const koala = await fill(insert, query, { token: 'koala3c8b', rows: ROWS.koala })
  const quokka = await fill(insert, query, { token: 'quokka7f3a', rows: ROWS.quokka })
  const shared = await employShared(insert, query, [koala, quokka])
  await addPlatformEvent(insert)
  return {
    koala,
    quokka,
    shared,
    add: (school, model) => addRow(insert, query, school, modelOf(model)),
    snapshot: () => takeSnapshot(query, [koala.orgId, quokka.orgId]),
    query,
    close: () => client.end(),
  }
}

type Query = Fixtures['query']
type Insert = ReturnType<typeof inserter>

function inserter(query: Query) {
  return async (model: string, values: Values): Promise<string> => {
    const keys = Object.keys(values)
    const columns = keys.map((key) => `"${key}"`).join(', ')
    const places = keys.map((_, index) => `$${index + 1}`).join(', ')
    const text = `INSERT INTO "${model}" (${columns}) VALUES (${places}) RETURNING id`
    const [row] = await query(text, Object.values(values)).catch((error: Error) => {
      throw new Error(`the fixtures cannot fill ${model}: ${error.message}`, { cause: error })
    })
    return row!.id as string
  }
}

async function fill(insert: Insert, query: Query, { token, rows }: { token: string; rows: number }) {
  const orgId = randomUUID()
  const canary = canaryOf(token)
  const made: Record<string, string[]> = {}
  const school = {
    orgId,
    token,
    canary,
    made,
    base: made,
    staff: {} as Record<PanelRole, { id: string; email: string }>,
  }
  await query('BEGIN')
  await query(`SELECT set_config('app.org_id', $1, true), set_config('app.request_id', $2, true)`, [orgId, token])
  await insert('Org', { ...orgColumns(canary), id: orgId })
  made.Org = [orgId]
  await employStaff(insert, school)
  for (const model of inOrderOfReference().filter(({ name }) => name !== 'Org' && name !== 'UserOrg')) {
    const count = model.name === 'OrgSettings' ? 1 : rows
    for (let n = 0; n < count; n++) await addTo(insert, school, model)
  }
  await query('COMMIT')
  return { ...school, base: structuredClone(made) }
}

const orgColumns = (canary: Canary): Values => ({ name: canary('Org.name', 0), abn: canary('Org.abn', 0) })

async function employStaff(insert: Insert, school: CanarySchool): Promise<void> {
  const { token, canary, orgId, made } = school
  for (const [n, role] of panelRoles.entries()) {
    const email = `${role}@${token}.example.test`
    const [fullName, phone] = [canary('User.fullName', n), canary('User.phone', n)]
    const externalId = canary('User.externalId', n)
    const id = await insert('User', { email, fullName, phone, externalId, password: TEST_PASSWORD_HASH })
    Object.assign(school.staff, { [role]: { id, email } })
    ;(made.User ??= []).push(id)
    ;(made.UserOrg ??= []).push(await insert('UserOrg', { orgId, userId: id, role }))
  }
}

/** One more row of the model; `values` replace what the generator would write. */
async function addTo(insert: Insert, school: CanarySchool, model: Model, values: Values = {}): Promise<string> {
  const { made, base, canary, orgId } = school
  const rows = (made[model.name] ??= [])
  const tenant = fieldOf(model, 'orgId') ? { orgId } : {}
  const id = await insert(model.name, { ...rowOf(model, rows.length, base, canary), ...tenant, ...values })
  rows.push(id)
  // a person is seen by a school as soon as they have a role in it; learners never see the panel
  if (model.name === 'User') made.UserOrg!.push(await insert('UserOrg', { orgId, userId: id, role: 'student' }))
  return id
}

async function addRow(insert: Insert, query: Query, school: CanarySchool, model: Model): Promise<string> {
  await query('BEGIN')
  try {
    await query(`SELECT set_config('app.org_id', $1, true)`, [school.orgId])
    const id = await addWithParents(insert, school, model)
    await query('COMMIT')
    return id
  } catch (error) {
    await query('ROLLBACK')
    throw error
  }
}

async function addWithParents(insert: Insert, school: CanarySchool, model: Model): Promise<string> {
  const parent = ownParents[model.name]
  if (!parent) return await addTo(insert, school, model)
  const id = await addWithParents(insert, school, modelOf(parent))
  return await addTo(insert, school, model, { [columnTo(model, parent)]: id })
}

async function employShared(insert: Insert, query: Query, schools: CanarySchool[]) {
  const email = 'shared@both.example.test'
  const id = await insert('User', { email, fullName: 'Person of both', password: TEST_PASSWORD_HASH })
  for (const { orgId } of schools) {
    await query('BEGIN')
    await query(`SELECT set_config('app.org_id', $1, true)`, [orgId])
    await insert('UserOrg', { orgId, userId: id, role: 'admin' })
    await query('COMMIT')
  }
  return { id, email }
}

async function addPlatformEvent(insert: Insert): Promise<void> {
  const values = rowOf(modelOf('WebhookEvent'), 0, { User: [] }, canaryOf(PLATFORM_TOKEN))
  await insert('WebhookEvent', { ...values, orgId: null })
}

/** All rows of all models with their row version: an UPDATE that changes nothing shows as well. */
async function takeSnapshot(query: Query, orgIds: string[]): Promise<Snapshot> {
  const one = (model: Model) =>
    `SELECT '${model.name}' AS model, t.id::text, ${ownerOf(model)}::text AS "orgId",
            to_jsonb(t) || jsonb_build_object('xmin', t.xmin::text) AS values FROM "${model.name}" t${unlessLookedAt(model)}`
  const rows = await query([...models.values()].map(one).join(' UNION ALL '), [])
  return new Map(
    rows.map((row) => {
      const orgId = orgIds.find((id) => id === row.orgId) ?? null
      return [`${String(row.model)} ${String(row.id)}`, { orgId, values: row.values as Values }]
    }),
  )
}

/** That somebody looked, or was refused, is written a moment later, and is no change of the school. */
const unlessLookedAt = ({ name }: Model): string =>
  name === 'AuditLog' ? ` WHERE action NOT IN ('personal-data.viewed', 'access.denied')` : ''

function ownerOf(model: Model): string {
  const onlySchool = (person: string) =>
    `(SELECT CASE WHEN count(DISTINCT m."orgId") = 1 THEN min(m."orgId"::text) END FROM "UserOrg" m WHERE m."userId" = ${person})`
  if (fieldOf(model, 'orgId')) return 't."orgId"'
  if (model.name === 'Org') return 't.id'
  return onlySchool(model.name === 'User' ? 't.id' : 't."userId"')
}

/** What differs between two snapshots: `Student 019…: fullName`, `Student 019… is gone`. */
export function changes(before: Snapshot, after: Snapshot, counts: (row: StoredRow) => boolean = () => true): string[] {
  const added = [...after].filter(([key, row]) => !before.has(key) && counts(row)).map(([key]) => `${key} is new`)
  const changed = [...before]
    .filter(([, row]) => counts(row))
    .flatMap(([key, { values }]) => {
      const now = after.get(key)?.values
      if (!now) return [`${key} is gone`]
      const columns = Object.keys(values).filter((name) => JSON.stringify(values[name]) !== JSON.stringify(now[name]))
      return columns.length > 0 ? [`${key}: ${columns.join(', ')}`] : []
    })
  return [...added, ...changed]
}
