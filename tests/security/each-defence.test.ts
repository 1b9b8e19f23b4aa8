import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Catalogue, loadCatalogue } from '../../src/admin/actions/catalogue.ts'
import { gate } from '../../src/admin/gate.ts'
import { type ListRequest, parseListRequest } from '../../src/admin/lists/list-request.ts'
import { recordJson } from '../../src/admin/records/record-json.ts'
import { screensFor } from '../../src/admin/role-screens.ts'
import {
  type View,
  createRecord,
  deleteRecords,
  readPage,
  readRecord,
  readRecords,
  searchRecords,
  viewOf,
} from '../../src/admin/records/records.ts'
import { type Screen, buildScreens, propertiesFor } from '../../src/admin/screen.ts'
import type { Row } from '../../src/admin/records/selection.ts'
import { TenantResource } from '../../src/admin/tenant-resource.ts'
import { updateRecord } from '../../src/admin/records/update.ts'
import type { Context } from '../../src/core/context.ts'
import { Database, openDatabase } from '../../src/core/db.ts'
import type { Declaration } from '../../src/core/declaration.ts'
import { discover } from '../../src/core/discover.ts'
import { type PanelRole, may, panelRoles } from '../../src/core/permissions.ts'
import { type Model, fieldOf, models } from '../../src/core/schema.ts'
import { TenantPool } from '../../src/core/tenant-pool.ts'
import { AppError } from '../../src/core/errors.ts'
import { listen } from '../../src/http/listen.ts'
import { planted } from './cases.ts'
import { type Expectations, SECRETS, expectations, propertyName } from './expectations.ts'
import { type CanarySchool, type Fixtures, changes, twoSchools } from './fixtures.ts'
import { closedValues } from './forms.ts'
import { openHarness } from './harness.ts'
import { memoryPanel } from './memory-panel.ts'
import { Findings, isReadablePath } from './oracles.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import { reading } from './reading.ts'
import { rowOf } from './rows.ts'
import { tryAll } from './run.ts'
import { allShapes } from './shapes.ts'
import { openWire } from './wire.ts'
import { asForm, writing } from './writing.ts'

let database: TestDatabase
let fixtures: Fixtures
/** As the program connects: the policies hold. */
let bound: Database
/** As a superuser, whom neither policies nor grants bind. */
let unbound: Database
let screens: ReadonlyMap<string, Screen>
let catalogue: Catalogue
let expected: Expectations

beforeAll(async () => {
  database = await cloneDatabase()
  fixtures = await twoSchools(database)
  bound = await openDatabase(database.url)
  unbound = new Database(new TenantPool(database.superuserUrl, 5))
  catalogue = await loadCatalogue()
  const found = await discover<Declaration>('resources')
  screens = buildScreens(found.map(({ value }) => value))
  expected = await expectations()
})

afterAll(async () => {
  await bound?.close()
  await unbound?.close()
  await fixtures?.close()
  await database?.drop()
})

const all = [...models.values()]

const contextOf = (db: Database, school: CanarySchool, role: PanelRole = 'owner'): Context => ({
  db,
  orgId: school.orgId,
  userId: school.staff[role].id,
  role,
  actorKind: 'user',
  ip: '127.0.0.1',
  requestId: randomUUID(),
})

/** How the school writes times and amounts. */
const ways = { timeZone: 'Australia/Sydney', currency: 'AUD' }

async function rejection(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => null,
    (error: unknown) => error,
  )
}

interface Finder {
  findMany(query: object): Promise<{ id: string }[]>
}

async function ownIds(model: Model, school: CanarySchool): Promise<string[]> {
  const rows = [...(await fixtures.snapshot())]
  const members = new Set(
    rows
      .filter(([key, row]) => key.startsWith('UserOrg ') && row.orgId === school.orgId)
      .map(([, row]) => row.values.userId),
  )
  return rows
    .filter(([key]) => key.startsWith(`${model.name} `))
    .filter(([, row]) => (model.name === 'User' ? members.has(row.values.id) : row.orgId === school.orgId))
    .map(([key]) => key.split(' ')[1]!)
    .toSorted()
}

