import type { Context } from '../../core/context.ts'
import { AppError } from '../../core/errors.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { told } from '../records/records.ts'
import type { CheckedRow } from './check-rows.ts'
import { insertRecords } from './insert-records.ts'
import type { Plan } from './plan.ts'

/** Thrown to take back what was only tried. */
class Rehearsed extends Error {}

/** Writes the rows and takes them back, so that the rules of the database are asked too. */
export async function rehearsed(ctx: Context, plan: Plan, checked: readonly CheckedRow[]): Promise<CheckedRow[]> {
  const good = checked.filter(({ data }) => data !== undefined)
  const tryRows = (rows: readonly CheckedRow[]) =>
    tried(ctx, (work) =>
      insertRecords(
        work,
        plan,
        rows.map(({ data }) => data!),
      ),
    )
  if ((await tryRows(good)) === null) return [...checked]
  const reasons = new Map<string, string>()
  for (const one of good) {
    const refusal = await tryRows([one])
    if (refusal) reasons.set(one.row.id, refusal.message)
  }
  return checked.map((one) => {
    const problem = reasons.get(one.row.id)
    return problem ? { row: one.row, problem } : one
  })
}

/** Does it and takes it back. @returns why it cannot be done */
export async function tried(ctx: Context, fn: (work: UnitOfWork) => Promise<void>): Promise<AppError | null> {
  try {
    await told(
      ctx.db.transaction(ctx, async (tx) => {
        await fn({ ...ctx, tx })
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
