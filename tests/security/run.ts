import type { Case } from './cases.ts'
import { type Findings, type Oracles, comparable } from './oracles.ts'
import { type Answer, type Wire, inParallel } from './wire.ts'

/** As many requests as are under way at once. */
const WIDTH = 16

export interface Run {
  readonly wire: Wire
  readonly oracles: Oracles
  readonly findings: Findings
}

/** Tries all cases, neighbours at the same time, and notes whatever is wrong with an answer. @returns how often each status came */
export async function tryAll(cases: readonly Case[], { wire, oracles, findings }: Run): Promise<Map<number, number>> {
  const statuses = new Map<number, number>()
  const likes = new Map<string, string>()
  await inParallel(cases, WIDTH, async (one) => {
    const answer = await wire.send(one.actor.cookie, one.ask)
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
    const problems = [
      ...oracles.examine(one.actor, one.ask, answer),
      one.wants?.(answer) ?? null,
      one.twin ? await differsFromTwin(one, answer, wire) : null,
      one.like ? differsFromLikes(one, answer, likes) : null,
    ]
    for (const problem of problems) if (problem !== null) findings.add(problem, about(one))
  })
  return statuses
}

async function differsFromTwin({ actor, ask, twin }: Case, answer: Answer, wire: Wire): Promise<string | null> {
  const missing = comparable(twin!, await wire.send(actor.cookie, twin!))
  return difference(comparable(ask, answer), missing, 'what is nowhere')
}

function differsFromLikes({ actor, ask, like }: Case, answer: Answer, likes: Map<string, string>): string | null {
  const key = `${actor.name} ${like!.group}`
  const given = comparable(ask, answer, like!.name)
  const first = likes.get(key) ?? given
  likes.set(key, first)
  return difference(given, first, 'its like')
}

const difference = (given: string, wanted: string, what: string): string | null =>
  given === wanted ? null : `is answered otherwise than ${what}\n${given.slice(0, 160)} AND ${wanted.slice(0, 160)}`

export const about = ({ actor, ask }: Case): string =>
  `${actor.name}: ${ask.method ?? 'GET'} ${ask.path.slice(0, 160)} ${String(ask.body ?? '').slice(0, 120)}`