// It must stop every statement that forgot its school: whoever writes one, in whatever way.
describe('the policy alone, with statements that name no school', () => {
  it.each(all.map((model) => model.name))('shows only the own rows of %s', async (name) => {
    const { koala } = fixtures
    const ids = await ownIds(models.get(name)!, koala)
    expect(ids.length).toBeGreaterThan(0)
    const [raw] = await bound.select(contextOf(bound, koala), [{ text: `SELECT id FROM "${name}"`, values: [] }])
    expect(raw!.map(([id]) => String(id)).toSorted()).toEqual(ids)
    const delegate = name.charAt(0).toLowerCase() + name.slice(1)
    const byPrisma = await bound.read(contextOf(bound, koala), (client) =>
      (client as unknown as Record<string, Finder>)[delegate]!.findMany({ select: { id: true } }),
    )
    expect(byPrisma.map(({ id }) => id).toSorted()).toEqual(ids)
  })

  it('reads no password and no token, not even of the own school', async () => {
    const tries = [
      'password FROM "User"',
      '"failedLogins" FROM "User"',
      '"tokenHash" FROM "RefreshToken"',
      '* FROM "User"',
    ]
    const errors = tries.map((what) =>
      rejection(bound.select(contextOf(bound, fixtures.koala), [{ text: `SELECT ${what}`, values: [] }])),
    )
    for (const error of await Promise.all(errors)) expect(error).toMatchObject({ code: '42501' })
  })

  it('changes, deletes and moves no row of the other school, and puts none there', async () => {
    const { koala, quokka } = fixtures
    const before = await fixtures.snapshot()
    const letThrough: string[] = []
    const attempt = async (what: string, text: string, values: unknown[]) => {
      const done = await database
        .transaction({ org_id: koala.orgId }, (run) => run(text, values))
        .catch((error: { code?: string }) => error)
      if (Array.isArray(done) ? done.length > 0 : !['42501', '23514'].includes(String(done.code)))
        letThrough.push(`${what}: ${Array.isArray(done) ? `${done.length} rows` : String(done)}`)
    }
    for (const model of all) {
      const { name } = model
      const foreign = quokka.made[name]![0]!
      await attempt(`update ${name}`, `UPDATE "${name}" SET id = id WHERE id = $1 RETURNING id`, [foreign])
      await attempt(`delete ${name}`, `DELETE FROM "${name}" WHERE id = $1 RETURNING id`, [foreign])
      if (!fieldOf(model, 'orgId')) continue
      const own = koala.made[name]![0]!
      await attempt(`move ${name}`, `UPDATE "${name}" SET "orgId" = $2 WHERE id = $1 RETURNING id`, [own, quokka.orgId])
      const row = Object.entries({ ...rowOf(model, 30, quokka.base, planted), orgId: quokka.orgId })
      const places = row.map((_, n) => `$${n + 1}`).join(', ')
      const columns = row.map(([column]) => `"${column}"`).join(', ')
      await attempt(
        `insert ${name}`,
        `INSERT INTO "${name}" (${columns}) VALUES (${places}) RETURNING id`,
        row.map(([, value]) => value),
      )
    }
    expect(letThrough).toEqual([])
    expect(changes(before, await fixtures.snapshot())).toEqual([])
  })

  it('shows nothing at all where no school is set', async () => {
    const shown = all.map(async ({ name }) => await database.transaction({}, (run) => run(`SELECT id FROM "${name}"`)))
    expect((await Promise.all(shown)).flat()).toEqual([])
  })

  it('keeps two schools apart that look for the same rows by Prisma in the same tick', async () => {
    const { koala, quokka } = fixtures
    const look = (school: CanarySchool, id: string) =>
      bound.read(contextOf(bound, school), (client) => client.student.findUnique({ where: { id } }))
    const [mine, theirs] = [koala.made.Student![0]!, quokka.made.Student![0]!]
    const found = await Promise.all([look(koala, mine), look(quokka, mine), look(koala, theirs), look(quokka, theirs)])
    expect(found.map((one) => one?.id)).toEqual([mine, undefined, undefined, theirs])
  })
})

