import { type Decided, countWaiting, decided, readApprovals } from '../actions/waiting-runs.ts'
import type { Endpoint, EndpointCall } from '../endpoints.ts'

/** What the person ever decides about that others ask for: the role has the action for it. */
const decides = ({ views }: EndpointCall): Decided[] =>
  (Object.keys(decided) as Decided[]).filter((model) =>
    views.get(model)?.actions?.list.some(({ action }) => action.name === `${decided[model]}.approve`),
  )

/** How much waits for the agreement of the person. */
export const approvalCount: Endpoint = {
  method: 'GET',
  path: '/approvals/count',
  handle: async (call) => ({ waiting: await countWaiting(call.ctx, decides(call)) }),
}

/** What waits for the agreement of the person, and what they wait for themselves. */
export const approvals: Endpoint = {
  method: 'GET',
  path: '/approvals',
  handle: async (call) => {
    const { waiting, asked } = await readApprovals(call.ctx, decides(call))
    // nobody is led to a record of what they do not see
    const shown = waiting.map((one) => ({ ...one, open: one.open && call.views.has(one.open.model) ? one.open : null }))
    return { waiting: shown, asked }
  },
}
