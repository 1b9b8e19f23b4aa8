import type { Context } from '../../core/context.ts'
import { AppError } from '../../core/errors.ts'
import { told } from '../records/records.ts'
import type { CheckedRow } from './check-rows.ts'
import { insertRecords } from './insert-records.ts'
import type { Plan } from './plan.ts'

/** Thrown to take back what was only tried. */
class Rehearsed extends Error {}

/** Writes the rows and takes them back, so that the rules of the database are asked too. */
export async function rehearsed(ctx: Context, plan: Plan, checked: readonly CheckedRow[]): Promise<CheckedRow[]> {
  const good = checked.filter(({ data }) => data !== undefined)
  if ((await tried(ctx, plan, good)) === null) return [...checked]
  const reasons = new Map<string, string>()
  for (const one of good) {
    const refusal = await tried(ctx, plan, [one])
    if (refusal) reasons.set(one.row.id, refusal.message)
  }
  return checked.map((one) => {
    const problem = reasons.get(one.row.id)
    return problem ? { row: one.row, problem } : one
  })
}

async function tried(ctx: Context, plan: Plan, rows: readonly CheckedRow[]): Promise<AppError | null> {
  try {
    await told(
      ctx.db.transaction(ctx, async (tx) => {
        await insertRecords(
          tx,
          plan,
          rows.map(({ data }) => data!),
        )
        // some rules wait for the end, which never comes here
        await tx.$executeRawUnsafe('SET CONSTRAINTS ALL IMMEDIATE')
        throw new Rehearsed()
      }),
    )
    return null
  } catch (error) {
    if (error instanceof Rehearsed) return null
    if (error instanceof AppError) return error
    throw error
  }
}
