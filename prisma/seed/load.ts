import { randomUUID } from 'node:crypto'
import type { PayoutBatchStatus } from '@prisma/client'
import type { Context } from '../../src/core/context.ts'
import type { Database, Transaction } from '../../src/core/db.ts'
import { fieldOf, modelOf } from '../../src/core/schema.ts'
import type { Model, Row } from './rows.ts'
import type { School } from './school.ts'

/** Steps of the load, each one transaction; within a step parents come before their children. */
const steps: readonly (readonly Model[])[] = [
  [
    'Org',
    'OrgSettings',
    'User',
    'UserOrg',
    'Instructor',
    'InstructorCredential',
    'Student',
    'Guardian',
    'StudentGuardian',
    'Consent',
    'Service',
    'RateCard',
    'RateCardItem',
    'Package',
    'CancellationPolicy',
    'Vehicle',
    'Location',
    'InstructorAvailability',
    'AvailabilityException',
    'InstructorWorkingHours',
    'TravelTimeCache',
    'LicenseCompatibilityMatrix',
    'StateTransitionRule',
    'MessageTemplate',
    'ContactOptOut',
  ],
  ['Booking', 'LessonStateHistory', 'ScheduledStateTransition'],
  ['Lesson', 'LogbookEntry', 'Incident', 'Trip', 'TripPoint'],
  ['Payment', 'CreditGrant', 'CreditEntry', 'Refund', 'Dispute', 'PayoutBatch', 'Payout', 'TransferReversal'],
  ['LedgerTransaction', 'LedgerEntry'],
  ['Message', 'Outbox', 'OutboxDelivery', 'WebhookEvent'],
]

/**
 * Writes a school that was told, then opens it. What an interrupted load left is completed: a step is there as a whole or
 * not at all, and the ids are the same every time.
 */
export async function load(db: Database, school: School): Promise<void> {
  const ctx = contextOf(db, school.id)
  for (const models of steps) {
    await db.transaction(ctx, async (tx) => {
      if (await isThere(tx, school, models[0]!)) return
      for (const model of models) await insert(tx, school, model)
    })
  }
  await db.transaction(ctx, (tx) =>
    tx.org.updateMany({ where: { id: school.id, status: 'trial' }, data: { status: 'active' } }),
  )
}

/** Acting for nobody in particular: the records say "system". */
export function contextOf(db: Database, orgId: string): Context {
  return { db, orgId, userId: null, role: null, actorKind: 'system', ip: null, requestId: randomUUID() }
}

async function isThere(tx: Transaction, school: School, model: Model): Promise<boolean> {
  const first = school.rows.of(model)[0]
  const found = await tx.$queryRawUnsafe<unknown[]>(`SELECT 1 FROM "${model}" WHERE id = $1::uuid`, first?.id)
  return found.length > 0
}

async function insert(tx: Transaction, school: School, model: Model): Promise<void> {
  switch (model) {
    case 'PayoutBatch':
      return send(tx, model, school.rows.of(model).map(asDraft))
    case 'Payout':
      await send(tx, model, school.rows.of(model).map(asLine))
      return approveBatches(tx, school)
    case 'WebhookEvent':
      // events come in before it is known whose they are
      await tx.$executeRawUnsafe('SET LOCAL ROLE driveflow_worker')
      await send(tx, model, school.rows.of(model))
      await tx.$executeRawUnsafe('SET LOCAL ROLE NONE')
      return
    default:
      return send(tx, model, school.rows.of(model))
  }
}

const ROWS_AT_ONCE = 4000

/** Many rows in one statement and one parameter: far quicker than a parameter for every value. */
async function send(tx: Transaction, model: Model, rows: readonly object[]): Promise<void> {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const tracked = fieldOf(modelOf(model), 'updatedAt') !== undefined && !columns.includes('updatedAt')
  const into = [...columns, ...(tracked ? ['updatedAt'] : [])].map((column) => `"${column}"`)
  const from = [...columns, ...(tracked ? ['createdAt'] : [])].map((column) => `"${column}"`)
  // a person of two schools was brought by the first
  const twice = model === 'User' ? 'ON CONFLICT DO NOTHING' : ''
  const statement = `INSERT INTO "${model}" (${into.join(', ')})
    SELECT ${from.join(', ')} FROM jsonb_populate_recordset(NULL::"${model}", $1::jsonb) ${twice}`
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    await tx.$executeRawUnsafe(statement, JSON.stringify(rows.slice(start, start + ROWS_AT_ONCE)))
  }
}

/** Payouts only enter a batch that is a draft, so all begin as one. */
function asDraft(batch: Row<'PayoutBatch'>): Row<'PayoutBatch'> {
  return { ...batch, status: 'draft', submittedAt: null, approvedById: null, approvedAt: null }
}

function asLine(payout: Row<'Payout'>): Row<'Payout'> {
  if (!payout.batchId) return payout
  return { ...payout, status: 'batched', reversedCents: 0, stripeTransferId: null, paidAt: null, failureCode: null }
}

/** The way of each batch from draft to where it stands, then what became of its payouts. */
async function approveBatches(tx: Transaction, school: School): Promise<void> {
  for (const batch of school.rows.of('PayoutBatch')) {
    for (const status of wayTo(batch.status!)) {
      const approval =
        status === 'submitted' ? {} : { approvedById: batch.approvedById ?? null, approvedAt: batch.approvedAt ?? null }
      await tx.payoutBatch.update({
        where: { id: batch.id! },
        data: { status, submittedAt: batch.submittedAt ?? null, ...approval, updatedAt: batch.updatedAt! },
      })
    }
  }
  const done = school.rows.of('Payout').filter(({ batchId, status }) => batchId && status !== 'batched')
  await tx.$executeRawUnsafe(
    `UPDATE "Payout" p SET status = n.status, "reversedCents" = n."reversedCents", "paidAt" = n."paidAt",
       "stripeTransferId" = n."stripeTransferId", "failureCode" = n."failureCode", "updatedAt" = n."updatedAt"
     FROM jsonb_populate_recordset(NULL::"Payout", $1::jsonb) n WHERE p.id = n.id`,
    JSON.stringify(done),
  )
}

function wayTo(status: PayoutBatchStatus): PayoutBatchStatus[] {
  const way: PayoutBatchStatus[] = ['submitted', 'approved', 'processing', status]
  return status === 'draft' ? [] : status === 'submitted' ? ['submitted'] : way
}
