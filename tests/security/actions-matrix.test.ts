import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import approve from '../../src/actions/approve-action-run.ts'
import type { Action } from '../../src/core/action.ts'
import { discover } from '../../src/core/discover.ts'
import { root } from '../../src/core/root.ts'
import { addressOf, notTheirs, pathOf, toForeign, withForeign, withJunk } from './action-attacks.ts'
import { type Ready, actionPlans, commits, makeTeachable, saidIn, tries, waitingRun } from './action-plans.ts'
import { type Attack, type Case, record } from './cases.ts'
import { share } from './endpoint-attacks.ts'
import { type Snapshot, changes } from './fixtures.ts'
import { type Harness, openHarness } from './harness.ts'
import { Findings } from './oracles.ts'
import { tryAll } from './run.ts'
import type { Answer, Ask } from './wire.ts'

// Every action × role × shape. A new action needs a plan in action-plans.ts, or the first test fails.

let harness: Harness
let actions: readonly Action[]

beforeAll(async () => {
  harness = await openHarness()
  await makeTeachable(harness)
  actions = (await discover<Action>('actions')).map(({ value }) => value)
})

afterAll(async () => {
  console.log(`${harness?.wire.sent()} requests`)
  await harness?.close()
})

const everywhere = (make: (attack: Attack, action: Action) => Case[]): Case[] =>
  harness.ofKoala.flatMap((attack) => actions.flatMap((action) => make(attack, action)))

/** Tries the cases; nothing in the database may be otherwise afterwards. */
async function triedInVain(cases: Case[]) {
  const { fixtures, wire } = harness
  const before = await fixtures.snapshot()
  const findings = new Findings()
  const statuses = await tryAll(cases, { wire, oracles: harness.oracles(before), findings })
  for (const change of changes(before, await fixtures.snapshot())) findings.add('is changed', change)
  return { report: findings.report(), statuses }
}

const attackBy = (role: string): Attack => harness.ofKoala.find(({ actor }) => actor.role === role)!
const doerOf = (action: Action, ready: Ready): Attack => ready.by ?? attackBy(action.may[0]!)
const send = async ({ actor }: Attack, ask: Ask) => await harness.wire.send(actor.cookie, ask)

it('knows how every action comes to be done', () => {
  const unknown = actions.map(({ name }) => name).filter((name) => !Object.hasOwn(actionPlans, name))
  expect(unknown, 'add how it comes to be possible to tests/security/action-plans.ts').toEqual([])
  const gone = Object.keys(actionPlans).filter((name) => !actions.some((action) => action.name === name))
  expect(gone, 'take these out of tests/security/action-plans.ts').toEqual([])
  const files = Object.values(actionPlans).flatMap((plan) => ('doneIn' in plan ? [plan.doneIn] : []))
  expect(
    files.filter((file) => !existsSync(root(file))),
    'these tests are said to do an action, and are not there',
  ).toEqual([])
})

it('has no action for whoever may not do it, and none under another shape', async () => {
  const { report, statuses } = await triedInVain(everywhere(notTheirs))
  expect(report).toEqual([])
  expect(statuses.get(404)).toBeGreaterThan(300)
})

it('does nothing to records of another school, nor to those that are chosen together with one', async () => {
  const { report } = await triedInVain(everywhere(toForeign))
  expect(report).toEqual([])
})

it('takes no form that names a record of another school', async () => {
  const { report } = await triedInVain(everywhere(withForeign))
  expect(report).toEqual([])
})

it('answers whatever a form holds with a sentence, and does nothing', { timeout: 120_000 }, async () => {
  const EACH = 12
  const cases = everywhere((attack, action) =>
    share(withJunk(attack, action), harness.ofKoala.indexOf(attack) + actions.indexOf(action), EACH),
  )
  const { report } = await triedInVain(cases)
  expect(report).toEqual([])
})

it('shows what would happen and leaves nothing of it behind', { timeout: 120_000 }, async () => {
  const { fixtures } = harness
  const findings = new Findings()
  for (const action of actions) {
    const plan = actionPlans[action.name]
    if (!plan || 'doneIn' in plan) continue
    const ready = await plan(harness)
    const before = await fixtures.snapshot()
    const oracles = harness.oracles(before)
    const path = pathOf(action, ready.ids)
    for (const attack of harness.ofKoala.filter(({ actor }) => action.may.includes(actor.role))) {
      const ask = tries(path, ready.input)
      const answer = await send(attack, ask)
      for (const problem of oracles.examine(attack.actor, ask, answer)) findings.add(problem, action.name)
      if (attack === doerOf(action, ready) && saidIn(answer).state !== 'preview')
        findings.add('cannot be tried', `${action.name}: ${answer.status} ${answer.text.slice(0, 300)}`)
    }
    for (const change of changes(before, await fixtures.snapshot()))
      findings.add('leaves something behind', `${action.name}: ${change}`)
  }
  expect(findings.report()).toEqual([])
})

it(
  'is done once, however often the button is pressed, and by nobody else with the same key',
  { timeout: 120_000 },
  async () => {
    const findings = new Findings()
    for (const action of actions) {
      const plan = actionPlans[action.name]
      if (!plan || 'doneIn' in plan) continue
      const ready = await plan(harness)
      for (const problem of await pressedOften(action, ready)) findings.add(problem, action.name)
    }
    expect(findings.report()).toEqual([])
  },
)

const inWords = (answer: Answer): string => {
  const { state, message, run, open } = saidIn(answer)
  return [state, message, run, open?.model, open?.id].join(' ')
}

