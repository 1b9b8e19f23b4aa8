import { loadConfig } from '../config.ts'
import { nowOf } from '../core/context.ts'
import { handler } from '../core/handlers.ts'
import { enqueue } from '../core/jobs.ts'
import type { Happened } from '../core/events.ts'
import type { UnitOfWork } from '../core/unit-of-work.ts'
import type { Written } from '../domain/messages/compose.ts'
import { type BookingEvent, bookingTopics, tellOfBooking } from '../domain/messages/tell-of-booking.ts'
import { tellOfPayment } from '../domain/messages/tell-of-payment.ts'
import { tellOfAccount, tellOfPayout } from '../domain/messages/tell-of-payout.ts'
import { tellOfRefund } from '../domain/messages/tell-of-refund.ts'
import sendMessage from './send-message.ts'

const WEEK_MS = 7 * 24 * 3_600_000

/** Writes what people are told of an event, and has it sent. Of something that is a week old nobody is told any more. */
export default handler('people.tell', {
  topics: [...bookingTopics, 'payment.succeeded', 'refund.succeeded', 'payout.paid', 'instructor.account_needs_action'],
  onDead: 'skip',
  run: async (work, event) => {
    if (nowOf(work).getTime() - event.at.getTime() > WEEK_MS) return 'too old to tell'
    const written = await tellOf(work, event)
    for (const { id, sendAt } of written) if (sendAt <= nowOf(work)) await enqueue(work, sendMessage, { messageId: id })
    return written[0]?.id ?? 'nobody to tell'
  },
})

type Told =
  | BookingEvent
  | Happened<'payment.succeeded' | 'refund.succeeded' | 'payout.paid' | 'instructor.account_needs_action'>

function tellOf(work: UnitOfWork, event: Told): Promise<Written[]> {
  if (event.topic === 'payment.succeeded') return tellOfPayment(work, event)
  if (event.topic === 'payout.paid') return tellOfPayout(work, event)
  if (event.topic === 'instructor.account_needs_action') return tellOfAccount(work, event, loadConfig().appUrl)
  return event.topic === 'refund.succeeded' ? tellOfRefund(work, event) : tellOfBooking(work, event)
}
