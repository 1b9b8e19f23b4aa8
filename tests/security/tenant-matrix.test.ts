import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { may } from '../../src/core/permissions.ts'
import { models } from '../../src/core/schema.ts'
import { type Attack, type Case, PLANTED, api, listOf, record, refused } from './cases.ts'
import { changes } from './fixtures.ts'
import { badBodies, badEdits, editForm, misdeeds, newForm, type Sent } from './forms.ts'
import { type Harness, openHarness } from './harness.ts'
import { type Actor, Findings, jsonOf } from './oracles.ts'
import { auditEntry, reading } from './reading.ts'
import { tryAll } from './run.ts'
import { shapes } from './shapes.ts'
import { anonymous, crossSite, metadata, methods, overWith, spellings } from './strangers.ts'
import { writing } from './writing.ts'

let harness: Harness

beforeAll(async () => {
  harness = await openHarness()
})

afterAll(async () => {
  console.log(`${harness?.wire.sent()} requests`)
  await harness?.close()
})

const all = [...models.values()]

/** Tries the cases; nothing in the database may be otherwise afterwards. */
async function tryInVain(cases: Case[]): Promise<{ report: string[]; statuses: Map<number, number> }> {
  const { fixtures, wire } = harness
  const before = await fixtures.snapshot()
  const findings = new Findings()
  const statuses = await tryAll(cases, { wire, oracles: harness.oracles(before), findings })
  for (const change of changes(before, await fixtures.snapshot())) findings.add('is changed', change)
  return { report: findings.report(), statuses }
}

/** Two lists dealt into one, so that people of both schools ask at the same time. */
function interleaved(one: Case[], other: Case[]): Case[] {
  const every = Math.max(1, Math.floor(one.length / other.length))
  return one.flatMap((each, n) => (n % every === 0 && other[n / every] ? [each, other[n / every]!] : [each]))
}

it(
  'shows nobody anything of the other school, and changes nothing, whatever is asked',
  { timeout: 300_000 },
  async () => {
    const { ofKoala, ofQuokka } = harness
    const attack = (each: Attack) =>
      all.flatMap((model) => [...reading(each, model), ...writing(each, model), ...shapes(each, model)])
    const owner = ofQuokka[0]!
    const meanwhile = all.flatMap((model) => reading(owner, model).filter((_, n) => n % 4 === 0))
    const { report, statuses } = await tryInVain(interleaved(ofKoala.flatMap(attack), meanwhile))
    expect(report).toEqual([])
    // both sorts of answers came, so neither everything nor nothing was refused
    expect(statuses.get(200)).toBeGreaterThan(5000)
    expect(statuses.get(404)).toBeGreaterThan(2000)
  },
)

it('pages through every list by cursors, over the own rows only, also with a cursor of the other school', async () => {
  const { wire, fixtures, ofKoala, ofQuokka } = harness
  await harness.recount()
  const findings = new Findings()
  const oracles = harness.oracles(await fixtures.snapshot())
  const page = async ({ actor }: Attack, path: string): Promise<ListPage> => {
    const ask = { path }
    const answer = await wire.send(actor.cookie, ask)
    for (const problem of oracles.examine(actor, ask, answer)) findings.add(problem, `${actor.name}: ${path}`)
    return jsonOf(answer) as ListPage
  }
  const seen = all.filter(({ name }) => may('owner', 'read', name))
  await Promise.all(
    seen.map(async (model) => {
      const path = listOf(model, `sortBy=id&direction=asc&perPage=${model.name === 'AuditLog' ? 50 : 1}`)
      const ids: string[] = []
      let cursor: string | undefined
      do {
        const { meta, records } = await page(ofKoala[0]!, path + (cursor ? `&cursor=${cursor}` : ''))
        ids.push(...records.map(({ id }) => id))
        cursor = meta.next
      } while (cursor)
      const owned = ofKoala[0]!.owned(model.name)
      // that somebody looked at people is written into the log meanwhile
      const isWhole = model.name === 'AuditLog' ? ids.length >= owned : ids.length === owned
      if (new Set(ids).size !== ids.length || !isWhole)
        findings.add('is not paged to the end', `${model.name}: ${ids.length} of ${owned}`)
      const { meta } = await page(ofQuokka[0]!, path)
      if (meta.next) await page(ofKoala[0]!, `${path}&cursor=${meta.next}`)
    }),
  )
  expect(findings.report()).toEqual([])
})

interface ListPage {
  meta: { next?: string }
  records: { id: string }[]
}

