import { randomUUID } from 'node:crypto'
import type { Context } from '../context.ts'
import type { Database } from '../db.ts'
import { tenantSettings } from '../tenant-pool.ts'
import type { UnitOfWork } from '../unit-of-work.ts'

/** The program itself, in a school, for something that nobody asked for. */
export function nobodyOf(db: Database, orgId: string): Context {
  return { db, orgId, userId: null, role: null, actorKind: 'system', ip: null, requestId: randomUUID() }
}

/** From here on the transaction is that of `ctx`, for policies and audit; the school stays the same. */
export async function actAs({ tx }: UnitOfWork, ctx: Context): Promise<void> {
  const settings = Object.entries({ role: 'none', ...tenantSettings(ctx) })
  const calls = settings.map((_, index) => `set_config($${2 * index + 1}, $${2 * index + 2}, true)`)
  await tx.$queryRawUnsafe(`SELECT ${calls.join(', ')}`, ...settings.flat())
}

/** Like actAs, but says nothing where nothing changes: events of one request, or of nobody, follow each other. */
export function acting(work: UnitOfWork, begun: Context): (ctx: Context) => Promise<void> {
  const keyOf = (ctx: Context) => Object.values(tenantSettings(ctx)).join('\n')
  let current = keyOf(begun)
  return async (ctx) => {
    if (keyOf(ctx) === current) return
    await actAs(work, ctx)
    current = keyOf(ctx)
  }
}

/** From here on the transaction may end jobs and begin others; it reads and writes nothing of the school. */
export async function actAsDispatcher({ tx }: UnitOfWork): Promise<void> {
  await tx.$queryRaw`SELECT set_config('role', 'driveflow_worker', true)`
}
