import { countWaiting, readApprovals } from '../actions/waiting-runs.ts'
import type { Endpoint, EndpointCall } from '../endpoints.ts'

/** Whether the person ever decides about what others ask for: the role has the action for it. */
const decides = ({ views }: EndpointCall): boolean =>
  views.get('ActionRun')?.actions?.list.some(({ action }) => action.name === 'action-run.approve') ?? false

/** How much waits for the agreement of the person. */
export const approvalCount: Endpoint = {
  method: 'GET',
  path: '/approvals/count',
  handle: async (call) => ({ waiting: decides(call) ? await countWaiting(call.ctx) : 0 }),
}

/** What waits for the agreement of the person, and what they wait for themselves. */
export const approvals: Endpoint = {
  method: 'GET',
  path: '/approvals',
  handle: async (call) => {
    const { waiting, asked } = await readApprovals(call.ctx)
    // nobody is led to a record of what they do not see
    const shown = waiting.map((one) => ({ ...one, open: one.open && call.views.has(one.open.model) ? one.open : null }))
    return { waiting: decides(call) ? shown : [], asked }
  },
}