// It must keep every statement of the panel inside the school, also should a policy be missing or the login be a wrong one.
describe("the panel's own conditions alone, with policies and grants off", () => {
  const view = (model: Model) => {
    const screen = screens.get(model.name)!
    return viewOf(screens, screen, propertiesFor(screen, 'owner'))
  }
  const idsOf = (rows: readonly Row[]) => rows.map(({ id }) => id).toSorted()
  const request = (change: Partial<ListRequest> = {}): ListRequest => ({
    page: 1,
    perPage: 100,
    sortBy: 'id',
    direction: 'asc',
    filters: {},
    cursor: undefined,
    ...change,
  })

  it('is tried on a connection that sees both schools', async () => {
    const [rows] = await unbound.select(contextOf(unbound, fixtures.koala), [
      { text: 'SELECT DISTINCT "orgId" FROM "Booking"', values: [] },
    ])
    expect(rows).toHaveLength(2)
  })

  it.each(all.map((model) => model.name))('shows only the own rows of %s', async (name) => {
    const { koala, quokka } = fixtures
    const [model, ctx] = [models.get(name)!, contextOf(unbound, koala)]
    const [seen, ids] = [view(model), await ownIds(model, koala)]
    const foreign = quokka.made[name]!
    const page = (change: Partial<ListRequest>) =>
      readPage(ctx, seen, { request: request(change), school: ways, shown: (rows) => rows })

    // the audit log is longer than a page
    const first = await page({})
    expect(first.total).toBe(ids.length)
    expect(ids).toEqual(expect.arrayContaining(idsOf(first.rows)))
    for (const direction of ['asc', 'desc'] as const) {
      for (const sortBy of seen.screen.sortable) {
        const { rows } = await page({ sortBy, direction, perPage: 1 })
        expect(ids).toEqual(expect.arrayContaining(idsOf(rows)))
      }
    }
    for (const property of seen.properties.filter(({ kind }) => kind === 'reference' || kind === 'id')) {
      const value = quokka.made[property.references ?? name]?.[0] ?? foreign[0]!
      expect((await page({ filters: { [property.name]: value } })).total).toBe(0)
    }
    expect(idsOf(await readRecords(ctx, seen, [ids[0]!, ...foreign], ways))).toEqual([ids[0]])
    expect(await rejection(readRecord(ctx, seen, foreign[0]!, ways))).toMatchObject({ kind: 'NotFound' })
    expect(ids).toEqual(expect.arrayContaining(idsOf(await searchRecords(ctx, seen, '', ways))))
    expect(await searchRecords(ctx, seen, quokka.token, ways)).toEqual([])
  })

  it('writes only into the own school', async () => {
    const { koala, quokka } = fixtures
    const before = await fixtures.snapshot()
    const findings: string[] = []
    const ctx = contextOf(unbound, koala)
    const wants = async (what: string, kind: string | string[], work: Promise<unknown>) => {
      const error = await rejection(work)
      if (!(error instanceof AppError) || ![kind].flat().includes(error.kind))
        findings.push(`${what}: ${String(error)}`)
    }
    for (const model of all) {
      const { name } = model
      const seen = view(model)
      const [foreign, own] = [quokka.made[name]![0]!, koala.made[name]![0]!]
      const form = asForm(model, rowOf(model, 40, koala.base, planted))
      const current: Row = { id: foreign, title: '', params: {}, references: {} }
      if (seen.properties.some(({ writable }) => writable))
        await wants(
          `edit ${name}`,
          ['NotFound', 'Invalid'],
          updateRecord(ctx, seen, { id: current.id, payload: form, was: {}, school: ways }),
        )
      for (const ids of [[foreign], [own, foreign]])
        await wants(`delete ${name}`, ['NotFound', 'Conflict', 'Forbidden'], deleteRecords(ctx, seen, ids))
      for (const property of seen.properties.filter(({ references, writable }) => references && writable)) {
        const payload = { ...form, [property.name]: quokka.made[property.references!]![0]! }
        await wants(`new ${name}.${property.name}`, 'Invalid', createRecord(ctx, seen, { payload, school: ways }))
      }
    }
    expect(findings).toEqual([])
    expect(changes(before, await fixtures.snapshot())).toEqual([])
  })

  it('gives no name to a person of another school whom a row happens to refer to', async () => {
    const { koala, quokka } = fixtures
    // columns that name people are plain ids: people belong to no school
    const [added] = await fixtures.query(
      `INSERT INTO "LessonStateHistory" ("orgId", "bookingId", "toStatus", "actorUserId") VALUES ($1, $2, 'confirmed', $3) RETURNING id`,
      [koala.orgId, koala.base.Booking![0], quokka.staff.owner.id],
    )
    const seen = view(models.get('LessonStateHistory')!)
    const row = await readRecord(contextOf(unbound, koala), seen, String(added!.id), ways)
    expect(JSON.stringify(row)).not.toContain(quokka.token)
  })
})

