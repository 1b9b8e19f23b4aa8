import type { Context } from '../../core/context.ts'
import type { Database, Query } from '../../core/db.ts'
import { type Bad, type Boundary, Chain, type Link, type Mark } from './chain.ts'
import { contentOf, redactionOf } from './content.ts'
import type { Redaction } from './redactions.ts'

const BATCH = 4_000
const SCHOOLS_AT_ONCE = 4

export interface SchoolCheck {
  readonly orgId: string
  readonly name: string
  /** Sealed rows that were looked at. */
  readonly checked: number
  /** Rows that wait to be sealed. */
  readonly unsealed: number
  /** Rows that a person's values were taken out of, each named by a row that says so. */
  readonly redacted: number
  readonly bad: Bad | undefined
}

/** Heads of the chain that were written down elsewhere, by school. */
export type Marks = ReadonlyMap<string, readonly Mark[]>

interface Wanted {
  /** Only this school; all when nothing is said. */
  readonly school?: string | undefined
  readonly marks: Marks
}

/** Checks the chains of all schools, several at a time, each row once. Nothing is held but a batch for each. */
export async function* verifyAudit(db: Database, { school, marks }: Wanted): AsyncGenerator<SchoolCheck> {
  const { rows } = await db.workerQuery(
    'SELECT id, name FROM "Org" WHERE $1::uuid IS NULL OR id = $1::uuid ORDER BY name, id',
    [school ?? null],
  )
  const waiting = rows as { id: string; name: string }[]
  const running = new Set<Promise<SchoolCheck>>()
  while (waiting.length > 0 || running.size > 0) {
    while (running.size < SCHOOLS_AT_ONCE && waiting.length > 0) {
      const one = waiting.shift()!
      const check = verifySchool(db, one, marks.get(one.id) ?? [])
      running.add(check)
      // told below, whichever is first
      check.catch(() => {})
    }
    const { check, done } = await Promise.race([...running].map(async (one) => ({ check: one, done: await one })))
    running.delete(check)
    yield done
  }
}

async function verifySchool(
  db: Database,
  { id, name }: { id: string; name: string },
  outside: readonly Mark[],
): Promise<SchoolCheck> {
  const ctx = contextFor(db, id)
  const before = await standing(ctx)
  const marks = [...outside, ...before.marks].filter(({ number }) => number >= (before.boundary?.number ?? 0))
  const { boundary } = before
  const chain = new Chain(id, { upTo: before.head, marks, ...(boundary && { boundary }) })
  let next: Promise<unknown[][]> | undefined = page(ctx, null)
  while (next) {
    const rows: unknown[][] = await next
    const last = rows.at(-1)
    // the next rows travel while these are hashed
    next = rows.length < BATCH ? undefined : page(ctx, { at: last![7] as string, id: last![0] as string })
    for (const row of rows) chain.add(linkOf(row))
  }
  const after = await standing(ctx)
  const bad = chain.end(after.head)
  const { checked, unsealed, redacted } = chain
  return { orgId: id, name, checked, unsealed, redacted, bad }
}

const linkOf = ([id, number, previous, hash, content, format, redaction]: unknown[]): Link => ({
  id: id as string,
  number: number as number | null,
  previous: previous as string | null,
  hash: hash as string | null,
  content: content as string,
  format: format as number,
  redaction: redaction === null ? null : (JSON.parse(redaction as string) as Redaction),
})

function page(ctx: Context, after: { at: string; id: string } | null): Promise<unknown[][]> {
  const text = `SELECT l.id, l.number, l."prevHash", l.hash, ${contentOf('l')}, l.format,
      ${redactionOf('l')}, l."createdAt"::text FROM "AuditLog" l
    WHERE l."orgId" = $1::uuid ${after ? 'AND (l."createdAt", l.id) > ($2::timestamptz, $3::uuid)' : ''}
    ORDER BY l."createdAt", l.id LIMIT ${BATCH}`
  const query: Query = { text, values: after ? [ctx.orgId, after.at, after.id] : [ctx.orgId], prepared: true }
  return ctx.db.select(ctx, [query]).then(([rows]) => rows!)
}

/** Where the database says the chain is: its head, the days it was noted on, and the months that were taken out. */
async function standing(ctx: Context): Promise<{ head: number; marks: Mark[]; boundary: Boundary | undefined }> {
  const [heads, seals, boundaries] = await ctx.db.batch(ctx, [
    { text: 'SELECT number, hash FROM audit.head WHERE "orgId" = $1::uuid', values: [ctx.orgId] },
    {
      text: 'SELECT "rowCount", hash, "sealedOn"::text FROM "AuditSeal" WHERE "orgId" = $1::uuid ORDER BY "sealedOn"',
      values: [ctx.orgId],
    },
    {
      text: 'SELECT number, hash, part, strays FROM audit.boundary WHERE "orgId" = $1::uuid ORDER BY number DESC LIMIT 1',
      values: [ctx.orgId],
    },
  ])
  const [head] = heads!
  const [boundary] = boundaries!
  const marks = seals!.map(([number, hash, day]) => mark(number, hash, `the seal of ${String(day)}`))
  if (head) marks.push(mark(head[0], head[1], 'the database'))
  return {
    head: (head?.[0] as number | undefined) ?? 0,
    marks,
    boundary: boundary && { ...mark(boundary[0], boundary[1], String(boundary[2])), strays: boundary[3] as number[] },
  }
}

const mark = (number: unknown, hash: unknown, by: string): Mark => ({
  number: number as number,
  hash: hash as string,
  by,
})

const contextFor = (db: Database, orgId: string): Context => ({
  db,
  orgId,
  userId: null,
  role: null,
  actorKind: 'system',
  ip: null,
  requestId: 'audit:verify',
})
