import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type Desk,
  bulkAction,
  confirmed,
  openDesk,
  preview,
  recordAction,
  resourceAction,
  send,
} from '../support/actions.ts'
import type { Row } from '../support/database.ts'
import { earnedLesson, readyToPay } from '../support/payouts.ts'
import { openStripe, type TestStripe } from '../support/stripe.ts'

let desk: Desk
let at: TestStripe

beforeAll(async () => {
  desk = await openDesk()
  at = await openStripe({ retries: 0 })
  await readyToPay(desk.harbour)
})
// what a test leaves in a draft or to be paid is not the next one's
beforeEach(async () => {
  await desk.harbour.run(`UPDATE "PayoutBatch" SET status = 'canceled' WHERE status IN ('draft', 'submitted')`)
  await desk.harbour.run(
    `UPDATE "Payout" SET status = 'canceled', "batchId" = NULL WHERE status IN ('pending', 'held', 'batched') AND
       ("batchId" IS NULL OR "batchId" IN (SELECT id FROM "PayoutBatch" WHERE status = 'canceled'))`,
  )
})
afterAll(async () => {
  await desk.close()
  await at.close()
})

const one = async (model: string, id: string): Promise<Row> =>
  (await desk.harbour.run(`SELECT * FROM "${model}" WHERE id = $1`, [id]))[0]!
const jobs = async (name: string): Promise<number> => {
  const text = 'SELECT count(*)::int AS n FROM pgboss.job WHERE name = $1'
  return Number((await desk.test.console('superuser', text, [name]))[0]!.n)
}
const BUILD = resourceAction('PayoutBatch', 'build')
const batchAction = (id: string, name: string) => recordAction('PayoutBatch', id, name)

/** A batch that finance has built and submitted. */
async function submitted(payouts = 1): Promise<{ id: string; payouts: Row[] }> {
  const rows: Row[] = []
  for (let lesson = 0; lesson < payouts; lesson++) rows.push(await earnedLesson(desk.harbour))
  const finance = await desk.as('finance')
  const { open } = await confirmed(finance, BUILD)
  await confirmed(finance, batchAction(open!.id, 'submit'))
  return { id: open!.id, payouts: rows }
}

describe('finance', () => {
  test('builds a batch after seeing how much it is, for whom, and what is left out for which reason', async () => {
    const finance = await desk.as('finance')
    expect((await preview(finance, BUILD)).message).toContain('nothing to pay')
    await earnedLesson(desk.harbour)
    await earnedLesson(desk.harbour, { availableAt: new Date(Date.now() + 3_600_000) })
    await earnedLesson(desk.harbour, { status: 'held', holdKind: 'person', holdReason: 'We ask the learner first.' })
    const shown = await preview(finance, BUILD)
    const { outcome, money } = shown.preview as typeof shown.preview & { outcome: string }
    expect(outcome).toContain('one payout, A$72.25.')
    expect(outcome).toContain('Ines Okafor: one payout, A$72.25.')
    expect(outcome).toContain('Left out, one payout of Ines Okafor: the hold after the lesson has not ended yet.')
    expect(outcome).toContain('We ask the learner first.')
    expect(money).toContainEqual({ label: 'Payout batch: total to transfer', amount: '+A$72.25' })
    expect(await desk.harbour.run(`SELECT id FROM "PayoutBatch" WHERE status = 'draft'`)).toEqual([])
    const done = await confirmed(finance, BUILD)
    expect(done).toMatchObject({ state: 'done', open: { model: 'PayoutBatch' } })
    expect(await one('PayoutBatch', done.open!.id)).toMatchObject({ status: 'draft', payoutCount: 1, totalCents: 7225 })
    // nobody is paid twice: there is nothing left for another batch
    expect((await confirmed(finance, BUILD)).message).toContain('None of the 2 payouts can be paid yet.')
  })

  test('cannot approve what they have built, and managers see none of it', async () => {
    const { id } = await submitted()
    const path = batchAction(id, 'approve')
    const own = await confirmed(await desk.as('finance'), path)
    expect(own.message).toBe('You built this batch yourself, so somebody else must approve it: four eyes.')
    expect((await confirmed(await desk.as('manager'), path)).state).not.toBe('done')
    expect((await confirmed(await desk.as('admin'), path)).state).not.toBe('done')
    expect(await one('PayoutBatch', id)).toMatchObject({ status: 'submitted', approvedById: null })
  })
})

