import type { LedgerAccount } from '@prisma/client'
import type { Model } from './rows.ts'
import type { School } from './school.ts'

export interface Line {
  readonly account: LedgerAccount
  /** Debit positive, credit negative. */
  readonly cents: number
  readonly instructorId?: string
}

export interface Fact {
  readonly kind: string
  /** The row it is about. */
  readonly about: { readonly model: Model; readonly id: string; readonly bookingId: string | null }
  readonly at: Date
  readonly lines: readonly Line[]
}

/** Writes one business fact into the school's books. @throws Error when its lines do not add up to zero */
export function post(school: School, { kind, about, at, lines }: Fact): void {
  const key = `${kind}:${about.id}`
  const used = lines.filter((line) => line.cents !== 0)
  const sum = used.reduce((cents, line) => cents + line.cents, 0)
  if (sum !== 0) throw new Error(`the demo's books are off by ${sum} cents at ${key}`)
  const id = school.newId(`fact/${key}`, at)
  school.rows.add('LedgerTransaction', {
    id,
    orgId: school.id,
    kind,
    refType: about.model,
    refId: about.id,
    idempotencyKey: key,
    occurredAt: at,
    createdAt: at,
  })
  for (const [index, { account, cents, instructorId }] of used.entries()) {
    school.rows.add('LedgerEntry', {
      id: school.newId(`entry/${key}/${index}`, at),
      orgId: school.id,
      transactionId: id,
      account,
      instructorId: instructorId ?? null,
      bookingId: about.bookingId,
      currency: 'AUD',
      amountCents: cents,
      createdAt: at,
    })
  }
}