// It must stop whatever the panel does not offer before AdminJS hears of it; schools are no business of it.
describe('the gate alone, in front of an AdminJS that would do anything', () => {
  const identity =
    (role: PanelRole): RequestHandler =>
    (_req, res, next) => {
      res.locals.identity = { role } as typeof res.locals.identity
      next()
    }

  const dangerous = (id: string): { method: string; path: string }[] => {
    const resource = '/admin/api/resources/Student'
    return [
      { method: 'GET', path: `${resource}/records/${id}/delete` },
      { method: 'HEAD', path: `${resource}/records/${id}/delete` },
      { method: 'POST', path: `/admin/API/resources/Student/records/${id}/delete` },
      { method: 'POST', path: `/Admin/api/resources/Student/records/${id}/delete` },
      { method: 'POST', path: `${resource}/RECORDS/${id}/delete` },
      { method: 'GET', path: `${resource}/search/a` },
      { method: 'GET', path: `${resource}/records/1/show` },
      { method: 'POST', path: `${resource}/bulk/delete?recordIds=${id}` },
      { method: 'GET', path: `/admin/API/resources/Student/records/${id}/delete` },
      { method: 'POST', path: `${resource}/bulk/bulkDelete?recordIds=1,2` },
    ]
  }

  async function served(before: RequestHandler[]): Promise<string[]> {
    const { app, calls } = memoryPanel('Student', before)
    app.use(((_error, _req, res, _next) => void res.status(400).end()) as import('express').ErrorRequestHandler)
    const listening = await listen(app, { host: '127.0.0.1', port: 0 })
    const wire = openWire(`http://127.0.0.1:${listening.port}`)
    const reached: string[] = []
    for (const ask of dangerous(randomUUID())) {
      calls.length = 0
      await wire.send('', ask)
      if (calls.length > 0)
        reached.push(`${ask.method} ${ask.path.replaceAll(/[0-9a-f-]{36}/g, '<id>')}: ${calls.at(-1)!.split(' ')[0]}`)
    }
    wire.close()
    await listening.close()
    return reached
  }

  it('stops what AdminJS would serve without it', async () => {
    // AdminJS announces that its old search is old
    vi.spyOn(console, 'log').mockImplementation(() => {})
    const reached = await served([])
    expect(reached).toContain('HEAD /admin/api/resources/Student/records/<id>/delete: delete')
    expect(reached).toContain('POST /admin/API/resources/Student/records/<id>/delete: delete')
    expect(reached).toContain('GET /admin/api/resources/Student/search/a: find')
    expect(await served([identity('owner'), gate(screens, catalogue)])).toEqual([])
  })

  it('lets through exactly what the role may do, on every model and address there is', () => {
    const stop = gate(screens, catalogue)
    const wrong: string[] = []
    for (const model of all) {
      for (const role of panelRoles) {
        for (const { ask } of allShapes) {
          const { path, method = 'GET' } = ask(model.name)
          if (passes(stop, { role, method, path }) !== isOffered(role, model.name, { method, path }))
            wrong.push(`${role}: ${method} ${path}`)
        }
      }
    }
    expect(wrong).toEqual([])
  })
})

