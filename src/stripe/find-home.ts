import type Stripe from 'stripe'
import type { Database } from '../core/db.ts'
import { type Subject, subjectsOf } from './event-subject.ts'

/** Whose an event is, by our own rows. */
export interface Home {
  readonly orgId: string
  /** The rows that it is about, by what they are at Stripe. */
  readonly rows: Partial<Record<Subject['kind'], string>>
}

/** `nobody`: none of its objects is ours, or not yet · `strangers`: it mixes two schools, or an account that is nobody's. */
export type Whereabouts = Home | 'nobody' | 'strangers'

/** The school comes from our rows alone, never from what an event says about itself. */
export async function findHome(db: Database, event: Stripe.Event): Promise<Whereabouts> {
  const subjects = subjectsOf(event)
  const found = await Promise.all(subjects.map(async (subject) => ({ subject, home: await homeOf(db, subject) })))
  const known = found.flatMap(({ subject, home }) => (home ? [{ subject, ...home }] : []))
  const account = known.find(({ subject }) => subject.kind === 'account')
  if (event.account && !account) return 'strangers'
  const [first] = known
  if (!first) return 'nobody'
  if (known.some(({ orgId }) => orgId !== first.orgId)) return 'strangers'
  const about = subjects.find(({ kind }) => kind === 'account')
  // an account tells about itself, never about another
  if (event.account && about && about.id !== event.account) return 'strangers'
  return {
    orgId: first.orgId,
    rows: Object.fromEntries(known.map(({ subject, rowId }) => [subject.kind, rowId])),
  }
}

async function homeOf(db: Database, { kind, id }: Subject): Promise<{ orgId: string; rowId: string } | undefined> {
  const { rows } = await db.workerQuery('SELECT school, row_id FROM stripe_home($1, $2)', [kind, id])
  const [row] = rows as { school: string | null; row_id: string }[]
  return row?.school ? { orgId: row.school, rowId: row.row_id } : undefined
}