async function pressedOften(action: Action, ready: Ready): Promise<string[]> {
  const { fixtures } = harness
  const doer = doerOf(action, ready)
  const path = pathOf(action, ready.ids)
  const { input } = ready
  const shown = saidIn(await send(doer, tries(path, input)))
  const ask = commits(path, { key: randomUUID(), hash: shown.preview?.hash, input })
  const atOnce = await Promise.all([send(doer, ask), send(doer, ask), send(doer, ask)])
  const said = atOnce.map(inWords)
  const { state } = saidIn(atOnce[0])
  if (!['done', 'running', 'waiting'].includes(String(state))) return [`is not done\n${said[0]!.slice(0, 300)}`]
  const after = await fixtures.snapshot()
  const again = inWords(await send(doer, ask))
  const others = harness.ofKoala.filter((one) => one !== doer && action.may.includes(one.actor.role))
  const stolen = await Promise.all(others.map((one) => send(one, ask)))
  const { key } = JSON.parse(String(ask.body)) as { key: string }
  const runs = [...after].filter(([row, { values }]) => row.startsWith('ActionRun ') && values.idempotencyKey === key)
  return [
    ...(new Set([...said, again]).size === 1 ? [] : [`is answered otherwise the second time\n${said.join(' AND ')}`]),
    ...(runs.length === 1 ? [] : [`has ${runs.length} runs`]),
    ...stolen.flatMap((answer) =>
      ['done', 'running', 'waiting'].includes(String(saidIn(answer).state)) ? ['is done with the key of another'] : [],
    ),
    ...changes(after, await fixtures.snapshot()).map((change) => `is done twice\n${change}`),
    ...twiceIn(
      after,
      atOnce.map(({ headers }) => String(headers['x-request-id'])),
    ),
  ]
}

/** Presses at the same moment: the audit log knows one of them. */
function twiceIn(after: Snapshot, requests: readonly string[]): string[] {
  const audited = new Set(
    [...after].filter(([key]) => key.startsWith('AuditLog ')).map(([, { values }]) => String(values.requestId)),
  )
  return requests.filter((request) => audited.has(request)).length > 1 ? ['leaves traces of two presses'] : []
}

it('does nothing that was not looked at first, as it is now', async () => {
  const cases: Case[] = []
  for (const action of actions) {
    const plan = actionPlans[action.name]
    if (!plan || 'doneIn' in plan) continue
    const ready = await plan(harness)
    const { actor } = doerOf(action, ready)
    const wants: Case['wants'] = (answer) =>
      saidIn(answer).state === 'stale'
        ? null
        : `is not asked to look: ${saidIn(answer).message ?? answer.text.slice(0, 200)}`
    for (const hash of [undefined, '', 'x'.repeat(43)]) {
      const ask = commits(pathOf(action, ready.ids), { key: randomUUID(), hash, input: ready.input })
      cases.push({ actor, ask, wants })
    }
  }
  expect((await triedInVain(cases)).report).toEqual([])
})

/** Those whose approval is tried where what they do is: tests/actions/payouts.test.ts, tests/admin/privacy.test.ts. */
const ASKED_ELSEWHERE: ReadonlySet<string> = new Set([
  'instructor.adjust-payable',
  'guardian.anonymise',
  'instructor.anonymise',
  'student.anonymise',
  'user.anonymise',
])

it('is approved by none but the roles that are named, and never by who asked', async () => {
  const able = harness.ofKoala.filter(({ actor }) => approve.may.includes(actor.role))
  const cases: Case[] = []
  const asking = actions.find(({ name }) => name === 'rate-card.adjust-prices')!
  expect(
    actions.flatMap(({ approval, name }) => (approval && !ASKED_ELSEWHERE.has(name) ? [name] : [])),
    'ask for the approval of every action that needs one, here and in waitingRun',
  ).toEqual([asking.name])
  for (const asker of harness.ofKoala.filter(({ actor }) => asking.may.includes(actor.role))) {
    const run = await waitingRun(harness, asker)
    const forbidden = able.filter(({ actor }) => actor === asker.actor || !asking.approval!.by.includes(actor.role))
    for (const { actor } of forbidden)
      for (const address of ['approve', 'reject']) {
        const path = record('ActionRun', run, address)
        const input = address === 'reject' ? { reason: 'because of the test' } : {}
        const wants: Case['wants'] = (answer) =>
          answer.status >= 400 || saidIn(answer).state === 'refused' ? null : `is ${saidIn(answer).state}`
        cases.push({ actor, ask: tries(path, input), wants })
        cases.push({ actor, ask: commits(path, { key: randomUUID(), hash: 'x', input }), wants })
      }
  }
  expect(cases.length).toBeGreaterThan(15)
  expect((await triedInVain(cases)).report).toEqual([])
})

it('asks for the password where it matters, once that was given some time ago', async () => {
  const { fixtures } = harness
  const careful = actions.filter(({ reauth }) => reauth)
  expect(careful.map(addressOf)).toContain('approve')
  const cases: Case[] = []
  for (const action of careful) {
    const plan = actionPlans[action.name]
    if (!plan || 'doneIn' in plan) continue
    const ready = await plan(harness)
    const doer = doerOf(action, ready)
    const path = pathOf(action, ready.ids)
    const shown = saidIn(await send(doer, tries(path, ready.input)))
    const form = { key: randomUUID(), hash: shown.preview?.hash, input: ready.input }
    const wants: Case['wants'] = (answer) =>
      saidIn(answer).state === 'password' ? null : `is answered ${answer.text.slice(0, 200)}`
    cases.push({ actor: doer.actor, ask: commits(path, form), wants })
  }
  const ago = Date.now() - 6 * 60_000
  await fixtures.query(
    `UPDATE auth.session SET sess = (jsonb_set(sess::jsonb, '{createdAt}', to_jsonb($1::bigint)) - 'confirmedAt')::json`,
    [ago],
  )
  expect((await triedInVain(cases)).report).toEqual([])
})
