import type { Context } from '../../core/context.ts'
import { formatInstant } from '../../core/time.ts'
import type { Payment } from '../../domain/payments/payment.ts'

/** What somebody who has the address of a pay page learns: what is to be paid, to whom, and for what. */
export interface Bill {
  readonly payment: Payment
  readonly amountCents: number
  readonly currency: string
  readonly school: string
  /** "One hour with Ines Okafor" */
  readonly what: string
  /** In the school's zone. */
  readonly when: string
  /** The lesson was called off. */
  readonly isCalledOff: boolean
}

export async function readBill(ctx: Context, paymentId: string): Promise<Bill | null> {
  const payment = await ctx.db.read(ctx, (client) =>
    client.payment.findFirst({
      where: { id: paymentId, orgId: ctx.orgId },
      include: {
        org: { select: { name: true, timeZone: true } },
        booking: {
          select: {
            startAt: true,
            status: true,
            service: { select: { name: true } },
            instructor: { select: { displayName: true } },
          },
        },
      },
    }),
  )
  if (!payment) return null
  const { org, booking, ...row } = payment
  return {
    payment: row,
    amountCents: row.amountCents,
    currency: row.currency,
    school: org.name,
    what: booking ? whatFor(row, `${booking.service.name} with ${booking.instructor.displayName}`) : 'Lessons',
    when: booking ? formatInstant(booking.startAt, org.timeZone) : '',
    // a fee is due also for a lesson that does not take place
    isCalledOff: row.purpose === 'lesson' && booking?.status === 'cancelled',
  }
}

function whatFor({ purpose }: Payment, lesson: string): string {
  if (purpose === 'reschedule_fee') return `Fee for moving a lesson: ${lesson}`
  return purpose === 'cancellation_fee' ? `Fee for cancelling a lesson: ${lesson}` : lesson
}
