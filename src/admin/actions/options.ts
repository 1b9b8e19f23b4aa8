import type { ActionHandler, ActionRequest, ActionResponse, ResourceOptions } from 'adminjs'
import { DELETION, type Offered } from './catalogue.ts'
import { actionHandler } from './handlers.ts'
import * as handlers from '../handlers.ts'
import type { View } from '../records/records.ts'

/** What a role may do with a model beyond editing, as AdminJS's own custom actions. The others it does not have at all. */
export function customActions({ actions }: View): NonNullable<ResourceOptions['actions']> {
  const own = (actions?.list ?? []).filter(({ address }) => address !== DELETION)
  return Object.fromEntries(own.map((offered) => [offered.address, customAction(offered)]))
}

function customAction(offered: Offered) {
  const { action, fields } = offered
  return {
    actionType: action.on,
    handler: actionHandler(offered),
    isAccessible: true,
    isVisible: true,
    ...(action.icon ? { icon: action.icon } : {}),
    custom: { own: true, form: fields.length > 0, danger: action.danger ?? false },
  }
}

/** Deleting several at once: as one of our actions, with what it would do shown first, or as AdminJS asks for it. */
export function bulkDeletion({ actions }: View): ActionHandler<ActionResponse> {
  const offered = actions?.list.find(({ address }) => address === DELETION)
  const stock = handlers.bulkDelete as unknown as ActionHandler<ActionResponse>
  if (!offered) return stock
  const own = actionHandler(offered)
  return async (request: ActionRequest, response, context) => {
    if (request.method !== 'get') {
      const isOwn = request.payload !== undefined && 'key' in request.payload
      return isOwn ? await own(request, response, context) : await stock(request, response, context)
    }
    const form = (await own(request, response, context)) as object
    return { ...form, ...(await stock(request, response, context)) }
  }
}
