import { formatMoney } from '../../core/money.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import type { Payment } from '../payments/payment.ts'
import { type Refund, standingOf } from './refund.ts'
import { limitOf } from './request-refund.ts'

/** A refund in words, for whoever asks for it or agrees to it: where it goes, who bears it, what is taken back, what remains. */
export async function describeRefund(work: UnitOfWork, refund: Refund): Promise<string> {
  const payment = await work.tx.payment.findFirstOrThrow({ where: { id: refund.paymentId, orgId: work.orgId } })
  const { leftCents } = await standingOf(work, payment)
  const rest =
    leftCents === 0
      ? 'Nothing of the payment remains.'
      : `${formatMoney(leftCents, payment.currency)} of the payment remains.`
  return [whereTo(refund, payment), ...(await whoBears(work, refund, payment)), rest, await whyWaiting(work, refund)]
    .filter(Boolean)
    .join(' ')
}

const BY_HAND = { cash: 'in cash', bank_transfer: 'by bank transfer' } as const

function whereTo({ amountCents, currency, method, status }: Refund, payment: Payment): string {
  const sum = `${formatMoney(amountCents, currency)} of ${formatMoney(payment.amountCents, currency)}`
  const goes = status === 'pending_approval' ? 'is to go back' : 'goes back'
  if (method === 'credit') return `${sum} ${goes} as credit for lessons.`
  if (payment.method === 'card') return `${sum} ${goes} to the card.`
  const way = payment.method === 'cash' ? BY_HAND.cash : BY_HAND.bank_transfer
  return `${sum} ${goes} ${way}: once you have given it back, record that on the refund.`
}

async function whoBears(work: UnitOfWork, refund: Refund, payment: Payment): Promise<string[]> {
  const money = (cents: number) => formatMoney(cents, refund.currency)
  if (payment.purpose === 'package') return ['It is taken from what is unused of the package.']
  const parts = (who: string) =>
    `The platform bears ${money(refund.platformFeeCents)} of it and ${who} ${money(refund.instructorShareCents)}.`
  if (payment.purpose !== 'lesson' || !refund.bookingId) return [parts('the school')]
  const booking = await work.tx.booking.findFirstOrThrow({
    where: { id: refund.bookingId, orgId: work.orgId },
    select: { instructor: { select: { displayName: true } } },
  })
  const name = booking.instructor.displayName
  return [parts(name), await takenBack(work, refund, name)]
}

/** What the payout of the lesson has to do with it. */
async function takenBack({ tx, orgId }: UnitOfWork, refund: Refund, name: string): Promise<string> {
  const payouts = await tx.payout.findMany({
    where: { orgId, bookingId: refund.bookingId, status: { not: 'canceled' } },
    select: { status: true },
  })
  const reversals = await tx.transferReversal.findMany({ where: { orgId, refundId: refund.id } })
  const cents = reversals.reduce((sum, { amountCents }) => sum + amountCents, 0)
  if (cents > 0) return `${formatMoney(cents, refund.currency)} is taken back from what ${name} was paid.`
  if (payouts.some(({ status }) => status === 'paid' || status === 'partially_reversed'))
    return `${name} was paid for this lesson already: that part is taken back.`
  return payouts.length > 0
    ? `${name} has not been paid for this lesson yet: the payout becomes smaller.`
    : `${name} has not been paid for this lesson, so nothing is taken back.`
}

async function whyWaiting(work: UnitOfWork, { status, isOverride, currency }: Refund): Promise<string> {
  if (status !== 'pending_approval') return ''
  const why = isOverride
    ? 'it gives back what the policy keeps'
    : `it is above ${formatMoney(await limitOf(work), currency)}`
  return `An owner or finance must approve it first, and not whoever asked for it: ${why}.`
}