it('shows in audit entries only what the reader may see of the record', async () => {
  const { fixtures, ofKoala } = harness
  const entries = await fixtures.query(
    `SELECT DISTINCT ON ("entityType", action) id, "entityType" FROM "AuditLog" WHERE "orgId" = $1 AND "actorKind" = 'operator'`,
    [fixtures.koala.orgId],
  )
  const cases = ofKoala
    .filter(({ actor }) => may(actor.role, 'read', 'AuditLog'))
    .flatMap((each) =>
      entries.map(({ id, entityType }) => auditEntry(each, String(id), models.get(String(entityType))!)),
    )
  const { report, statuses } = await tryInVain(cases)
  expect(statuses.get(200)).toBeGreaterThan(40)
  expect(report).toEqual([])
})

it('shows in a page only the models and fields of the role', async () => {
  const { ofKoala, wire } = harness
  const cases = ofKoala.map(async (each) => {
    const page = await wire.send(each.actor.cookie, { path: '/admin', headers: { accept: 'text/html' } })
    const [path] = /\/admin\/metadata\.\w+\.js/.exec(page.text)!
    return metadata(each, path, (model) => may(each.actor.role, 'read', model))
  })
  expect((await tryInVain(await Promise.all(cases))).report).toEqual([])
})

it('does nothing for strangers, other websites, other methods and other spellings', { timeout: 120_000 }, async () => {
  const owner = harness.ofKoala[0]!
  const tries = [anonymous, crossSite, methods, spellings]
  const { report } = await tryInVain(all.flatMap((model) => tries.flatMap((make) => make(owner, model))))
  expect(report).toEqual([])
})

it('saves of a form only what the form has, in the record it is about', { timeout: 120_000 }, async () => {
  const { fixtures, ofKoala, wire } = harness
  const forms: Sent[] = []
  for (const model of all) {
    for (const each of ofKoala) {
      const made = [await editForm(each, model, fixtures), await newForm(each, model, fixtures)]
      forms.push(...made.filter((form) => form !== undefined))
    }
  }
  const before = await fixtures.snapshot()
  const findings = new Findings()
  await tryAll(
    forms.map((form) => form.case),
    { wire, oracles: harness.oracles(before), findings },
  )
  const after = await fixtures.snapshot()
  for (const problem of misdeeds(forms, before, after)) findings.add(problem, '')
  expect(findings.report()).toEqual([])
  const written = [...after].filter(
    ([key, row]) => JSON.stringify(row.values).includes(PLANTED) && !key.startsWith('AuditLog'),
  )
  expect(written.length).toBeGreaterThan(100)
})

it('deletes all that were selected or none, and never those of another school', { timeout: 120_000 }, async () => {
  const { fixtures, ofKoala, wire } = harness
  const able = all.flatMap((model) =>
    ofKoala.filter(({ actor }) => may(actor.role, 'delete', model.name)).map((each) => ({ each, model })),
  )
  const tries: { kept: Case; gone: Case; key: string }[] = []
  for (const { each, model } of able) {
    const { actor, other } = each
    const [kept, gone] = [await fixtures.add(actor.school, model.name), await fixtures.add(actor.school, model.name)]
    const bulk = (ids: string) => ({ path: api(model.name, `bulk/bulkDelete?recordIds=${ids}`), method: 'POST' })
    tries.push({
      key: `${model.name} ${gone}`,
      kept: {
        actor,
        ask: bulk(`${kept},${other.made[model.name]![0]!}`),
        twin: bulk(`${kept},${randomUUID()}`),
      },
      gone: { actor, ask: { path: record(model.name, gone, 'delete'), method: 'POST' } },
    })
  }
  const before = await fixtures.snapshot()
  const findings = new Findings()
  const run = { wire, oracles: harness.oracles(before), findings }
  await tryAll(
    tries.map((one) => one.kept),
    run,
  )
  const between = await fixtures.snapshot()
  for (const change of changes(before, between))
    findings.add('a selection with a foreign record is deleted in part', change)
  await tryAll(
    tries.map((one) => one.gone),
    run,
  )
  const after = await fixtures.snapshot()
  const wanted = new Set(tries.map(({ key }) => `${key} is gone`))
  for (const change of changes(between, after)) {
    if (!wanted.delete(change) && !change.startsWith('AuditLog')) findings.add('is changed by a deletion', change)
  }
  for (const key of wanted) findings.add('is not deleted', key)
  expect(findings.report()).toEqual([])
})