function passes(stop: RequestHandler, asked: { role: PanelRole; method: string; path: string }): boolean {
  const url = new URL(asked.path, 'http://localhost')
  const req = { method: asked.method, path: url.pathname, query: Object.fromEntries(url.searchParams) }
  let passed = false
  try {
    const locals = { identity: { role: asked.role } }
    void stop(req as never, { locals } as never, (error?: unknown) => void (passed = error === undefined))
  } catch {
    return false
  }
  return passed
}

/** The addresses of the panel, written down once more. */
function isOffered(role: PanelRole, model: string, { method, path }: { method: string; path: string }): boolean {
  const id = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
  const read = may(role, 'read', model)
  const offers: [RegExp, boolean][] = [
    [new RegExp(`^GET /admin/api/resources/${model}/actions/(list|search|search/x)$`), read],
    [new RegExp(`^GET (/admin|/admin/api)/resources/${model}/records/${id}/show$`), read],
    [new RegExp(`^GET (/admin|/admin/api)/resources/${model}/records/${id}/edit$`), read && may(role, 'edit', model)],
    [new RegExp(`^POST /admin/api/resources/${model}/records/${id}/edit$`), read && may(role, 'edit', model)],
    [new RegExp(`^POST /admin/api/resources/${model}/records/${id}/delete$`), read && may(role, 'delete', model)],
    [new RegExp(`^GET /admin/resources/${model}/records/${id}/delete$`), read && may(role, 'delete', model)],
    [new RegExp(`^POST /admin/api/resources/${model}/actions/new$`), read && may(role, 'new', model)],
    [new RegExp(`^GET /admin/resources/${model}/actions/new$`), read && may(role, 'new', model)],
    [new RegExp(`^GET /admin/resources/${model}/actions/(list|search)$`), read],
    [
      new RegExp(`^(GET|POST) /admin/api/resources/${model}/bulk/bulkDelete\\?recordIds=${id}$`),
      read && may(role, 'delete', model),
    ],
    [
      new RegExp(`^GET /admin/resources/${model}/bulk/bulkDelete\\?recordIds=${id}$`),
      read && may(role, 'delete', model),
    ],
  ]
  return offers.some(([address, allowed]) => allowed && address.test(`${method} ${path}`))
}

