import { afterAll, beforeAll, expect, it } from 'vitest'
import { endpoints } from '../../src/admin/endpoints/index.ts'
import type { Declaration } from '../../src/core/declaration.ts'
import { discover } from '../../src/core/discover.ts'
import { may } from '../../src/core/permissions.ts'
import { modelOf, models } from '../../src/core/schema.ts'
import { type Attack, type Case, refused } from './cases.ts'
import * as attacks from './endpoint-attacks.ts'
import { type Place, endpointPlans } from './endpoint-plans.ts'
import { type Stage, setStage } from './endpoint-stage.ts'
import { changes } from './fixtures.ts'
import { type Harness, openHarness } from './harness.ts'
import { type Actor, Findings } from './oracles.ts'
import { tryAll } from './run.ts'
import { jsonBody } from './wire.ts'

// Every address beside AdminJS's own × model × role. A new endpoint needs a plan in endpoint-plans.ts, or the first test fails.

let harness: Harness
let stage: Stage
let declarations: ReadonlyMap<string, Declaration>

beforeAll(async () => {
  harness = await openHarness()
  declarations = new Map((await discover<Declaration>('resources')).map(({ value }) => [value.model as string, value]))
  const imported = [...declarations.values()].filter((one) => one.import).map(({ model }) => modelOf(model))
  stage = await setStage(harness, imported)
}, 120_000)

afterAll(async () => {
  console.log(`${harness?.wire.sent()} requests`)
  await harness?.close()
})

const all = [...models.values()]
const nameOf = ({ method, path }: { method: string; path: string }): string => `${method} ${path}`

/** Every endpoint for a person, on every model where it is about one. */
function targetsOf(attack: Attack): attacks.Target[] {
  return endpoints.flatMap((endpoint) => {
    const plan = endpointPlans[nameOf(endpoint)]
    // the first test tells of it
    if (!plan) return []
    const about = attacks.isAboutModel(endpoint) ? all : [modelOf('Student')]
    return about.map((model) => {
      const place: Place = { attack, model, declaration: declarations.get(model.name), stage }
      return { endpoint, plan, place }
    })
  })
}

const everywhere = (make: (target: attacks.Target, index: number) => Case[]): Case[] =>
  harness.ofKoala.flatMap((attack) => targetsOf(attack).flatMap((target, index) => make(target, index)))

/**
 * Tries the cases: nothing of the other school may be otherwise afterwards, and of the own one only rows of `leaves`.
 */
async function tried(cases: Case[], leaves: readonly string[] = []) {
  const { fixtures, wire } = harness
  const before = await fixtures.snapshot()
  const findings = new Findings()
  const statuses = await tryAll(cases, { wire, oracles: harness.oracles(before), findings })
  const after = await fixtures.snapshot()
  const isOwn = (key: string) => (after.get(key) ?? before.get(key))?.orgId === fixtures.koala.orgId
  for (const change of changes(before, after)) {
    const [model = '', id = ''] = change.split(/[ :]/)
    if (!leaves.includes(model) || !isOwn(`${model} ${id}`)) findings.add('is changed', change)
  }
  return { report: findings.report(), statuses }
}

/** Each place has a number: the models of a role one after the other. */
const placeOf = ({ attack, model }: Place): number => harness.ofKoala.indexOf(attack) * all.length + all.indexOf(model)

/** What is about no model: each role has its share of it. */
const dealtBy = (cases: Case[], attack: Attack): Case[] =>
  cases.filter((_, index) => index % 2 === harness.ofKoala.indexOf(attack) % 2)

const leaves = [...new Set(Object.values(endpointPlans).flatMap((plan) => plan.leaves ?? []))]

it('knows how to attack every endpoint', () => {
  const unknown = endpoints.map(nameOf).filter((name) => !Object.hasOwn(endpointPlans, name))
  expect(unknown, 'add what to attack them with to tests/security/endpoint-plans.ts').toEqual([])
  const gone = Object.keys(endpointPlans).filter((name) => !endpoints.some((one) => nameOf(one) === name))
  expect(gone, 'take these out of tests/security/endpoint-plans.ts').toEqual([])
})

it('answers those who may, and to the others nothing is there', { timeout: 120_000 }, async () => {
  // models that a role does not see: each endpoint on some of them
  const cases = everywhere((target, index) => {
    const made = attacks.asked(target)
    return attacks.isPermitted(target) || index % 7 === 0 ? made : []
  })
  const { report, statuses } = await tried(cases, leaves)
  expect(report).toEqual([])
  expect(statuses.get(200)).toBeGreaterThan(800)
  expect(statuses.get(404)).toBeGreaterThan(200)
})

it('makes no difference between what is another’s and what is nowhere', { timeout: 120_000 }, async () => {
  const cases = everywhere((target, index) => {
    const { attack, model } = target.place
    const isSeen = !attacks.isAboutModel(target.endpoint) || may(attack.actor.role, 'read', model.name)
    return isSeen && (index + harness.ofKoala.indexOf(attack)) % 3 === 0 ? attacks.foreign(target) : []
  })
  const { report, statuses } = await tried(cases, ['AuditLog'])
  expect(report).toEqual([])
  expect(statuses.get(404)).toBeGreaterThan(100)
})

