import type Stripe from 'stripe'
import { STRIPE_VERSION } from '../stripe-version.ts'
import type { Handler } from './call.ts'
import { page } from './lists.ts'
import { missing } from './problem.ts'
import type { State } from './state.ts'

export interface Happened {
  readonly type: Stripe.Event['type']
  readonly object: object
  readonly account?: string | undefined
  readonly previous?: object | undefined
}

/** Writes down what happened, with the object as it is now. */
export function recordEvent(state: State, { type, object, account, previous }: Happened): Stripe.Event {
  const event = {
    id: state.newId('event'),
    object: 'event',
    ...(account ? { account } : {}),
    api_version: STRIPE_VERSION,
    created: state.now(),
    data: { object: structuredClone(object), ...(previous ? { previous_attributes: previous } : {}) },
    livemode: false,
    pending_webhooks: 1,
    request: null,
    type,
  } as Stripe.Event
  return state.put('event', event, account ?? null)
}

const retrieve: Handler = ({ state, ids: [id = ''] }) => {
  const event = state.find('event', id)
  if (!event) throw missing('event', id)
  return event
}

const list: Handler = ({ state, account, form }) => {
  form.only('limit', 'starting_after', 'ending_before', 'created', 'type', 'types', 'delivery_success')
  const types = [...form.list('types'), ...(form.text('type') ? [form.text('type')!] : [])]
  const wanted = state.all('event', account).filter((one) => types.length === 0 || types.includes(one.type))
  return page(form, wanted, '/v1/events')
}

export const eventRoutes: readonly (readonly [string, string, Handler])[] = [
  ['GET', '/v1/events', list],
  ['GET', '/v1/events/:id', retrieve],
]
