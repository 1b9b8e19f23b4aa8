import type { ActionRun } from '@prisma/client'
import { AppError, conflict, notFound } from '../../core/errors.ts'
import { may } from '../../core/permissions.ts'
import type { Actions } from '../actions/offer.ts'
import { NONE_REFUSE, answerOf } from '../actions/offer.ts'
import { resultOf } from '../actions/runner.ts'
import type { Endpoint, EndpointCall } from '../endpoints.ts'

/** How a run stands: for whoever started it, and for those who see all runs. */
export const run: Endpoint = {
  method: 'GET',
  path: '/runs/:id',
  handle: async (call) => {
    const found = await runIn(call, may(call.role, 'read', 'ActionRun'))
    const { progressDone: done, progressTotal: of, summary } = found
    const again = actionsToRepeat(call, found) !== undefined
    return { summary, progress: { done, of }, again, answer: standing(found) }
  },
}

/** A long run that failed, once more. */
export const runAgain: Endpoint = {
  method: 'POST',
  path: '/runs/:id/again',
  handle: async (call) => {
    const found = await runIn(call, false)
    const actions = actionsToRepeat(call, found)
    if (!actions) throw conflict('This cannot be tried again as it is. Open its form once more.')
    await actions.runner.again(call.ctx, found.id)
    return {}
  },
}

/** @throws AppError NotFound when it is not there, or is not one's own */
async function runIn({ ctx, id }: EndpointCall, ofAnybody: boolean): Promise<ActionRun> {
  const where = { id: id(), orgId: ctx.orgId, ...(ofAnybody ? {} : { actorUserId: ctx.userId }) }
  const found = await ctx.db.read(ctx, (client) => client.actionRun.findFirst({ where }))
  if (!found) throw notFound('There is no such run in your school.')
  return found
}

function standing(found: ActionRun) {
  try {
    const result = resultOf(found)
    return result.state === 'stale' ? null : answerOf(result)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { state: 'refused', message: error.message, ...NONE_REFUSE }
  }
}

/**
 * What does it again: for whoever asked, as long as the role may. Not where the password or somebody's agreement was
 * needed, which were given for that one time, and not what was refused before the worker had it.
 */
function actionsToRepeat({ ctx, views }: EndpointCall, found: ActionRun): Actions | undefined {
  const { status, request, actorUserId, approvers, recordType } = found
  if (status !== 'failed' || request === null || actorUserId !== ctx.userId || approvers !== null) return undefined
  const actions = views.get(recordType ?? '')?.actions
  const offered = actions?.list.find(({ action }) => action.name === found.action)
  return offered && !offered.action.reauth ? actions : undefined
}
