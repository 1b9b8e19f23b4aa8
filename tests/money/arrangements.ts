import { enqueue, type Wanted } from '../../src/core/jobs.ts'
import { requestRefund } from '../../src/domain/refunds/request-refund.ts'
import { closePayment, openPayment, reversePayout, submitRefund, transferPayout } from '../../src/stripe/errands.ts'
import { does } from '../domain/scheduling.ts'
import { approved, earned, paidOut } from './payouts.ts'
import type { Stage } from './stage.ts'

/** Something that a worker is to do with Stripe, and how it is once it was done, whoever died on the way. */
export interface Arranged {
  /** Where Stripe is asked for it. */
  readonly path: string
  outcome(): Promise<unknown>
  readonly expected: unknown
}

export interface Arrangement {
  readonly job: string
  arrange(stage: Stage): Promise<Arranged>
}

const wish = (stage: Stage, job: Wanted, data: object) =>
  does(stage.db, stage.harbour, (work) => enqueue(work, job, data as never), { actorKind: 'system' })

const opening: Arrangement = {
  job: openPayment.name,
  arrange: async (stage) => {
    const { paymentId } = await stage.asked()
    await wish(stage, openPayment, { paymentId })
    const intents = () =>
      stage.at.simulator.state.all('payment_intent').filter(({ metadata }) => metadata.paymentId === paymentId)
    return {
      path: '/v1/payment_intents',
      outcome: async () => ({
        intents: intents().length,
        known: (await stage.row('Payment', paymentId)).stripePaymentIntentId === intents()[0]?.id,
      }),
      expected: { intents: 1, known: true },
    }
  },
}

const closing: Arrangement = {
  job: closePayment.name,
  arrange: async (stage) => {
    const { paymentId, intent } = await stage.opened()
    await wish(stage, closePayment, { paymentId })
    return {
      path: `/v1/payment_intents/${intent}/cancel`,
      outcome: async () => ({
        ours: (await stage.row('Payment', paymentId)).status,
        theirs: stage.at.simulator.state.find('payment_intent', intent)?.status,
      }),
      expected: { ours: 'canceled', theirs: 'canceled' },
    }
  },
}

const refunding: Arrangement = {
  job: submitRefund.name,
  arrange: async (stage) => {
    const { paymentId, intent } = await stage.paid()
    const { id: refundId } = await refundOf(stage, paymentId, 3_000)
    await wish(stage, submitRefund, { refundId })
    const made = () => stage.at.simulator.state.all('refund').filter(({ payment_intent }) => payment_intent === intent)
    return {
      path: '/v1/refunds',
      outcome: async () => ({
        theirs: made().map(({ amount }) => amount),
        ours: (await stage.row('Refund', refundId)).status,
        payment: (await stage.row('Payment', paymentId)).refundedCents,
      }),
      expected: { theirs: [3_000], ours: 'succeeded', payment: 3_000 },
    }
  },
}

const transferring: Arrangement = {
  job: transferPayout.name,
  arrange: async (stage) => {
    const { payoutId } = await earned(stage)
    const { batchId } = await approved(stage)
    const made = () => stage.at.simulator.state.all('transfer').filter(({ metadata }) => metadata.payoutId === payoutId)
    return {
      path: '/v1/transfers',
      outcome: async () => ({
        theirs: made().map(({ amount }) => amount),
        ours: (await stage.row('Payout', payoutId)).status,
        batch: (await stage.row('PayoutBatch', batchId)).status,
      }),
      expected: { theirs: [7_225], ours: 'paid', batch: 'paid' },
    }
  },
}

const reversing: Arrangement = {
  job: reversePayout.name,
  arrange: async (stage) => {
    const { payoutId, paymentId } = await paidOut(stage)
    // goes back as credit: Stripe is asked for the instructor's part alone
    const { id: refundId } = await refundOf(stage, paymentId, 4_000, 'credit')
    const [reversal] = await stage.harbour.run('SELECT id FROM "TransferReversal" WHERE "refundId" = $1', [refundId])
    await wish(stage, reversePayout, { reversalId: reversal!.id })
    const transfer = String((await stage.row('Payout', payoutId)).stripeTransferId)
    return {
      path: `/v1/transfers/${transfer}/reversals`,
      outcome: async () => ({
        theirs: stage.at.simulator.state.find('transfer', transfer)?.reversals.data.map(({ amount }) => amount),
        ours: (await stage.row('Payout', payoutId)).reversedCents,
      }),
      expected: { theirs: [3_400], ours: 3_400 },
    }
  },
}

const refundOf = ({ db, harbour }: Stage, paymentId: string, amountCents: number, method?: 'credit') => {
  const wanted = { paymentId, amountCents, reasonCode: 'goodwill', reason: 'Late', key: `of ${paymentId}` } as const
  return does(db, harbour, (work) => requestRefund(work, { ...wanted, ...(method ? { method } : {}) }))
}

/** Everything that workers ask of Stripe about money. */
export const arrangements: readonly Arrangement[] = [opening, closing, reversing, transferring, refunding]
