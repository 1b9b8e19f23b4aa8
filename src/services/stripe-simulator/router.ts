import type { Handler } from './call.ts'
import { accountRoutes } from './accounts.ts'
import { balanceRoutes } from './balance.ts'
import { chargeRoutes } from './charges.ts'
import { disputeRoutes } from './disputes.ts'
import { eventRoutes } from './events.ts'
import { paymentIntentRoutes } from './payment-intents.ts'
import { payoutRoutes } from './payouts.ts'
import { refundRoutes } from './refunds.ts'
import { transferRoutes } from './transfers.ts'

const routes = [
  ...paymentIntentRoutes,
  ...chargeRoutes,
  ...refundRoutes,
  ...transferRoutes,
  ...accountRoutes,
  ...payoutRoutes,
  ...disputeRoutes,
  ...balanceRoutes,
  ...eventRoutes,
].map(([method, path, handler]) => ({
  method,
  pattern: new RegExp(`^${path.replaceAll(/:\w+/g, '([\\w-]+)')}$`),
  handler,
}))

/** What answers a request, with the ids of its path. */
export function routeOf(method: string, path: string): { handler: Handler; ids: string[] } | undefined {
  for (const route of routes) {
    const match = route.method === method ? route.pattern.exec(path) : null
    if (match) return { handler: route.handler, ids: match.slice(1) }
  }
  return undefined
}