describe('twenty people who approve at once', () => {
  test('approve once: one transfer is queued for each payout, and the others are told', async () => {
    const { id, payouts } = await submitted(3)
    const owner = await desk.as('owner')
    const path = batchAction(id, 'approve')
    const before = await jobs('payout.transfer')
    const { preview: shown } = await preview(owner, path)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => send(owner, path, { key: randomUUID(), hash: shown.hash, input: {} })),
    )
    const done = answers.filter(({ answer }) => answer.state === 'done')
    expect(done).toHaveLength(1)
    const others = answers.filter(({ answer }) => answer.state !== 'done')
    expect(others.filter(({ status }) => status >= 500)).toEqual([])
    const told = /approved this batch already|changed|same moment/
    expect(others.filter(({ answer }) => !told.test(answer.message))).toEqual([])
    expect((await jobs('payout.transfer')) - before).toBe(payouts.length)
    expect(await one('PayoutBatch', id)).toMatchObject({ status: 'approved', payoutCount: 3, totalCents: 3 * 7225 })
  })
})

describe('an edit of a batch that was submitted', () => {
  test('takes it back to draft, whoever does it, and what the approver had seen is void', async () => {
    const { id, payouts } = await submitted(2)
    const owner = await desk.as('owner')
    const { preview: seen } = await preview(owner, batchAction(id, 'approve'))
    const finance = await desk.as('finance')
    const out = await confirmed(finance, bulkAction('Payout', [payouts[0]!.id], 'remove-from-batch'))
    expect(out.state).toBe('done')
    const draft = {
      status: 'draft',
      payoutCount: 1,
      totalCents: 7225,
      rejectedReason: expect.stringContaining('taken out'),
    }
    expect(await one('PayoutBatch', id)).toMatchObject(draft)
    const late = await send(owner, batchAction(id, 'approve'), { key: randomUUID(), hash: seen.hash, input: {} })
    expect(late.answer.message).toContain('It has to be submitted first')
    const back = await confirmed(finance, bulkAction('Payout', [payouts[0]!.id], 'add-to-batch'), { batchId: id })
    expect(back.state).toBe('done')
    expect(await one('PayoutBatch', id)).toMatchObject({ status: 'draft', payoutCount: 2, totalCents: 2 * 7225 })
  })

  test('is what a rejection with its reason, and giving it up, lead to', async () => {
    const { id, payouts } = await submitted()
    const reason = { reason: 'The week is not over' }
    expect((await confirmed(await desk.as('finance'), batchAction(id, 'reject'), reason)).message).toContain(
      'four eyes',
    )
    expect((await confirmed(await desk.as('owner'), batchAction(id, 'reject'), reason)).state).toBe('done')
    expect(await one('PayoutBatch', id)).toMatchObject({ status: 'rejected', rejectedReason: reason.reason })
    const finance = await desk.as('finance')
    expect((await confirmed(finance, batchAction(id, 'revise'))).state).toBe('done')
    expect((await confirmed(finance, batchAction(id, 'cancel'))).state).toBe('done')
    expect(await one('Payout', payouts[0]!.id)).toMatchObject({ status: 'pending', batchId: null })
  })
})

