import type { LedgerAccount, Prisma } from '@prisma/client'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'

/** One side of a fact: debit positive, credit negative, in cents. */
export interface Line {
  readonly account: LedgerAccount
  readonly cents: number
  /** Whose money it is, on `instructor_payable`. */
  readonly instructorId?: string | null
}

/** Something that happened to money, as it is written into the books. */
export interface Fact {
  /** In the past tense: `payment.succeeded`. */
  readonly kind: string
  /** The row it is about. */
  readonly of: Prisma.ModelName
  readonly id: string
  readonly bookingId?: string | null
  readonly currency: string
  /** Add up to zero; lines of nothing are left out. */
  readonly lines: readonly Line[]
  /** Tells facts of the same kind about the same row apart: the second correction of a payment. */
  readonly part?: string
  /** When it happened; now when nothing is said. */
  readonly at?: Date
  readonly description?: string
}

/** The key under which a fact is in the books once. */
export const factKey = ({ kind, id, part }: Pick<Fact, 'kind' | 'id' | 'part'>): string =>
  [kind, id, ...(part ? [part] : [])].join(':')

/**
 * Writes a fact into the school's books, once however often it is told.
 * @returns whether it was new
 * @throws Error when its lines do not add up to zero, which is a fault of the program
 */
export async function post(work: UnitOfWork, fact: Fact): Promise<boolean> {
  const lines = fact.lines.filter(({ cents }) => cents !== 0)
  const sum = lines.reduce((total, { cents }) => total + cents, 0)
  const key = factKey(fact)
  if (sum !== 0 || lines.some(({ cents }) => !Number.isSafeInteger(cents)))
    throw new Error(`the books would be off by ${sum} cents at ${key}`)
  if (lines.length === 0) return false
  const transactionId = await claim(work, fact, key)
  if (!transactionId) return false
  await work.tx.ledgerEntry.createMany({
    data: lines.map(({ account, cents, instructorId = null }) => ({
      orgId: work.orgId,
      transactionId,
      account,
      instructorId,
      bookingId: fact.bookingId ?? null,
      currency: fact.currency,
      amountCents: cents,
      createdAt: nowOf(work),
    })),
  })
  return true
}

/** Two who tell the same fact wait for each other here, and the second finds it told. */
async function claim(work: UnitOfWork, fact: Fact, idempotencyKey: string): Promise<string | undefined> {
  const { orgId, tx } = work
  const [made] = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO "LedgerTransaction" ("orgId", kind, "refType", "refId", "idempotencyKey", description, "occurredAt", "createdAt")
    VALUES (${orgId}::uuid, ${fact.kind}, ${fact.of}, ${fact.id}, ${idempotencyKey}, ${fact.description ?? null},
            ${fact.at ?? nowOf(work)}, ${nowOf(work)})
    ON CONFLICT ("orgId", "idempotencyKey") DO NOTHING RETURNING id`
  return made?.id
}
