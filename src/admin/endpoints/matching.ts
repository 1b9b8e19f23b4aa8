import { type Action, MOST_RECORDS } from '../../core/action.ts'
import { type Context, isUuid } from '../../core/context.ts'
import { forbidden, invalid, notFound } from '../../core/errors.ts'
import { matching } from '../actions/handlers.ts'
import { answerTo, formOf } from '../actions/offer.ts'
import { refusedActions } from '../actions/subjects.ts'
import type { Endpoint, EndpointCall } from '../endpoints.ts'

async function callFor({ ctx, admin, view, params, query }: EndpointCall) {
  const offered = view().actions?.list.find(({ address }) => address === params.action)
  if (!offered) throw notFound('There is no such page.')
  if (offered.action.on !== 'bulk') throw forbidden('This cannot be done to several records at once.')
  const { school } = admin
  const { without, ...list } = query
  const out = leftOut(without)
  const all = (await matching(ctx, view(), { query: list, school })).filter((id) => !out.has(id))
  const ids = without ? await willing(ctx, offered.action, all) : all
  return { ctx, school, view: view(), offered, ids }
}

/** @throws AppError Invalid when it is not `refused`, with or without ids behind it */
function leftOut(without: string | undefined): ReadonlySet<string> {
  const [word, ...ids] = without?.split(',') ?? ['refused']
  if (word !== 'refused' || !ids.every((id) => isUuid(id)))
    throw invalid('Only those that refuse can be left out.', 'without')
  return new Set(ids)
}

/** Those that do not refuse; where there are none, or too many at once, all of them, so that this is said. */
async function willing(ctx: Context, action: Action, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length > MOST_RECORDS) return ids
  const refused = await refusedActions(ctx, [action], ids)
  const left = ids.filter((id) => !refused.get(id)?.has(action.name))
  return left.length > 0 ? left : ids
}

/**
 * An action on everything that a list shows: its form, then what would happen and doing it. The list's query is the
 * address's; `without=refused` leaves out the records that refuse it now, `without=refused,<id>,…` also those that were
 * found to refuse when it was tried.
 */
export const matchingForm: Endpoint = {
  method: 'GET',
  path: '/matching/:model/:action',
  handle: async (call) => ({ form: await formOf(await callFor(call)) }),
}

export const matchingAction: Endpoint = {
  method: 'POST',
  path: '/matching/:model/:action',
  handle: async (call) => ({ answer: await answerTo(await callFor(call), call.body) }),
}
