import { nowOf } from '../../core/context.ts'
import { lockRow } from '../../core/lock-row.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { tellAccountNeedsAction } from '../payouts/tell-account.ts'

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
  await lockRow(work, 'Instructor', instructorId)
  const instructor = await work.tx.instructor.findFirst({ where })
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
  // who has not finished signing up was sent a link by the school
  const isNew = !isSame(instructor.stripeRequirementsDue, facts.requirementsDue)
  if (facts.submitted && facts.requirementsDue.length > 0 && isNew)
    await tellAccountNeedsAction(work, instructor, facts.requirementsDue)
}

const isSame = (before: unknown, now: readonly string[]): boolean =>
  Array.isArray(before) && before.length === now.length && now.every((one) => before.includes(one))

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
