import { forbidden, notFound } from '../../core/errors.ts'
import { answerTo, formOf } from '../actions/offer.ts'
import { matching } from '../actions/handlers.ts'
import type { Endpoint, EndpointCall } from '../endpoints.ts'

async function callFor({ ctx, admin, view, params, query }: EndpointCall) {
  const offered = view().actions?.list.find(({ address }) => address === params.action)
  if (!offered) throw notFound('There is no such page.')
  if (offered.action.on !== 'bulk') throw forbidden('This cannot be done to several records at once.')
  const { school } = admin
  return { ctx, school, view: view(), offered, ids: await matching(ctx, view(), { query, school }) }
}

/** An action on everything that a list shows: its form, then what would happen and doing it. The list's query is the address's. */
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
