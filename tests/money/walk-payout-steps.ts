import type { UnitOfWork } from '../../src/core/unit-of-work.ts'
import { enqueue } from '../../src/core/jobs.ts'
import { adjustPayable } from '../../src/domain/payouts/adjust-payable.ts'
import { buildBatch } from '../../src/domain/payouts/build-batch.ts'
import {
  approveBatch,
  cancelBatch,
  rejectBatch,
  reviseBatch,
  submitBatch,
} from '../../src/domain/payouts/decide-batch.ts'
import {
  approveReversal,
  proposeReversal,
  rejectReversal,
  retryReversal,
} from '../../src/domain/payouts/decide-reversal.ts'
import { earn } from '../../src/domain/payouts/earn.ts'
import { addToBatch, removeFromBatch, retryPayout } from '../../src/domain/payouts/edit-batch.ts'
import { reviewsDue } from '../../src/domain/payouts/reviews-due.ts'
import { reversePayout, transferPayout } from '../../src/stripe/errands.ts'
import type { StaffRole } from '../support/school.ts'
import { newKey, type Walk } from './walk.ts'
import type { Step } from './walk-steps.ts'

const FINANCE: readonly StaffRole[] = ['finance', 'owner']

/** Something that somebody of finance does with one of the rows; who may not is refused. */
const step = (
  name: string,
  often: number,
  {
    model,
    where,
    act,
  }: { model: string; where: string; act: (work: UnitOfWork, id: string, walk: Walk) => Promise<unknown> },
): Step => ({
  name,
  often,
  run: async (walk) => {
    const id = await walk.some(model, where)
    if (id) await walk.act((work) => act(work, id, walk), walk.oneOf(FINANCE))
  },
})

const transfer = (work: UnitOfWork, payoutId: string) => enqueue(work, transferPayout, { payoutId })

async function retryReversalNow(work: UnitOfWork, reversalId: string): Promise<void> {
  await retryReversal(work, reversalId)
  await enqueue(work, reversePayout, { reversalId })
}

const build: Step = {
  name: 'build a batch',
  often: 5,
  run: (walk) => walk.act((work) => buildBatch(work, {}), walk.oneOf(FINANCE)),
}

const review: Step = {
  name: 'what was kept is reviewed',
  often: 2,
  run: async (walk) => {
    const due = await walk.act((work) => reviewsDue(work, walk.clock, 50), 'clock')
    for (const bookingId of due) await walk.act((work) => earn(work, bookingId), 'clock')
  },
}

const adjust: Step = {
  name: 'adjust what is owed',
  often: 1,
  run: (walk) => {
    const amountCents = (walk.below(2) === 0 ? 1 : -1) * (1 + walk.below(2_000))
    const adjustment = { instructorId: walk.oneOf(walk.instructors), amountCents, reason: 'Fuel' }
    return walk.act((work) => adjustPayable(work, adjustment), 'finance')
  },
}

const account: Step = {
  name: 'an account is stopped, or works again',
  often: 2,
  run: async ({ at, oneOf, below }) => {
    const { id } = oneOf(at.simulator.state.all('account'))
    await at.control('/_sim/account', { account: id, enabled: below(3) > 0 })
  },
}

const bank: Step = {
  name: 'an account pays out to a bank, which may send it back',
  often: 2,
  run: async ({ at, oneOf, below }) => {
    const { state } = at.simulator
    // without money, or with a bank that is not known yet, Stripe refuses
    const { id } = oneOf(state.all('account'))
    const made = await at.control<{ id: string }>('/_sim/payout', { account: id }).catch(() => null)
    if (made && below(3) === 0) await at.control('/_sim/payout/fail', { payout: made.id })
  },
}

export const payoutSteps: readonly Step[] = [
  build,
  review,
  adjust,
  account,
  bank,
  step('submit a batch', 5, { model: 'PayoutBatch', where: `status = 'draft'`, act: submitBatch }),
  step('approve a batch', 7, {
    model: 'PayoutBatch',
    where: `status = 'submitted'`,
    act: async (work, id) => {
      const { payoutIds } = await approveBatch(work, id)
      for (const payoutId of payoutIds) await transfer(work, payoutId)
    },
  }),
  step('reject a batch', 1, {
    model: 'PayoutBatch',
    where: `status = 'submitted'`,
    act: (work, id) => rejectBatch(work, id, 'Not this week'),
  }),
  step('edit a batch again', 1, {
    model: 'PayoutBatch',
    where: `status IN ('submitted', 'approved', 'rejected')`,
    act: reviseBatch,
  }),
  step('give a batch up', 1, {
    model: 'PayoutBatch',
    where: `status IN ('draft', 'submitted', 'rejected')`,
    act: cancelBatch,
  }),
  step('take a payout out of its batch', 1, { model: 'Payout', where: `status = 'batched'`, act: removeFromBatch }),
  step('put a payout into a batch', 1, {
    model: 'Payout',
    where: `status = 'pending'`,
    act: async (work, id, walk) => {
      const batch = await walk.some('PayoutBatch', `status IN ('draft', 'submitted', 'approved')`)
      if (batch) await addToBatch(work, id, batch)
    },
  }),
  step('ask for a transfer to be taken back', 2, {
    model: 'Payout',
    where: `"stripeTransferId" IS NOT NULL`,
    act: (work, id, { below }) =>
      proposeReversal(work, id, { amountCents: 1 + below(3_000), reason: 'Wrong', key: newKey() }),
  }),
  step('agree to take a transfer back', 3, {
    model: 'TransferReversal',
    where: `status = 'pending_approval'`,
    act: approveReversal,
  }),
  step('take nothing back', 1, {
    model: 'TransferReversal',
    where: `status = 'pending_approval'`,
    act: (work, id) => rejectReversal(work, id, 'It was right'),
  }),
  step('try to take it back again', 1, {
    model: 'TransferReversal',
    where: `status = 'failed'`,
    act: retryReversalNow,
  }),
  step('try a transfer again', 4, {
    model: 'Payout',
    where: `status = 'failed'`,
    act: async (work, id) => {
      await retryPayout(work, id)
      await transfer(work, id)
    },
  }),
]
