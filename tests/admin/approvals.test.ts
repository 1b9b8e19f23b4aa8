import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Desk, confirmed, openDesk, recordAction } from '../support/actions.ts'
import type { StaffRole } from '../support/school.ts'
import type { Browser } from '../support/server.ts'

interface Approvals {
  waiting: { id: string; summary: string; askedBy: string; open: { model: string; id: string } | null }[]
  asked: { id: string; summary: string; status: string; sentence: string }[]
}

let desk: Desk
let manager: Browser
let owner: Browser

beforeAll(async () => {
  desk = await openDesk()
  ;[manager, owner] = await Promise.all([desk.as('manager'), desk.as('owner')])
})
afterAll(() => desk.close())

/** Prices by more than a tenth are agreed to by an owner or finance. */
const ask = async (as: Browser) =>
  (await confirmed(as, recordAction('RateCard', desk.harbour.rateCardId, 'adjust-prices'), { percent: 5000 })).run
const read = async (role: StaffRole) => desk.get<Approvals>(await desk.as(role), '/admin/api/panel/approvals')
const count = async (role: StaffRole) =>
  (await desk.get<{ waiting: number }>(await desk.as(role), '/admin/api/panel/approvals/count')).waiting
const settle = (as: Browser, run: string, how: string, input = {}) =>
  confirmed(as, recordAction('ActionRun', run, how), input)
const mine = async (role: StaffRole, run: string) => (await read(role)).asked.find(({ id }) => id === run)

describe('what waits for an approval', () => {
  it('is counted and listed for everybody who may agree to it, and for nobody else', async () => {
    const run = await ask(manager)
    for (const role of ['owner', 'finance'] as const) {
      expect(await count(role)).toBe(1)
      expect((await read(role)).waiting).toMatchObject([
        {
          id: run,
          summary: 'Adjust prices: Standard',
          askedBy: `Manager of ${desk.harbour.slug}`,
          open: { model: 'RateCard', id: desk.harbour.rateCardId },
        },
      ])
    }
    for (const role of ['admin', 'compliance', 'manager'] as const) {
      expect(await count(role), `of ${role}`).toBe(0)
      expect((await read(role)).waiting, `of ${role}`).toEqual([])
    }
    await settle(owner, run, 'approve')
    expect([await count('owner'), await count('finance')]).toEqual([0, 0])
  })

  it('is not offered to whoever asked for it', async () => {
    const run = await ask(owner)
    expect([await count('owner'), await count('finance')]).toEqual([0, 1])
    expect((await read('owner')).waiting).toEqual([])
    expect(await mine('owner', run)).toMatchObject({ status: 'waiting' })
    await settle(await desk.as('finance'), run, 'approve')
  })

  it('of another school is not seen', async () => {
    const { river } = desk
    const run = { idempotencyKey: 'theirs', action: 'rate-card.adjust-prices', inputHash: 'x', approvers: 'owner' }
    await river.add('ActionRun', { ...run, status: 'waiting', actorUserId: river.people.manager })
    expect(await count('owner')).toBe(0)
  })
})

describe('money that waits for a second person', () => {
  it('is listed for an owner and finance, beside what else waits, and never for who asked for it or built it', async () => {
    const { harbour } = desk
    const { id: paymentId } = await harbour.payment()
    const money = { amountCents: 6000, platformFeeCents: 900, instructorShareCents: 5100, isOverride: true }
    const why = { reasonCode: 'goodwill', reason: 'Sorry', idempotencyKey: 'waits' }
    const refund = await harbour.add('Refund', { paymentId, ...money, ...why, requestedById: harbour.people.finance })
    const week = { periodStart: '2026-11-09', periodEnd: '2026-11-15', submittedAt: new Date() }
    const sum = { number: 7, payoutCount: 2, totalCents: 14_450, status: 'submitted' }
    const batch = await harbour.add('PayoutBatch', { ...week, ...sum, createdById: harbour.people.owner })
    const seen = async (role: StaffRole) => (await read(role)).waiting.map(({ id, summary }) => ({ id, summary }))
    expect(await seen('owner')).toEqual([{ id: refund.id, summary: 'Refund of A$60.00: Mia Kowalski' }])
    expect(await seen('finance')).toEqual([{ id: batch.id, summary: 'Payout batch 7: A$144.50, 2 payouts' }])
    for (const role of ['admin', 'compliance', 'manager'] as const) expect(await seen(role)).toEqual([])
    expect([await count('owner'), await count('finance'), await count('admin')]).toEqual([1, 1, 0])

    const approve = recordAction('Refund', refund.id, 'approve')
    expect((await confirmed(await desk.as('finance'), approve)).message).toContain('You asked for this refund yourself')
    expect(await mine('finance', refund.id)).toMatchObject({ status: 'waiting' })
    const reason = { reason: 'The learner never came' }
    await confirmed(owner, recordAction('Refund', refund.id, 'reject'), reason)
    expect((await mine('finance', refund.id))!.sentence).toContain('has rejected it: The learner never came')
    expect(await count('owner')).toBe(0)
    await harbour.change('PayoutBatch', batch.id, { status: 'canceled' })
  })
})

describe('a manager who asked', () => {
  it('reads how it stands: waiting, agreed to and done, or rejected with the reason', async () => {
    const run = await ask(manager)
    expect(await mine('manager', run)).toMatchObject({
      summary: 'Adjust prices: Standard',
      status: 'waiting',
      sentence: 'Waits until somebody else agrees: owner or finance.',
    })
    await settle(owner, run, 'approve')
    expect((await mine('manager', run))!.sentence).toBe(`Owner of ${desk.harbour.slug} has agreed, and it is done.`)
    const other = await ask(manager)
    await settle(owner, other, 'reject', { reason: 'Not before the holidays' })
    expect((await mine('manager', other))!.sentence).toBe(
      `Owner of ${desk.harbour.slug} has rejected it: Not before the holidays`,
    )
    expect(await mine('owner', run), 'nobody else’s').toBeUndefined()
  })
})
