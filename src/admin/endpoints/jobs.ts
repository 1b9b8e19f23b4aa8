import { notFound } from '../../core/errors.ts'
import { readDeliveries } from '../board/deliveries.ts'
import type { Endpoint } from '../endpoints.ts'

/** How far the school's events are handled: the backlog of each handler, what was given up, the workers that are there. */
export const jobs: Endpoint = {
  method: 'GET',
  path: '/jobs',
  handle: async ({ ctx, views }) => {
    if (!views.has('OutboxDelivery') || !views.has('Outbox')) throw notFound('There is no such page.')
    const found = await readDeliveries(ctx)
    // nobody is led to a record of what they do not see
    const dead = found.dead.map((one) => ({ ...one, about: views.has(one.about.model) ? one.about : null }))
    return { ...found, dead }
  },
}
