import type Stripe from 'stripe'
import type { Context } from '../core/context.ts'
import { notFound } from '../core/errors.ts'
import { attachAccount, wantsAccount } from '../domain/payouts/attach-account.ts'
import { applyAccount } from '../domain/payments/apply-account.ts'
import { stripe } from '../services/stripe.ts'
import { readAccount } from './accounts.ts'
import { type Asked, askStripe } from './ask.ts'

/**
 * Gives an instructor an account at Stripe, once.
 * @throws NoAnswer when it should be tried again later
 */
export async function openAccountAtStripe(ctx: Context, instructorId: string): Promise<Asked> {
  return await askStripe(ctx, {
    operation: 'account.open',
    of: 'Instructor',
    id: instructorId,
    wanted: (work) => wantsAccount(work, instructorId),
    send: async (idempotencyKey) => stripe().accounts.create(accountOf(ctx, instructorId), { idempotencyKey }),
    find: () => findAccount(instructorId),
    record: (work, { id }) => attachAccount(work, instructorId, id),
  })
}

/** It says the same for an instructor every time: who they are, they tell Stripe themselves. */
const accountOf = ({ orgId }: Context, instructorId: string): Stripe.AccountCreateParams => ({
  type: 'express',
  country: 'AU',
  business_type: 'individual',
  capabilities: { transfers: { requested: true } },
  metadata: { instructorId, orgId },
})

async function findAccount(instructorId: string): Promise<Stripe.Account | null> {
  for await (const account of stripe().accounts.list({ limit: 100 }))
    if (account.metadata?.instructorId === instructorId) return account
  return null
}

/**
 * An address at Stripe where an instructor tells who they are and where the money goes; it can be used once, soon.
 * @param back where Stripe sends them afterwards
 * @throws NoAnswer when Stripe does not answer
 */
export async function onboardingAddress(ctx: Context, instructorId: string, back: string): Promise<string> {
  await openAccountAtStripe(ctx, instructorId)
  const account = await accountIdOf(ctx, instructorId)
  if (!account) throw notFound('The Stripe account is not there yet. Try again in a minute.')
  const type = 'account_onboarding'
  const link = await stripe().accountLinks.create({ account, type, return_url: `${back}?back`, refresh_url: back })
  return link.url
}

/** Looks at Stripe how an instructor's account stands. */
export async function refreshAccount(ctx: Context, instructorId: string): Promise<void> {
  const account = await accountIdOf(ctx, instructorId)
  if (!account) return
  const facts = await readAccount(account)
  await ctx.db.transaction(ctx, (tx) => applyAccount({ ...ctx, tx }, instructorId, facts))
}

async function accountIdOf(ctx: Context, id: string): Promise<string | null> {
  const where = { id, orgId: ctx.orgId }
  const found = await ctx.db.read(ctx, (client) =>
    client.instructor.findFirst({ where, select: { stripeAccountId: true } }),
  )
  return found?.stripeAccountId ?? null
}