describe('a payout', () => {
  test('is held with a reason and released with one; what is on its way cannot be', async () => {
    const payout = await earnedLesson(desk.harbour)
    const finance = await desk.as('finance')
    const act = (name: string) =>
      confirmed(finance, bulkAction('Payout', [payout.id], name), { reason: 'We ask the learner first' })
    expect((await act('release')).message).toBe('This payout is not held.')
    expect((await act('hold')).state).toBe('done')
    const standing = await desk.get<{ obstacle: string }>(finance, `/admin/api/panel/payout-standing/${payout.id}`)
    expect(standing.obstacle).toBe('We ask the learner first')
    expect((await act('release')).state).toBe('done')
    expect(await one('Payout', payout.id)).toMatchObject({ status: 'pending', holdKind: null })
    expect((await confirmed(finance, bulkAction('Payout', [payout.id], 'retry'))).message).toBe(
      'Only a transfer that has failed can be retried.',
    )
    expect(
      (await confirmed(finance, recordAction('Payout', payout.id, 'reverse'), { amountCents: '10', reason: 'No' }))
        .state,
    ).not.toBe('done')
  })

  test('that failed is retried, alone or with its batch', async () => {
    const { id, payouts } = await submitted(2)
    const owner = await desk.as('owner')
    await confirmed(owner, batchAction(id, 'approve'))
    await desk.harbour.run(`UPDATE "Payout" SET status = 'failed', "failureReason" = 'No' WHERE "batchId" = $1`, [id])
    await desk.harbour.run(`UPDATE "PayoutBatch" SET status = 'processing' WHERE id = $1`, [id])
    await desk.harbour.run(`UPDATE "PayoutBatch" SET status = 'partially_failed' WHERE id = $1`, [id])
    const before = await jobs('payout.transfer')
    const finance = await desk.as('finance')
    expect((await confirmed(finance, bulkAction('Payout', [payouts[0]!.id], 'retry'))).state).toBe('done')
    expect(await one('PayoutBatch', id)).toMatchObject({ status: 'processing' })
    await desk.harbour.run(`UPDATE "PayoutBatch" SET status = 'partially_failed' WHERE id = $1`, [id])
    expect((await confirmed(finance, batchAction(id, 'retry'))).message).toBe('One transfer is tried again.')
    expect((await jobs('payout.transfer')) - before).toBe(2)
  })
})

test('taking back, and an adjustment, are asked for by one person and agreed to by another', async () => {
  const { id, payouts } = await submitted()
  const owner = await desk.as('owner')
  await confirmed(owner, batchAction(id, 'approve'))
  const paid = { status: 'paid', paidAt: new Date(), stripeTransferId: `tr_${randomUUID()}` }
  const payout = await desk.harbour.change('Payout', payouts[0]!.id, paid)
  const finance = await desk.as('finance')
  const asked = await confirmed(finance, recordAction('Payout', payout.id, 'reverse'), {
    amountCents: '2000',
    reason: 'The wrong lesson',
  })
  expect(asked).toMatchObject({ state: 'done', open: { model: 'TransferReversal' } })
  const approve = recordAction('TransferReversal', asked.open!.id, 'approve')
  expect((await confirmed(finance, approve)).message).toContain('four eyes')
  expect((await confirmed(owner, approve)).state).toBe('done')
  expect(await one('TransferReversal', asked.open!.id)).toMatchObject({ status: 'approved', amountCents: 2000 })
  const other = await confirmed(finance, recordAction('Payout', payout.id, 'reverse'), {
    amountCents: '6000',
    reason: 'More',
  })
  expect(other.message).toContain('At most A$52.25')

  const adjust = recordAction('Instructor', desk.harbour.instructorId, 'adjust-payable')
  const fuel = { direction: 'deduct', amountCents: '1550', reason: 'Fuel card of October' }
  const waiting = await confirmed(finance, adjust, fuel)
  expect(waiting.state).toBe('waiting')
  expect((await confirmed(finance, recordAction('ActionRun', waiting.run, 'approve'))).message).toContain('four eyes')
  expect((await confirmed(owner, recordAction('ActionRun', waiting.run, 'approve'))).state).toBe('done')
  const rows = await desk.harbour.run(`SELECT * FROM "Payout" WHERE kind = 'adjustment'`)
  expect(rows).toMatchObject([{ amountCents: -1550, status: 'deducted', reason: 'Fuel card of October' }])
  const zero = await confirmed(finance, adjust, { ...fuel, amountCents: '0' })
  expect(zero.state).toBe('invalid')
  const letters = await confirmed(finance, adjust, { ...fuel, amountCents: 'twelve' })
  expect(letters.state).toBe('invalid')
})

