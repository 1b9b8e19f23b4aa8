import { nowOf } from '../../core/context.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'

/** An instructor's account as Stripe says it is now. */
export interface AccountFacts {
  readonly id: string
  /** The instructor has told Stripe everything that was asked at first. */
  readonly submitted: boolean
  /** Transfers to it, and from it to the bank, work. */
  readonly canReceive: boolean
  readonly capabilities: { readonly transfers: string; readonly payouts: boolean }
  /** What Stripe still wants to know. */
  readonly requirementsDue: readonly string[]
}

/** Brings what we know of an instructor's account to where Stripe has it. */
export async function applyAccount(work: UnitOfWork, instructorId: string, facts: AccountFacts): Promise<void> {
  const where = { id: instructorId, orgId: work.orgId, stripeAccountId: facts.id }
  const instructor = await work.tx.instructor.findFirst({ where, select: { stripeConnectedAt: true } })
  if (!instructor) return
  await work.tx.instructor.updateMany({
    where,
    data: {
      stripeOnboardingStatus: standingOf(facts),
      stripeCapabilities: facts.capabilities,
      stripeRequirementsDue: [...facts.requirementsDue],
      stripeConnectedAt: instructor.stripeConnectedAt ?? (facts.canReceive ? nowOf(work) : null),
      stripeDisconnectedAt: null,
    },
  })
}

/** The instructor, or Stripe, has ended the connection: nothing can be paid to this account by us. */
export async function disconnectAccount(work: UnitOfWork, instructorId: string): Promise<void> {
  await work.tx.instructor.updateMany({
    where: { id: instructorId, orgId: work.orgId },
    data: { stripeOnboardingStatus: 'restricted', stripeDisconnectedAt: nowOf(work) },
  })
}

function standingOf({ submitted, canReceive }: AccountFacts): string {
  if (canReceive) return 'complete'
  return submitted ? 'restricted' : 'pending'
}
