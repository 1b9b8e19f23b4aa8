import { randomUUID } from 'node:crypto'
import type { PayoutBatchStatus } from '@prisma/client'
import type { Context } from '../../src/core/context.ts'
import type { Database, Transaction } from '../../src/core/db.ts'
import { archive, letOneDie, measure } from './closing.ts'
import { live } from './lives/live.ts'
import type { Model, Row } from './rows.ts'
import type { School } from './school.ts'
import { send } from './send.ts'
import type { Story } from './story.ts'

/** What a booking needs. Parents before their children. */
const before: readonly Model[] = [
  ...(['Org', 'OrgSettings', 'User', 'UserOrg', 'Instructor', 'Student', 'Guardian', 'StudentGuardian'] as const),
  ...(['Consent', 'Service', 'RateCard', 'RateCardItem', 'Package', 'CancellationPolicy', 'Vehicle'] as const),
  ...(['Location', 'InstructorAvailability', 'AvailabilityException', 'InstructorWorkingHours'] as const),
  ...(['TravelTimeCache', 'LicenseCompatibilityMatrix', 'StateTransitionRule', 'MessageTemplate'] as const),
]

/** What comes of bookings. Batches come with their payouts. */
const after: readonly Model[] = [
  ...(['InstructorCredential', 'ContactOptOut', 'LogbookEntry', 'Incident', 'Trip', 'TripPoint', 'Payment'] as const),
  ...(['CreditGrant', 'CreditEntry', 'Refund', 'Dispute', 'Payout', 'TransferReversal'] as const),
  ...(['LedgerTransaction', 'LedgerEntry', 'Message', 'WebhookEvent'] as const),
]

/**
 * Writes a school that was told, and lets its bookings happen. What an interrupted load left is completed: each part is
 * there as a whole or not at all, and the ids are the same every time.
 */
export async function load(db: Database, { school, ...lives }: Story): Promise<void> {
  const ctx = contextOf(db, school.id)
  for (const model of before) await write(ctx, school, model)
  await live(ctx, school, lives)
  for (const model of after) await write(ctx, school, model)
  await archive(ctx, school)
  await measure(ctx, school)
  await letOneDie(ctx)
}

async function write(ctx: Context, school: School, model: Model): Promise<void> {
  for (const part of partsOf(school, model)) {
    await ctx.db.transaction(ctx, async (tx) => {
      if (await isThere(tx, model, part)) return
      await tx.$executeRawUnsafe(PLANS)
      await insert(tx, school, { model, part })
    })
  }
}

/** The school opens when all of it is there and right. */
export async function open(db: Database, { id }: School): Promise<void> {
  const opened = { where: { id, status: 'trial' }, data: { status: 'active' } } as const
  await db.transaction(contextOf(db, id), (tx) => tx.org.updateMany(opened))
}

// Triggers ask the same small questions for every row: their plans are kept, not made anew as for a page. And tables
// that were empty a moment ago have no statistics yet, by which the planner would join two indexes for one row.
const PLANS = `SELECT set_config('plan_cache_mode', 'auto', true), set_config('enable_bitmapscan', 'off', true)`

/** Acting for nobody in particular: the records say "system". */
export function contextOf(db: Database, orgId: string): Context {
  return { db, orgId, userId: null, role: null, actorKind: 'system', ip: null, requestId: randomUUID() }
}

const ROWS_AT_ONCE = 4000

type Part = readonly { readonly id?: string }[]

/** Parts small enough for one transaction each, also on a busy machine. The entries of one fact stay together. */
function partsOf(school: School, model: Model): Part[] {
  const rows = school.rows.of(model)
  const parts: Part[] = []
  for (let start = 0, end = 0; start < rows.length; start = end) {
    end = Math.min(start + ROWS_AT_ONCE, rows.length)
    if (model === 'LedgerEntry') end = endOfFact(school.rows.of(model), end)
    parts.push(rows.slice(start, end))
  }
  return parts
}

function endOfFact(entries: readonly Row<'LedgerEntry'>[], from: number): number {
  let end = from
  while (end < entries.length && entries[end]!.transactionId === entries[end - 1]!.transactionId) end++
  return end
}

async function isThere(tx: Transaction, model: Model, [first]: Part): Promise<boolean> {
  const found = await tx.$queryRawUnsafe<unknown[]>(`SELECT 1 FROM "${model}" WHERE id = $1::uuid`, first!.id)
  return found.length > 0
}

async function insert(tx: Transaction, school: School, { model, part }: { model: Model; part: Part }): Promise<void> {
  if (model === 'Payout') return insertPayouts(tx, school, part as readonly Row<'Payout'>[])
  // events come in before it is known whose they are
  if (model === 'WebhookEvent') await tx.$executeRawUnsafe('SET LOCAL ROLE driveflow_worker')
  return send(tx, model, part)
}

/** Payouts only enter a batch that is a draft; so all begin as one, and go the whole way to where they stand. */
async function insertPayouts(tx: Transaction, school: School, payouts: readonly Row<'Payout'>[]): Promise<void> {
  const batches = school.rows.of('PayoutBatch')
  await send(tx, 'PayoutBatch', batches.map(asDraft))
  await send(tx, 'Payout', payouts.map(asLine))
  for (const batch of batches) await approve(tx, batch)
  const done = payouts.filter(({ batchId, status }) => batchId && status !== 'batched')
  await tx.$executeRawUnsafe(
    `UPDATE "Payout" p SET status = n.status, "reversedCents" = n."reversedCents", "paidAt" = n."paidAt",
       "stripeTransferId" = n."stripeTransferId", "failureCode" = n."failureCode", "updatedAt" = n."updatedAt"
     FROM jsonb_populate_recordset(NULL::"Payout", $1::jsonb) n WHERE p.id = n.id`,
    JSON.stringify(done),
  )
}

function asDraft(batch: Row<'PayoutBatch'>): Row<'PayoutBatch'> {
  return { ...batch, status: 'draft', submittedAt: null, approvedById: null, approvedAt: null }
}

function asLine(payout: Row<'Payout'>): Row<'Payout'> {
  if (!payout.batchId) return payout
  return { ...payout, status: 'batched', reversedCents: 0, stripeTransferId: null, paidAt: null, failureCode: null }
}

async function approve(tx: Transaction, batch: Row<'PayoutBatch'>): Promise<void> {
  const { approvedById = null, approvedAt = null, submittedAt = null } = batch
  for (const status of wayTo(batch.status!)) {
    const approval = status === 'submitted' ? {} : { approvedById, approvedAt }
    const data = { status, submittedAt, ...approval, updatedAt: batch.updatedAt! }
    await tx.payoutBatch.update({ where: { id: batch.id! }, data })
  }
}

function wayTo(status: PayoutBatchStatus): PayoutBatchStatus[] {
  const way: PayoutBatchStatus[] = ['submitted', 'approved', 'processing', status]
  return status === 'draft' ? [] : status === 'submitted' ? ['submitted'] : way
}
