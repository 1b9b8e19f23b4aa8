import type { AccountFacts } from '../domain/payments/apply-account.ts'
import { stripe } from '../services/stripe.ts'

/** An instructor's account as Stripe has it now. */
export async function readAccount(id: string): Promise<AccountFacts> {
  const { details_submitted, payouts_enabled, capabilities, requirements } = await stripe().accounts.retrieve(id)
  return {
    id,
    submitted: details_submitted,
    canReceive: capabilities?.transfers === 'active' && payouts_enabled,
    capabilities: { transfers: capabilities?.transfers ?? 'unrequested', payouts: payouts_enabled },
    requirementsDue: requirements?.currently_due ?? [],
  }
}