test('an instructor’s statement adds up from the opening balance to what the books owe, also as a file', async () => {
  const { harbour } = desk
  await harbour.change('Student', harbour.studentId, { fullName: '=HYPERLINK("http://x.test")' })
  await earnedLesson(harbour)
  const owner = await desk.as('owner')
  const path = `/admin/api/panel/instructor-statement/${harbour.instructorId}`
  interface Told {
    openingCents: number
    closingCents: number
    lines: { cents: number; balanceCents: number }[]
  }
  const told = await desk.get<Told>(owner, `${path}?from=2026-01-01`)
  expect(told.lines.reduce((cents, line) => cents + line.cents, told.openingCents)).toBe(told.closingCents)
  const [books] = await harbour.run(
    `SELECT -sum("amountCents")::int AS owed FROM "LedgerEntry" WHERE account = 'instructor_payable' AND "instructorId" = $1`,
    [harbour.instructorId],
  )
  expect(told.closingCents).toBe(books!.owed)
  const { balances } = await desk.get<{ balances: { owedCents: number }[] }>(owner, '/admin/api/panel/payout-balances')
  expect(balances).toMatchObject([{ owedCents: books!.owed, instructor: 'Ines Okafor' }])

  const file = await owner(`${path}/file?from=2026-01-01`, { method: 'POST' })
  const text = await file.text()
  expect(text).toContain(`"'=HYPERLINK(""http://x.test"")"`)
  expect(text.trim().split('\r\n').at(-1)).toContain((Number(books!.owed) / 100).toFixed(2))
  const [audit] = await harbour.run(`SELECT after FROM "AuditLog" WHERE action = 'instructor.statement'`)
  expect(audit!.after).toMatchObject({ from: '2026-01-01', complete: true })
  expect((await desk.get(owner, `${path}?from=2026-02-30`)).status).toBe(400)
  expect((await desk.get(owner, `${path}?from=2026-03-01&to=2026-02-01`)).message).toContain('must not end before')
  expect((await desk.get(await desk.as('manager'), path)).status).toBe(403)
  const stranger = `/admin/api/panel/instructor-statement/${desk.river.instructorId}`
  expect((await desk.get(owner, stranger)).status).toBe(404)
})

test('the onboarding link leads an instructor to Stripe, and back with everything done', async () => {
  const { river, server } = desk
  const { harbour } = desk
  const { id } = await harbour.add('Instructor', { displayName: 'Ben Adler' })
  const finance = await desk.as('finance')
  const done = await confirmed(finance, recordAction('Instructor', id, 'send-onboarding-link'))
  const { secret } = done as typeof done & { secret: { value: string } }
  expect(secret.value).toMatch(/^\/connect\/[\w-]+\.[\w-]+$/)
  expect(await jobs('account.open')).toBe(1)
  const first = await fetch(server.url + secret.value)
  expect(await first.text()).toContain('Hello Ben Adler')
  const go = await fetch(`${server.url}${secret.value}/go`, { redirect: 'manual' })
  expect(go.status).toBe(303)
  const page = await fetch(go.headers.get('location')!)
  expect(await page.text()).toContain('Simulated')
  // the instructor presses the button there
  await fetch(go.headers.get('location')!, { method: 'POST', redirect: 'manual' })
  const back = await fetch(`${server.url}${secret.value}?back`)
  expect(await back.text()).toContain('You can be paid')
  expect(await one('Instructor', id)).toMatchObject({ stripeOnboardingStatus: 'complete' })
  expect((await confirmed(finance, recordAction('Instructor', id, 'send-onboarding-link'))).message).toContain(
    'can be paid',
  )
  // a link of another making, and one of another school's key
  expect((await fetch(`${server.url}${secret.value.slice(0, -2)}xx`)).status).toBe(404)
  expect((await fetch(`${server.url}/connect/nothing`)).status).toBe(404)
  expect(river.orgId).not.toBe(harbour.orgId)
})
