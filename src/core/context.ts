import { AsyncLocalStorage } from 'node:async_hooks'
import type { ActorKind, OrgRole } from '@prisma/client'
import type { Database } from './db.ts'

/** Who acts, for which school, in which request. The first argument of every operation; never stored. */
export interface Context {
  readonly db: Database
  readonly orgId: string
  readonly userId: string | null
  readonly role: OrgRole | null
  readonly actorKind: ActorKind
  readonly ip: string | null
  readonly requestId: string
  /** Why a rule of the database is overridden in this transaction; recorded with every row it touches. */
  readonly override?: string
  /** The time it is; the clock's, unless a job catches up or a story is told. */
  readonly now?: Date
  /** When the person gave their password, in epoch milliseconds: some actions ask for it again. */
  readonly passwordAt?: number
  /** Which session it is, as a hash: what is looked at twice in it is noted once. */
  readonly session?: string
}

export const nowOf = (ctx: Context): Date => ctx.now ?? new Date()

const storage = new AsyncLocalStorage<Context>()

/** Runs `fn` with `ctx` as the tenant of every statement it sends. `fn` is awaited inside: Prisma's promises are lazy. */
export function runAs<T>(ctx: Context, fn: () => Promise<T>): Promise<T> {
  return storage.run(ctx, async () => await fn())
}

/** The tenant of the running statement. @throws Error when there is none: nothing reaches the database without a school. */
export function currentContext(): Context {
  const ctx = storage.getStore()
  if (!ctx) throw new Error('no tenant context: go through Database.read, select or transaction')
  return ctx
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const isUuid = (value: unknown): value is string => typeof value === 'string' && uuid.test(value)