// It must keep closed columns closed inside the own school, also where the database would give and take them.
describe('the list of allowed fields alone, with policies, grants and gate off', () => {
  const seenBy = (role: PanelRole, model: Model): View => {
    const own = screensFor(screens, role)
    const screen = own.get(model.name)!
    return viewOf(own, screen, screen.properties)
  }
  const readers = panelRoles.flatMap((role) =>
    all.filter(({ name }) => may(role, 'read', name)).map((model) => ({ role, model })),
  )

  it('is tried on a connection that could read a password', async () => {
    const [rows] = await unbound.select(contextOf(unbound, fixtures.koala), [
      { text: 'SELECT password FROM "User" WHERE password IS NOT NULL', values: [] },
    ])
    expect(rows!.length).toBeGreaterThan(5)
  })

  it('shows no field that the role may not see, in lists, records, searches and names', async () => {
    const shown: string[] = []
    for (const { role, model } of readers) {
      const [seen, ctx] = [seenBy(role, model), contextOf(unbound, fixtures.koala, role)]
      const resource = new TenantResource(seen, (name) => may(role, 'read', name))
      const wanted = parseListRequest(seen, {})
      const { rows } = await readPage(ctx, seen, { request: wanted, school: ways, shown: (found) => found })
      const record = await readRecord(ctx, seen, fixtures.koala.made[model.name]![0]!, ways)
      const found = await searchRecords(ctx, seen, '', ways)
      const allowed = new Set(['id', ...expected.readable(role, model).map(({ name }) => propertyName(model, name))])
      for (const row of [...rows, record, ...found]) {
        const json = recordJsonWithoutActions(resource, row)
        const keys = [...Object.keys(json.params), ...Object.keys(json.populated)].filter(
          (key) => !allowed.has(key) && !isReadablePath(expected, { role, model }, key),
        )
        const places = [...JSON.stringify(json).matchAll(/~(\w+\.\w+)~/g)].map((match) => match[1]!)
        const hidden = model.name === 'AuditLog' ? [] : places.filter((place) => !expected.mayShow(role, place))
        shown.push(...[...keys, ...hidden].map((what) => `${role} sees ${what} in ${model.name}`))
      }
    }
    expect(shown).toEqual([])
  })

  it('filters and sorts by no such field', () => {
    const taken: string[] = []
    for (const { role, model } of readers) {
      const seen = seenBy(role, model)
      const open = new Set(expected.readable(role, model).map(({ name }) => name))
      for (const { name, kind } of model.fields) {
        if (open.has(name) || (kind === 'object' && seen.properties.some((one) => one.name === name))) continue
        for (const query of [{ [`filters.${name}`]: '1' }, { [`filters.${name}~~from`]: '1' }, { sortBy: name }]) {
          if (!refuses(() => parseListRequest(seen, query)))
            taken.push(`${role}: ${model.name} ${JSON.stringify(query)}`)
        }
      }
    }
    expect(taken).toEqual([])
  })

  it('writes no such field, whoever sends it', async () => {
    const { koala, quokka } = fixtures
    const before = await fixtures.snapshot()
    for (const { role, model } of readers) {
      const [seen, ctx] = [seenBy(role, model), contextOf(unbound, koala, role)]
      const actor = { name: role, role, school: koala, cookie: '' }
      const closed = closedValues({ actor, other: quokka, expected, owned: () => 0 }, model)
      const current = await readRecord(ctx, seen, koala.made[model.name]![0]!, ways)
      await updateRecord(ctx, seen, { id: current.id, payload: closed, was: {}, school: ways })
    }
    expect(changes(before, await fixtures.snapshot())).toEqual([])
  })

  it('counts a password, a token and every other secret among them', () => {
    const open = [...SECRETS].filter((place) => {
      const [name, column] = place.split('.') as [string, string]
      return screens.get(name)!.properties.some((property) => property.column === column)
    })
    expect(open).toEqual([])
  })
})

function refuses(work: () => unknown): boolean {
  try {
    work()
    return false
  } catch (error) {
    return error instanceof AppError && error.kind === 'Invalid'
  }
}

/** AdminJS adds what may be done with a record only in a running panel. */
function recordJsonWithoutActions(resource: TenantResource, row: Row) {
  Object.assign(resource, { decorate: () => ({ actions: {} }) })
  return recordJson(resource, row)
}

describe('the whole panel with policies and grants off', () => {
  it('still shows an owner nothing of the other school and writes nothing there', { timeout: 120_000 }, async () => {
    const harness = await openHarness({ policiesOff: true })
    const before = await harness.fixtures.snapshot()
    const findings = new Findings()
    const owner = harness.ofKoala[0]!
    const cases = all.flatMap((model) => [...reading(owner, model), ...writing(owner, model)])
    await tryAll(cases, { wire: harness.wire, oracles: harness.oracles(before), findings })
    for (const change of changes(before, await harness.fixtures.snapshot())) findings.add('is changed', change)
    await harness.close()
    expect(findings.report()).toEqual([])
  })
})
