import { type PanelRole, may } from '../../src/core/permissions.ts'
import { type Model, fieldOf, modelOf, models } from '../../src/core/schema.ts'
import { type Expectations, propertyName } from './expectations.ts'
import { type CanarySchool, PLATFORM_TOKEN, type Snapshot } from './fixtures.ts'
import { placesIn } from './rows.ts'
import { TEST_PASSWORD_HASH } from '../support/server.ts'
import type { Answer, Ask } from './wire.ts'

/** Somebody signed in, or nobody. */
export interface Actor {
  readonly name: string
  readonly role: PanelRole | null
  readonly school: CanarySchool | null
  readonly cookie: string
}

/** What must hold for every answer, whoever asked for what. */
export interface Oracles {
  /** @returns what is wrong with the answer, as sentences */
  readonly examine: (actor: Actor, ask: Ask, answer: Answer) => string[]
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi

export function createOracles(schools: readonly CanarySchool[], stored: Snapshot, expected: Expectations): Oracles {
  const idsOf = new Map(
    schools.map((school) => [
      school,
      new Set([...stored].filter(([, row]) => row.orgId === school.orgId).map(([key]) => key.split(' ')[1]!)),
    ]),
  )
  // to somebody who is not signed in every school is foreign
  const foreignTo = (actor: Actor) => schools.filter((school) => school !== actor.school)

  return {
    examine(actor, ask, answer) {
      const text = withCursors(answer.text)
      const asked = `${ask.path} ${String(ask.body ?? '')}`.toLowerCase()
      const foreign = foreignTo(actor)
      return [
        ...(answer.status >= 500 ? [`status ${answer.status}`] : []),
        ...foreign.filter(({ token }) => text.includes(token)).map(({ token }) => `shows a text of ${token}`),
        ...(text.includes(PLATFORM_TOKEN) ? ['shows a text that belongs to no school'] : []),
        ...(text.includes(TEST_PASSWORD_HASH) ? ['shows a password hash'] : []),
        ...[...new Set(text.match(UUID) ?? [])]
          .filter((id) => !asked.includes(id) && foreign.some((school) => idsOf.get(school)!.has(id)))
          .map((id) => `shows the foreign id ${id}`),
        ...hiddenIn(text, answer, { actor, expected, ask }),
        ...(ask.method === 'HEAD' ? [] : unkindWordsIn(answer)),
      ]
    },
  }
}

/** The cursors of a list hold values of its rows. */
function withCursors(text: string): string {
  const cursors = [...text.matchAll(/"(?:next|previous)":"([\w-]+)"/g)].map((match) => match[1]!)
  return [text, ...cursors.map((cursor) => Buffer.from(cursor, 'base64url').toString('utf8'))].join('\n')
}

interface Reading {
  actor: Actor
  expected: Expectations
  ask: Ask
}

function hiddenIn(text: string, answer: Answer, { actor, expected, ask }: Reading): string[] {
  const { role } = actor
  if (!role) return []
  const texts = [...placesIn(text)].filter((place) => !expected.mayShow(role, place))
  const model = /\/api\/(?:resources|panel\/as-of)\/(\w+)\//.exec(ask.path)?.[1]
  const unlisted = answer.status === 200 && model ? unlistedKeys(answer, role, { model, expected }) : []
  return [...texts.map((place) => `shows the hidden ${place}`), ...unlisted.map((key) => `has the hidden key ${key}`)]
}

interface RecordLike {
  params?: Record<string, unknown>
  populated?: Record<string, { params?: Record<string, unknown> }>
}

/** Keys of records that no column readable by the role accounts for, not even when the browser sent them. */
function unlistedKeys(answer: Answer, role: PanelRole, about: { model: string; expected: Expectations }): string[] {
  const body = jsonOf(answer) as { record?: RecordLike; records?: RecordLike[] } | null
  const records = [...(body?.record ? [body.record] : []), ...(body?.records ?? [])]
  const model = modelOf(about.model)
  const allowed = new Set(['id', ...about.expected.readable(role, model).map(({ name }) => propertyName(model, name))])
  const isOpenPath = (key: string) => isReadablePath(about.expected, { role, model }, key)
  return records.flatMap(({ params = {}, populated = {} }) => [
    ...Object.keys(params).filter((key) => !allowed.has(key) && !isOpenPath(key)),
    ...Object.keys(populated).filter((key) => !allowed.has(key)),
    ...Object.values(populated).flatMap((reference) =>
      Object.keys(reference.params ?? {}).filter((key) => key !== 'id'),
    ),
  ])
}

/** `student.phone`: a column of a record that it refers to, which the role sees there in full. */
export function isReadablePath(
  expected: Expectations,
  { role, model }: { role: PanelRole; model: Model },
  key: string,
): boolean {
  const [relation, column] = key.split('.') as [string, string | undefined]
  const target = column === undefined ? undefined : models.get(fieldOf(model, relation)?.type ?? '')
  if (!target || !may(role, 'read', target.name)) return false
  return (
    expected.readable(role, target).some(({ name }) => name === column) &&
    !expected.masked(role, target).some(({ name }) => name === column)
  )
}

/** Words of the machinery, which are no help to anybody but an attacker. */
const MACHINERY =
  /prisma|\bsql\b|\bselect\b.*\bfrom\b|insert into|delete from|\bat \S+ \(|node_modules|file:\/\/|\.[jt]s:\d|violates|constraint|relation "|column "|duplicate key|invalid (input|byte)|typeerror|cannot read|undefined|\bnull\b|\bnan\b|\[object|\bpg_|permission denied|row-level|adminjs|docs\./i

// a sentence may begin with a number, or with the name of a record, which is a canary here
const SENTENCE = /^([A-Z\d"“]|\w+~\w+\.\w+~).{8,}[.!?…]$/s

/** Every refusal is a sentence for a person, without anything about how the program works inside. */
function unkindWordsIn(answer: Answer): string[] {
  const messages = answer.status >= 400 ? [refusalOf(answer)] : noticesOf(answer)
  return messages.flatMap((message) => {
    if (message === undefined) return ['refuses without a sentence']
    if (MACHINERY.test(message)) return [`speaks of the machinery: ${message.slice(0, 160)}`]
    return SENTENCE.test(message) ? [] : [`says no sentence: ${message.slice(0, 160)}`]
  })
}

function refusalOf(answer: Answer): string | undefined {
  const type = String(answer.headers['content-type'] ?? '')
  if (type.startsWith('text/html')) return /<p>([^<]+)<\/p>/.exec(answer.text)?.[1]?.replaceAll('&quot;', '"')
  const body = jsonOf(answer) as { message?: string } | null
  const keys = Object.keys(body ?? {}).filter((key) => key !== 'message' && key !== 'requestId')
  return keys.length > 0 ? undefined : body?.message
}

/** What an answer of 200 says went wrong. */
function noticesOf(answer: Answer): string[] {
  const body = jsonOf(answer) as {
    notice?: { message: string; type: string }
    record?: { errors?: Record<string, { message: string }> }
    answer?: { message?: string; errors?: Record<string, string>; reasons?: { sentence: string }[] }
  } | null
  const notice = body?.notice?.type === 'error' ? [body.notice.message] : []
  // of an action: also why it is refused, field by field and record by record
  const { message, errors = {}, reasons = [] } = body?.answer ?? {}
  const refusals = [...Object.values(errors), ...reasons.map(({ sentence }) => sentence)]
  const inForm = Object.values(body?.record?.errors ?? {}).map((one) => one.message)
  return [...notice, ...inForm, ...(message === undefined ? [] : [message]), ...refusals]
}

export function jsonOf(answer: Answer): unknown {
  if (!String(answer.headers['content-type'] ?? '').includes('json')) return null
  try {
    return JSON.parse(answer.text) as unknown
  } catch {
    return null
  }
}

/** An answer without what differs by nature: the ids or the name asked about, the request's id, nonces. */
export function comparable(ask: Ask, answer: Answer, name?: string): string {
  const ids = [...new Set(`${ask.path} ${String(ask.body ?? '')}`.match(UUID) ?? [])]
  const plain = answer.text.replaceAll(/"requestId":"[^"]*"|<code>[^<]*<\/code>/g, '').replaceAll(/nonce="[^"]*"/g, '')
  const unnamed = name === undefined ? plain : plain.replaceAll(name, '<name>')
  return `${answer.status} ${ids.reduce((text, id, n) => text.replaceAll(id, `<id ${n}>`), unnamed)}`
}

/** All that went wrong in a run; one line per kind of finding, with how often and examples. */
export class Findings {
  readonly #byKind = new Map<string, string[]>()

  /** @param problem its first line is the kind of finding, the rest is told with the example */
  add(problem: string, about: string): void {
    const [kind = '', ...details] = problem.replaceAll(UUID, '<id>').split('\n')
    this.#byKind.set(kind, [...(this.#byKind.get(kind) ?? []), [about, ...details].join('\n      ')])
  }

  report(): string[] {
    return [...this.#byKind].map(
      ([kind, places]) => `${kind} — ${places.length} ×, for example:\n    ${sample(places).join('\n    ')}`,
    )
  }
}

const EXAMPLES = 4

/** Spread over all of them, not the first ones. */
const sample = (places: string[]): string[] =>
  Array.from(
    { length: Math.min(EXAMPLES, places.length) },
    (_, n) => places[Math.floor((n * places.length) / EXAMPLES)] ?? places[n]!,
  )
