import { afterAll, beforeAll, expect, it } from 'vitest'
import { may } from '../../src/core/permissions.ts'
import { TEST_PASSWORD } from '../support/server.ts'
import { type Attack, type Case, refused } from './cases.ts'
import { changes } from './fixtures.ts'
import { type Harness, openHarness } from './harness.ts'
import { type Actor, Findings } from './oracles.ts'
import { tryAll } from './run.ts'
import { jsonWith, junkValues } from './junk.ts'
import { type Answer, type Ask, formBody, jsonBody } from './wire.ts'

// What is neither AdminJS's nor an endpoint: a role's metadata, pages of their own, the password once more.

let harness: Harness
beforeAll(async () => {
  harness = await openHarness()
})
afterAll(async () => {
  await harness?.close()
})

const nobody: Actor = { name: 'nobody', role: null, school: null, cookie: '' }
const html = { accept: 'text/html' }

/** Tries the cases; of what is in the database only rows of `leaves` may be otherwise afterwards. */
async function tried(cases: Case[], leaves: readonly string[] = []): Promise<string[]> {
  const { fixtures, wire } = harness
  const before = await fixtures.snapshot()
  const findings = new Findings()
  await tryAll(cases, { wire, oracles: harness.oracles(before), findings })
  for (const change of changes(before, await fixtures.snapshot()))
    if (!leaves.some((model) => change.startsWith(`${model} `))) findings.add('is changed', change)
  return findings.report()
}

const outside = ({ status }: Answer): string | null =>
  [303, 401, 404].includes(status) ? null : `is answered ${status} to nobody`

it('gives each role its own metadata and nobody else’s', async () => {
  const { ofKoala, wire } = harness
  const paths = await Promise.all(
    ofKoala.map(async ({ actor }) => {
      const page = await wire.send(actor.cookie, { path: '/admin', headers: html })
      return /\/admin\/metadata\.\w+\.js/.exec(page.text)![0]
    }),
  )
  expect(new Set(paths).size).toBe(paths.length)
  const cases = paths.flatMap((path, owner): Case[] => [
    { actor: nobody, ask: { path, headers: html }, wants: outside },
    ...ofKoala.filter((_, index) => index !== owner).map(({ actor }) => ({ actor, ask: { path }, wants: refused })),
    ...[
      path.toUpperCase(),
      path.replace('/admin', '/Admin'),
      `${path}/`,
      path.replace('.js', '.map'),
      `/admin/.${path}`,
    ].map((spelt) => ({ actor: ofKoala[owner]!.actor, ask: { path: spelt }, wants: refused })),
    ...['POST', 'HEAD', 'PUT', 'DELETE'].map((method) => ({
      actor: ofKoala[owner]!.actor,
      ask: { path, method },
      wants: refused,
    })),
  ])
  expect(await tried(cases)).toEqual([])
})

it('opens a page of its own to the roles that have it', async () => {
  const opens: Readonly<Record<string, (attack: Attack) => boolean>> = {
    calendar: ({ actor }) => may(actor.role, 'read', 'Booking'),
    'find-slot': ({ actor }) => ['owner', 'admin', 'manager'].includes(actor.role),
    review: ({ actor }) => ['owner', 'admin', 'manager'].includes(actor.role),
    'working-week': ({ actor }) => ['owner', 'admin', 'manager'].includes(actor.role),
  }
  const page = (name: string): Ask => ({ path: `/admin/pages/${name}`, headers: html })
  const cases = harness.ofKoala.flatMap((attack): Case[] => [
    ...Object.entries(opens).map(([name, isOpen]) => ({
      actor: attack.actor,
      ask: page(name),
      wants: (answer: Answer) => (isOpen(attack) === (answer.status === 200) ? null : `is answered ${answer.status}`),
    })),
    ...['', 'CALENDAR', 'constructor', '__proto__', 'calendar/x', '%63alendar', 'nothing', '%00'].map((name) => ({
      actor: attack.actor,
      ask: page(name),
      wants: refused,
    })),
    ...['/nothing', '/Admin', '/ADMIN/pages/calendar', '/admin/nothing', '//admin', '/admin%2fpages'].map((path) => ({
      actor: attack.actor,
      ask: { path },
      wants: refused,
    })),
    { actor: attack.actor, ask: { ...page('calendar'), method: 'POST', ...jsonBody({}) }, wants: refused },
  ])
  const closed = ['/admin/pages/calendar', '/nothing', '/Admin', '/admin/pages/nothing', '/Admin/api/panel/find?q=ab']
  const outsiders = closed.map((path): Case => ({ actor: nobody, ask: { path, headers: html }, wants: outside }))
  expect(await tried([...cases, ...outsiders])).toEqual([])
})

it('takes the password once more from the person whose it is, by a form of the panel alone', async () => {
  const { ofKoala } = harness
  // whose sign-in may be slowed down by it
  const { actor } = ofKoala.at(-1)!
  const path = '/admin/api/reauthenticate'
  const form = formBody({ password: TEST_PASSWORD }, 'urlencoded')
  const elsewhere = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': '', origin: 'https://evil.example.test' },
    { 'sec-fetch-site': 'same-site' },
  ]
  const cases: Case[] = [
    { actor: nobody, ask: { path, method: 'POST', ...form }, wants: outside },
    { actor, ask: { path }, wants: refused },
    { actor, ask: { path: path.replace('api', 'API'), method: 'POST', ...form }, wants: refused },
    ...['HEAD', 'PUT', 'DELETE'].map((method) => ({ actor, ask: { path, method }, wants: refused })),
    ...elsewhere.map((headers) => ({
      actor,
      ask: { path, method: 'POST', ...form, headers: { ...form.headers, ...headers } },
      wants: refused,
    })),
    ...junkValues.map((value) => ({
      actor,
      ask: { path, method: 'POST', ...jsonWith('password', value) },
      wants: refused,
    })),
  ]
  expect(await tried(cases, ['User', 'AuditLog'])).toEqual([])
})
