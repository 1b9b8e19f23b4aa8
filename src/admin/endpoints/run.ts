import { AppError, notFound } from '../../core/errors.ts'
import { may } from '../../core/permissions.ts'
import { NONE_REFUSE, answerOf } from '../actions/offer.ts'
import { resultOf } from '../actions/runner.ts'
import type { Endpoint } from '../endpoints.ts'

/** How a run stands: for whoever started it, and for those who see all runs. */
export const run: Endpoint = {
  method: 'GET',
  path: '/runs/:id',
  handle: async ({ ctx, role, id }) => {
    const where = {
      id: id(),
      orgId: ctx.orgId,
      ...(may(role, 'read', 'ActionRun') ? {} : { actorUserId: ctx.userId }),
    }
    const found = await ctx.db.read(ctx, (client) => client.actionRun.findFirst({ where }))
    if (!found) throw notFound('There is no such run in your school.')
    const { progressDone: done, progressTotal: of, summary } = found
    try {
      const result = resultOf(found)
      return { summary, progress: { done, of }, answer: result.state === 'stale' ? null : answerOf(result) }
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return { summary, progress: { done, of }, answer: { state: 'refused', message: error.message, ...NONE_REFUSE } }
    }
  },
}