it(
  'lists, counts, exports and keeps nothing by a field that the role does not see in full',
  { timeout: 120_000 },
  async () => {
    const OPEN_SECRETS = 1
    const cases = everywhere((target, index) => {
      const { attack, model } = target.place
      if (!attacks.isPermitted(target) || target.plan.on?.(target.place) === false) return []
      const tries = attacks.hidden(target)
      const limited = attack.expected.masked(attack.actor.role, model).length > 0
      return limited ? tries : attacks.share(tries, index, OPEN_SECRETS)
    })
    const { report } = await tried(cases)
    expect(report).toEqual([])
    expect(cases.length).toBeGreaterThan(500)
  },
)

it('takes whatever is sent with a sentence, and leaves the school as it was', { timeout: 180_000 }, async () => {
  const everyPlace = harness.ofKoala.length * all.length
  const cases = everywhere((target) => {
    if (!attacks.isPermitted(target) || target.plan.on?.(target.place) === false) return []
    const made = attacks.junk(target)
    if (!attacks.isAboutModel(target.endpoint)) return dealtBy(made, target.place.attack)
    // all of it comes round about twice among the places that there are
    const each = Math.ceil((made.length * 2) / everyPlace)
    return attacks.share(made, placeOf(target.place), each)
  })
  const { report } = await tried(cases, leaves)
  expect(report).toEqual([])
  expect(cases.length).toBeGreaterThan(1500)
})

it('does nothing for nobody, other websites, other methods and other spellings', { timeout: 120_000 }, async () => {
  const isAlsoAt = (method: string, path: string) => endpoints.some((one) => one.method === method && one.path === path)
  const owner = harness.ofKoala[0]!
  const cases = targetsOf(owner).flatMap((target, index) =>
    // each endpoint on some models
    attacks.isPermitted(target) && (index % 13 === 0 || !attacks.isAboutModel(target.endpoint))
      ? attacks.strangers(target, isAlsoAt)
      : [],
  )
  const { report } = await tried(cases)
  expect(report).toEqual([])
  expect(cases.length).toBeGreaterThan(500)
})

it('gives nothing to a session that was revoked', async () => {
  const { fixtures, signIn, ofKoala } = harness
  const cookie = await signIn(fixtures.koala.staff.owner.email)
  const sid = decodeURIComponent(cookie)
    .replace(/^.*=s:/, '')
    .replace(/\..*$/, '')
  await fixtures.query('DELETE FROM auth.session WHERE sid = $1', [sid])
  const actor: Actor = { name: 'owner, revoked', role: 'owner', school: fixtures.koala, cookie }
  const cases = targetsOf(ofKoala[0]!)
    .filter((_, index) => index % 5 === 0)
    .flatMap((target) => attacks.afterwards(target, actor))
  expect((await tried(cases)).report).toEqual([])
})

it('keeps to the school that somebody of both has switched to', async () => {
  const { fixtures, server } = harness
  const { koala, quokka, shared } = fixtures
  const browser = await server.signIn(shared.email)
  await browser.post('/admin/switch-school', { orgId: quokka.orgId })
  const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ')
  const [, admin] = harness.ofKoala
  const inQuokka: Attack = { ...admin!, actor: { ...admin!.actor, name: 'shared in quokka', school: quokka, cookie } }
  const cases = targetsOf({ ...inQuokka, other: koala })
    .filter((target, index) => attacks.isPermitted(target) && target.endpoint.method === 'GET' && index % 3 === 0)
    // what is looked at there is in its log
    .filter(({ plan }) => !plan.leaves?.includes('AuditLog'))
    .flatMap((target) => [...attacks.asked(target), ...attacks.foreign(target)])
  const { report, statuses } = await tried(cases)
  expect(report).toEqual([])
  expect(statuses.get(200)).toBeGreaterThan(50)
})

it(
  'shows of a record’s past, and of a file of it, only what the role sees of it now',
  { timeout: 120_000 },
  async () => {
    const panel = (rest: string) => `/admin/api/panel/${rest}`
    const { edits } = stage.get(harness.fixtures.koala)!
    expect(edits.length).toBeGreaterThan(20)
    const cases = harness.ofKoala.flatMap((attack) => {
      const { actor, expected } = attack
      return edits.flatMap(({ model, id, request, before, columns }): Case[] => {
        if (!may(actor.role, 'read', model.name)) return []
        const open = new Set(expected.writable(actor.role, model).map(({ name }) => name))
        const mayUndo = may(actor.role, 'edit', model.name) && columns.every((name) => open.has(name))
        const unless = mayUndo ? {} : { wants: refused }
        return [
          { actor, ask: { path: panel(`timeline/${model.name}/${id}`) } },
          { actor, ask: { path: panel(`as-of/${model.name}/${id}?at=${encodeURIComponent(before)}`) } },
          { actor, ask: { path: panel(`undo?request=${request}`) }, ...unless },
          ...(mayUndo
            ? []
            : [{ actor, ask: { path: panel('undo'), method: 'POST', ...jsonBody({ request }) }, ...unless }]),
          ...attacks.columnParts({ attack, model }).map((part) => ({
            actor,
            ask: { path: panel(`export/${model.name}?columns=${part.join(',')}`), method: 'POST' },
            wants: ({ status }: { status: number }) => (status === 200 ? null : `is answered ${status}`),
          })),
        ]
      })
    })
    const { report, statuses } = await tried(cases, ['AuditLog'])
    expect(report).toEqual([])
    expect(statuses.get(200)).toBeGreaterThan(300)
  },
)