it('answers bad input with a sentence, and keeps the rest of the school as it was', { timeout: 120_000 }, async () => {
  const { fixtures, ofKoala, wire } = harness
  const targets = new Set<string>()
  const cases: Case[] = []
  for (const model of all) {
    const editor = ofKoala.find(({ actor }) => may(actor.role, 'edit', model.name))
    if (!editor) continue
    const single = model.name === 'Org' || model.name === 'OrgSettings'
    const id = single ? fixtures.koala.made[model.name]![0]! : await fixtures.add(fixtures.koala, model.name)
    targets.add(`${model.name} ${id}`)
    cases.push(...badEdits(editor, model, id))
    const path = record(model.name, id, 'edit')
    const share = badBodies.filter((_, n) => (n + targets.size) % 4 === 0)
    cases.push(...share.map((bad) => ({ actor: editor.actor, ask: { path, method: 'POST', ...bad } })))
  }
  const before = await fixtures.snapshot()
  const findings = new Findings()
  await tryAll(cases, { wire, oracles: harness.oracles(before), findings })
  for (const change of changes(before, await fixtures.snapshot())) {
    const key = change.split(/:| is /)[0]!
    if (!targets.has(key) && !key.startsWith('AuditLog')) findings.add('is changed by bad input', change)
  }
  expect(findings.report()).toEqual([])
})

it('gives nothing to a session that was revoked or has expired', async () => {
  const { fixtures, signIn } = harness
  const { owner } = fixtures.koala.staff
  const ends = {
    revoked: 'DELETE FROM auth.session WHERE sid = $1',
    expired: `UPDATE auth.session SET expire = now() - interval '1 second' WHERE sid = $1`,
  }
  const cases: Case[] = []
  for (const [name, end] of Object.entries(ends)) {
    const cookie = await signIn(owner.email)
    const sid = decodeURIComponent(cookie)
      .replace(/^.*=s:/, '')
      .replace(/\..*$/, '')
    expect(await fixtures.query(`${end} RETURNING sid`, [sid])).toHaveLength(1)
    const actor: Actor = { name: `owner, ${name}`, role: 'owner', school: fixtures.koala, cookie }
    cases.push(...all.flatMap((model) => overWith(actor, fixtures.koala, model)))
  }
  expect((await tryInVain(cases)).report).toEqual([])
})

it('shows somebody of both schools one school at a time', async () => {
  const { fixtures, server, wire, signIn } = harness
  const { koala, quokka, shared } = fixtures
  const browser = await server.signIn(shared.email)
  const stale = [...browser.cookies].map((pair) => pair.join('=')).join('; ')
  await browser.post('/admin/switch-school', { orgId: quokka.orgId })
  const switched = [...browser.cookies].map((pair) => pair.join('=')).join('; ')
  const stayed = await signIn(shared.email)
  expect((await wire.send(stale, { path: '/admin/api/resources/Student/actions/list' })).status).toBe(401)
  const both = [
    { actor: { name: 'shared in quokka', role: 'admin', school: quokka, cookie: switched } as const, other: koala },
    { actor: { name: 'shared in koala', role: 'admin', school: koala, cookie: stayed } as const, other: quokka },
  ]
  // the same address for both, next to each other: whoever merges or caches them gives one the other's
  const cases = all
    .filter(({ name }) => may('admin', 'read', name))
    .flatMap((model) =>
      both.flatMap(({ actor, other }) => [
        { actor, ask: { path: listOf(model) } },
        { actor, ask: { path: record(model.name, actor.school.made[model.name]![0]!, 'show') } },
        { actor, ask: { path: record(model.name, other.made[model.name]![0]!, 'show') }, wants: refused },
      ]),
    )
  const { report, statuses } = await tryInVain(cases)
  expect(report).toEqual([])
  expect(statuses.get(200)).toBeGreaterThan(150)
})

it('links no row to another school', async () => {
  const links = all.flatMap((model) =>
    model.fields
      .filter((field) => field.relationFromFields?.length && field.type !== 'Org')
      .map((field) => ({ model: model.name, column: field.relationFromFields![0]!, target: field.type })),
  )
  const strange: string[] = []
  for (const { model, column, target } of links) {
    const outside =
      target === 'User'
        ? `NOT EXISTS (SELECT FROM "UserOrg" m WHERE m."userId" = t.id AND m."orgId" = b."orgId")`
        : `t."orgId" IS DISTINCT FROM b."orgId"`
    if (model === 'RefreshToken') continue
    const text = `SELECT b.id FROM "${model}" b JOIN "${target}" t ON t.id = b."${column}" WHERE ${outside}`
    for (const { id } of await harness.fixtures.query(text)) strange.push(`${model}.${column} of ${String(id)}`)
  }
  expect(strange).toEqual([])
})
