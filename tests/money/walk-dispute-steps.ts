import { enqueue } from '../../src/core/jobs.ts'
import { answerDispute } from '../../src/domain/disputes/answer-dispute.ts'
import { answerDispute as sendAnswer } from '../../src/stripe/errands.ts'
import type { Step } from './walk-steps.ts'

const open: Step = {
  name: 'a bank disputes a payment',
  often: 3,
  run: async ({ at, oneOf, below }) => {
    const charges = at.simulator.state
      .all('charge')
      .filter(({ paid, disputed, amount_refunded }) => paid && !disputed && amount_refunded === 0)
    if (charges.length === 0) return
    const { id, amount } = oneOf(charges)
    await at.control('/_sim/dispute', { charge: id, ...(below(3) === 0 ? { amount: 1 + below(amount) } : {}) })
  },
}

const close: Step = {
  name: 'a bank decides a dispute',
  often: 3,
  run: async ({ at, oneOf }) => {
    const undecided = at.simulator.state.all('dispute').filter(({ status }) => !['won', 'lost'].includes(status))
    if (undecided.length === 0) return
    await at.control('/_sim/dispute/close', { dispute: oneOf(undecided).id, outcome: oneOf(['won', 'lost']) })
  },
}

const answer: Step = {
  name: 'answer a dispute',
  often: 2,
  run: async (walk) => {
    const id = await walk.some('Dispute', `status = 'needs_response'`)
    if (!id) return
    const said =
      walk.below(4) === 0
        ? ({ answer: 'accept' } as const)
        : ({ answer: 'evidence', evidence: { uncategorized_text: 'The lesson was given.' } } as const)
    await walk.act(async (work) => {
      await answerDispute(work, id, said)
      await enqueue(work, sendAnswer, { disputeId: id })
    }, 'finance')
  },
}

export const disputeSteps: readonly Step[] = [open, close, answer]
