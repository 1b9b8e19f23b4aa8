import { formatMoney } from '../../core/money.ts'
import { formatInstant } from '../../core/time.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import type { Evidence } from './answer-dispute.ts'
import type { Dispute } from './dispute.ts'

/** What a person wrote for the bank. */
interface Written {
  readonly uncategorizedText: string
  readonly productDescription?: string | undefined
  readonly serviceDate?: string | undefined
  readonly refundRefusal?: string | undefined
}

/**
 * The evidence as Stripe takes it: what was written, and the facts of the lesson where nothing was. Nothing that who writes it
 * does not see: the learner's address is in the evidence pack only.
 */
export async function writeEvidence(work: UnitOfWork, dispute: Dispute, written: Written): Promise<Evidence> {
  const { orgId } = work
  const payment = await work.tx.payment.findFirstOrThrow({
    where: { id: dispute.paymentId, orgId },
    include: { student: true, booking: { include: { service: true, instructor: true } }, org: true },
  })
  const { student, booking, org } = payment
  const on = booking ? formatInstant(booking.startAt, org.timeZone) : null
  const paid = formatMoney(payment.amountCents, payment.currency)
  const sold = booking
    ? `Driving lesson “${booking.service.name}” on ${on} with ${booking.instructor.displayName} of ${org.name}, ${paid}`
    : `Prepaid driving lessons of ${org.name}, ${paid}`
  const serviceDate = written.serviceDate || on
  return {
    uncategorized_text: written.uncategorizedText,
    product_description: written.productDescription || sold,
    customer_name: student.fullName,
    ...(serviceDate ? { service_date: serviceDate } : {}),
    ...(written.refundRefusal ? { refund_refusal_explanation: written.refundRefusal } : {}),
  }
}
