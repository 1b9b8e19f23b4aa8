import { setOnboarded } from './accounts.ts'
import { fundsOf, settleAll } from './balance.ts'
import type { Call } from './call.ts'
import { cardNamed } from './cards.ts'
import { chargeOf } from './charges.ts'
import { closeDispute, openDispute } from './disputes.ts'
import type { Faults } from './faults.ts'
import { decline, intentOf, succeed } from './payment-intents.ts'
import { failPayout, payOut } from './payouts.ts'
import { wrongParameter } from './problem.ts'
import { failRefund, payPendingRefunds, refund } from './refunds.ts'
import type { State } from './state.ts'
import type { Delivery, Webhooks } from './webhooks.ts'

export interface Controlled {
  readonly state: State
  readonly faults: Faults
  readonly webhooks: Webhooks
  /** A call as the dashboard or the bank makes one. */
  readonly call: () => Call
}

type Wish = Readonly<Record<string, unknown>>
type Control = (parts: Controlled, wish: Wish) => object | Promise<object>

/** What people and tests do to the simulator: Stripe's dashboard, the banks, and whatever goes wrong. */
export const controls: Readonly<Record<string, Control>> = {
  'GET /_sim/state': ({ state, faults, webhooks }) => ({
    simulated: true,
    counts: state.counts(),
    balance: fundsOf(state, 'aud'),
    faults: faults.waiting,
    webhooks: webhooks.facts(),
  }),
  'POST /_sim/reset': ({ state, faults, webhooks }) => {
    state.reset()
    faults.clear()
    webhooks.clear()
    return { reset: true }
  },
  'POST /_sim/faults': ({ faults, webhooks }, wish) => {
    const late = webhookFault(webhooks, wish)
    const wrong = late ? undefined : faults.add(wish)
    if (wrong) throw wrongParameter('kind', `${wrong}, late_webhook, duplicate_webhook or held_webhooks`)
    return { faults: faults.waiting, webhooks: webhooks.facts() }
  },
  'POST /_sim/webhooks': ({ webhooks }, wish) => Object.assign(webhooks.delivery, onlyDelivery(wish)),
  'POST /_sim/webhooks/release': async ({ webhooks }, { reversed, copies }) => ({
    posted: await webhooks.release({ reversed: reversed === true, copies: Number(copies ?? 1) }),
  }),
  'POST /_sim/settle': ({ state, call }) => {
    settleAll(state)
    payPendingRefunds(call())
    return fundsOf(state, 'aud')
  },
  'POST /_sim/dashboard/refund': ({ call }, wish) => {
    const made = call()
    return refund(made, chargeFrom(made, wish), amountIn(wish))
  },
  'POST /_sim/refund/fail': ({ call }, wish) => failRefund(call(), text(wish, 'refund')),
  'POST /_sim/dispute': ({ call }, wish) => {
    const made = call()
    const reason = typeof wish.reason === 'string' ? wish.reason : undefined
    return openDispute(made, chargeFrom(made, wish), { amount: amountIn(wish), reason })
  },
  'POST /_sim/dispute/close': ({ call }, wish) =>
    closeDispute(call(), text(wish, 'dispute'), wish.outcome === 'won' ? 'won' : 'lost'),
  'POST /_sim/account': ({ call }, wish) => setOnboarded(call(), text(wish, 'account'), wish.enabled !== false),
  'POST /_sim/payout': ({ call }, wish) => payOut(call(), text(wish, 'account')),
  'POST /_sim/payout/fail': ({ call }, wish) => failPayout(call(), text(wish, 'payout')),
  // the bank has decided about a debit, or the holder of a card about a question
  'POST /_sim/intent': ({ call }, wish) =>
    decideIntent(call(), text(wish, 'payment_intent'), wish.outcome !== 'declined'),
}

/** What was under way with an intent ends: it is paid, or waits for another card. */
export function decideIntent(call: Call, id: string, paid: boolean): object {
  const intent = intentOf({ ...call, ids: [id] })
  const card = cardNamed(String(intent.payment_method)) ?? cardNamed('pm_card_visa')!
  if (paid) return succeed(call, intent, card)
  decline(call, intent, cardNamed('pm_card_chargeDeclined')!)
  return intentOf({ ...call, ids: [id] })
}

function webhookFault({ delivery }: Webhooks, { kind, delayMs }: Wish): boolean {
  if (kind === 'late_webhook') delivery.delayMs = Number(delayMs ?? 2_000)
  else if (kind === 'duplicate_webhook') delivery.copies = 2
  else if (kind === 'held_webhooks') delivery.hold = true
  else return false
  return true
}

function onlyDelivery({ hold, delayMs, copies }: Wish): Partial<Delivery> {
  return {
    ...(hold === undefined ? {} : { hold: hold === true }),
    ...(delayMs === undefined ? {} : { delayMs: Number(delayMs) }),
    ...(copies === undefined ? {} : { copies: Number(copies) }),
  }
}

function chargeFrom(call: Call, wish: Wish): ReturnType<typeof chargeOf> {
  if (typeof wish.charge === 'string') return chargeOf(call.state, wish.charge)
  const intent = intentOf({ ...call, ids: [text(wish, 'payment_intent')] })
  return chargeOf(call.state, String(intent.latest_charge))
}

const amountIn = ({ amount }: Wish): number | undefined => (amount === undefined ? undefined : Number(amount))

function text(wish: Wish, name: string): string {
  const value = wish[name]
  if (typeof value !== 'string') throw wrongParameter(name, `Missing required param: ${name}.`, 'parameter_missing')
  return value
}
