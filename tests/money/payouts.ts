import { enqueue } from '../../src/core/jobs.ts'
import { completeLesson } from '../../src/domain/bookings/complete-lesson.ts'
import { approveBatch, submitBatch } from '../../src/domain/payouts/decide-batch.ts'
import { buildBatch } from '../../src/domain/payouts/build-batch.ts'
import { earn } from '../../src/domain/payouts/earn.ts'
import { transferPayout } from '../../src/stripe/errands.ts'
import { transferPayoutAtStripe } from '../../src/stripe/transfer-payout.ts'
import { does, hoursLater } from '../domain/scheduling.ts'
import { workerOf } from '../support/stripe.ts'
import type { Opened, Stage } from './stage.ts'

export interface Earned extends Opened {
  readonly payoutId: string
}

/** Gives the school's instructor an account at which money can arrive. */
export async function connectInstructor({ at, harbour }: Stage): Promise<string> {
  const { id } = await at.client.accounts.create({ country: 'AU', type: 'express' })
  await at.control('/_sim/account', { account: id })
  const connected = { stripeAccountId: id, stripeOnboardingStatus: 'complete' }
  await harbour.change('Instructor', harbour.instructorId, connected)
  return id
}

/** A lesson that was paid by card and given. */
export async function earned(stage: Stage): Promise<Earned> {
  const paid = await stage.paid()
  const { db, harbour } = stage
  const [booking] = await harbour.run('SELECT "endAt" FROM "Booking" WHERE id = $1', [paid.bookingId])
  const now = hoursLater(booking!.endAt, 1)
  await does(db, harbour, (work) => completeLesson(work, paid.bookingId), { now })
  await does(db, harbour, (work) => earn(work, paid.bookingId), { now, actorKind: 'system' })
  const [payout] = await harbour.run('SELECT id FROM "Payout" WHERE "bookingId" = $1', [paid.bookingId])
  return { ...paid, payoutId: payout!.id }
}

/** Long after the lessons of these tests. */
export const LATER = new Date('2034-01-02T00:00:00Z')

/** Everything that can be paid, in a batch that finance has built and submitted. */
export async function submitted({ db, harbour }: Stage): Promise<string> {
  const as = { role: 'finance', now: LATER } as const
  const { batch } = await does(db, harbour, (work) => buildBatch(work, {}), as)
  await does(db, harbour, (work) => submitBatch(work, batch.id), as)
  return batch.id
}

/** The same, approved by the owner; its transfers wait for a worker. */
export async function approved(stage: Stage): Promise<{ batchId: string; payoutIds: string[] }> {
  const { db, harbour } = stage
  const batchId = await submitted(stage)
  const payoutIds = await does(
    db,
    harbour,
    async (work) => {
      const made = await approveBatch(work, batchId)
      for (const payoutId of made.payoutIds) await enqueue(work, transferPayout, { payoutId })
      return made.payoutIds
    },
    { role: 'owner', now: LATER },
  )
  return { batchId, payoutIds }
}

/** A lesson that was paid, given, and paid out; nothing of it waits. */
export async function paidOut(stage: Stage): Promise<Earned> {
  const made = await earned(stage)
  await approved(stage)
  await transferPayoutAtStripe(workerOf(stage.db, stage.harbour), made.payoutId)
  await forget(stage, 'payout.transfer')
  return made
}

/** Takes jobs out of the queue: the test has done them by itself. */
export const forget = ({ base }: Stage, name: string) =>
  base.console('superuser', 'DELETE FROM pgboss.job WHERE name = $1', [name])
