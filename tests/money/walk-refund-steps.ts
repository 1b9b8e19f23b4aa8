import { approveRefund, rejectRefund } from '../../src/domain/refunds/decide-refund.ts'
import { recordGivenBack } from '../../src/domain/refunds/record-given-back.ts'
import { requestRefund } from '../../src/domain/refunds/request-refund.ts'
import { retryRefund } from '../../src/domain/refunds/retry-refund.ts'
import type { StaffRole } from '../support/school.ts'
import { newKey, type Walk } from './walk.ts'
import type { Step } from './walk-steps.ts'

const RECEIVED = `status IN ('succeeded', 'partially_refunded', 'refunded')`
const REQUESTERS: readonly StaffRole[] = ['manager', 'finance', 'owner']

const request: Step = {
  name: 'ask for a refund',
  often: 10,
  run: async (walk) => {
    const paymentId = await walk.some('Payment', RECEIVED)
    if (!paymentId) return
    // all that is left, a part, an odd cent, sometimes too much
    const amount = walk.below(4) === 0 ? {} : { amountCents: 1 + walk.below(9_000) }
    const asCredit = walk.below(6) === 0 && (await knowsAll(walk, paymentId))
    const how = asCredit ? ({ method: 'credit' } as const) : { isOverride: walk.below(3) === 0 }
    const wish = { paymentId, ...amount, ...how, reasonCode: 'goodwill', reason: 'The car broke down' } as const
    await walk.act((work) => requestRefund(work, { ...wish, key: newKey() }), walk.oneOf(REQUESTERS))
  },
}

/**
 * Whether we have heard of all that the dashboard has given back of a payment. Who gives credit for what somebody else is
 * sending to the card gives it twice, and no program can take that back.
 */
async function knowsAll({ at, harbour }: Walk, paymentId: string): Promise<boolean> {
  const [row] = await harbour.run('SELECT "stripePaymentIntentId" AS intent FROM "Payment" WHERE id = $1', [paymentId])
  const theirs = at.simulator.state.all('refund').filter(({ payment_intent }) => payment_intent === row!.intent)
  const ours = await harbour.run('SELECT "stripeRefundId" AS id FROM "Refund" WHERE "paymentId" = $1', [paymentId])
  return theirs.every(({ id }) => ours.some((one) => one.id === id))
}

const waiting = (walk: Walk) => walk.some('Refund', `status = 'pending_approval'`)

const approve: Step = {
  name: 'approve a refund',
  often: 5,
  run: async (walk) => {
    const id = await waiting(walk)
    // who asked is refused
    if (id) await walk.act((work) => approveRefund(work, id), walk.oneOf(['finance', 'owner'] as const))
  },
}

const reject: Step = {
  name: 'reject a refund',
  often: 1,
  run: async (walk) => {
    const id = await waiting(walk)
    if (id) await walk.act((work) => rejectRefund(work, id, 'Not agreed'), walk.oneOf(['finance', 'owner'] as const))
  },
}

const retry: Step = {
  name: 'try a refund again',
  often: 2,
  run: async (walk) => {
    const id = await walk.some('Refund', `status IN ('failed', 'canceled')`)
    if (id) await walk.act((work) => retryRefund(work, id), 'finance')
  },
}

const handBack: Step = {
  name: 'cash is handed back',
  often: 1,
  run: async (walk) => {
    const id = await walk.some(
      'Refund',
      `status = 'pending' AND (SELECT method FROM "Payment" p WHERE p.id = row."paymentId") <> 'card'`,
    )
    if (id) await walk.act((work) => recordGivenBack(work, id), 'finance')
  },
}

const dashboard: Step = {
  name: 'somebody refunds in the dashboard of Stripe',
  often: 2,
  run: async ({ at, harbour, oneOf, below }) => {
    const charges = at.simulator.state.all('charge').filter(({ paid, disputed }) => paid && !disputed)
    if (charges.length === 0) return
    const { id, payment_intent, amount, amount_refunded } = oneOf(charges)
    const [credit] = await harbour.run(
      `SELECT coalesce(sum(r."amountCents"), 0)::int AS cents FROM "Refund" r JOIN "Payment" p ON p.id = r."paymentId"
        WHERE p."stripePaymentIntentId" = $1 AND r.method = 'credit' AND r.status NOT IN ('failed', 'rejected', 'canceled')`,
      [payment_intent],
    )
    const rest = amount - amount_refunded - Number(credit!.cents)
    if (rest > 0) await at.control('/_sim/dashboard/refund', { charge: id, amount: 1 + below(rest) })
  },
}

const comesBack: Step = {
  name: 'a bank sends a refund back',
  often: 2,
  run: async ({ at, oneOf }) => {
    const paid = at.simulator.state.all('refund').filter(({ status }) => status === 'succeeded')
    if (paid.length > 0) await at.control('/_sim/refund/fail', { refund: oneOf(paid).id })
  },
}

export const refundSteps: readonly Step[] = [request, approve, reject, retry, handBack, dashboard, comesBack]
