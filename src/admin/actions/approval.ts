import type { Work } from '../../core/action.ts'
import { nowOf } from '../../core/context.ts'
import type { Scalars } from '../../core/declaration.ts'
import { conflict } from '../../core/errors.ts'
import type { Catalogue, Offered } from './catalogue.ts'
import { parseInput } from './input.ts'
import { AT_ONCE, type Later, type Wish, isLong, keptOf, perform, recordEvent } from './perform.ts'
import type { School } from '../records/selection.ts'

/** What a run keeps of what was asked for. */
export interface Asked {
  readonly ids: string[]
  readonly typed: unknown
  readonly title: string
}

/** Runs that somebody has agreed to: done at once with both people in the record, or handed on. */
export class ApprovedRuns {
  readonly #catalogue: Catalogue
  readonly #later: Later

  constructor(catalogue: Catalogue, later: Later) {
    this.#catalogue = catalogue
    this.#later = later
  }

  async carryOut(work: Work, run: Scalars<'ActionRun'>, isTrial: boolean): Promise<void> {
    const offered = this.#catalogue.named(run.action)
    if (!offered) throw conflict('This cannot be done any more: the program no longer has it.')
    await stillAllowed(work, run, offered)
    const wish = await wishOf(work, run, offered)
    const agreed = { approvedById: work.userId, decidedAt: nowOf(work) }
    if (isLong(wish) && !isTrial) {
      await work.tx.actionRun.updateMany({ where: { id: run.id }, data: { ...agreed, status: 'queued' } })
      await this.#later(work, run.id)
      return
    }
    const outcome = await perform(work, wish, isTrial ? AT_ONCE : Infinity)
    await recordEvent(work, wish, { run: run.id, approved: true })
    const data = { ...agreed, status: 'succeeded', result: keptOf(outcome), finishedAt: nowOf(work) } as const
    await work.tx.actionRun.updateMany({ where: { id: run.id }, data })
  }
}

/** Whoever asked must still be somebody who may. */
async function stillAllowed(work: Work, run: Scalars<'ActionRun'>, { action }: Offered): Promise<void> {
  const role = { in: [...action.may] }
  const where = { orgId: work.orgId, userId: run.actorUserId ?? '', status: 'active', role } as const
  if (!run.actorUserId || !(await work.tx.userOrg.findFirst({ where, select: { id: true } })))
    throw conflict('Whoever asked for this may no longer do it. Reject it.')
}

/** The wish again, judged anew: what was right then may be wrong now. */
export async function wishOf(work: Work, run: Scalars<'ActionRun'>, offered: Offered): Promise<Wish> {
  const { ids, typed, title } = run.request as unknown as Asked
  const school = await schoolOf(work)
  const input = await parseInput(work, offered, { typed, school })
  return { action: offered.action, ids, input, typed, title, key: run.idempotencyKey }
}

async function schoolOf(work: Work): Promise<School> {
  const { timeZone, currency } = await work.tx.org.findFirstOrThrow({ where: { id: work.orgId } })
  return { timeZone, currency }
}
