import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { splitFee } from '../../src/core/money.ts'
import { balancesOf, owedToInstructors } from '../../src/domain/ledger/balances.ts'
import * as facts from '../../src/domain/ledger/facts.ts'
import { type Fact, post } from '../../src/domain/ledger/post.ts'
import { cloneDatabase, type School, school, type TestDatabase } from '../support/database.ts'
import { does } from './scheduling.ts'

let base: TestDatabase
let db: Database
let harbour: School
let second: string

beforeAll(async () => {
  base = await cloneDatabase()
  db = await openDatabase(base.url, { max: 20 })
  harbour = await school(base)
  second = (await harbour.add('Instructor', { displayName: 'Tui Parata' })).id
})
afterAll(async () => {
  await db.close()
  await base.drop()
})

const about = (currency = 'AUD') => ({ id: randomUUID(), bookingId: null, currency })
const cents = fc.integer({ min: 1, max: 200_000 })

/** Every fact that the books know, over any amounts. */
const anyFact: fc.Arbitrary<(people: readonly string[]) => Fact> = fc
  .record({
    amount: cents,
    bps: fc.integer({ min: 0, max: 10_000 }),
    fee: fc.nat({ max: 5_000 }),
    who: fc.nat({ max: 1 }),
  })
  .chain(({ amount, bps, fee, who }) => {
    const split = splitFee(amount, bps)
    const money = { ...about(), ...split, amountCents: amount }
    const payment = (
      method: 'card' | 'cash' | 'bank_transfer' | 'credit',
      purpose: 'lesson' | 'package' | 'reschedule_fee',
    ) => facts.paymentReceived({ ...money, method, purpose, processorFeeCents: method === 'card' ? fee : null })
    const dispute = { ...money, feeCents: fee }
    const made: readonly ((people: readonly string[]) => Fact)[] = [
      () => payment('card', 'lesson'),
      () => payment('cash', 'lesson'),
      () => payment('bank_transfer', 'package'),
      () => payment('credit', 'lesson'),
      () => payment('card', 'reschedule_fee'),
      () => facts.processorFeeKept(money, amount),
      (people) =>
        facts.lessonEarned({
          ...split,
          bookingId: harbour.serviceId,
          currency: 'AUD',
          kind: 'lesson.completed',
          instructorId: people[who]!,
        }),
      (people) => facts.refundAgreed({ ...money, instructorId: people[who]!, earned: true }),
      () => facts.refundAgreed({ ...money, instructorId: null, earned: false }),
      () => facts.refundPaid(money, 'card'),
      () => facts.reversed(facts.refundPaid(money, 'card'), 'refund.returned'),
      (people) => facts.payoutPaid({ ...money, instructorId: people[who]! }),
      (people) => facts.payoutReversed({ ...money, instructorId: people[who]! }),
      () => facts.disputeOpened(dispute),
      () => facts.disputeWon(dispute),
      (people) => facts.disputeLost(dispute, { ...split, instructorId: people[who]! }),
      (people) => facts.payableAdjusted({ ...money, instructorId: people[who]! }),
    ]
    return fc.constantFrom(...made)
  })

describe('every fact', () => {
  test('adds up to zero, whatever the amount, and says whose an instructor’s money is', () => {
    fc.assert(
      fc.property(anyFact, (make) => {
        const { lines } = make(['first', 'second'])
        expect(lines.reduce((sum, line) => sum + line.cents, 0)).toBe(0)
        expect(lines.filter((line) => line.account === 'instructor_payable' && !line.instructorId)).toEqual([])
      }),
      { numRuns: 2_000, seed: 5 },
    )
  })

  test('and its reverse leave nothing', () => {
    fc.assert(
      fc.property(anyFact, (make) => {
        const fact = make(['first', 'second'])
        const back = facts.reversed(fact, 'undone')
        for (const [index, line] of fact.lines.entries()) expect(line.cents + back.lines[index]!.cents).toBe(0)
      }),
      { numRuns: 500, seed: 6 },
    )
  })
})

test('the books stay at zero over a hundred facts, in any order and each told twice, and know what is owed to whom', async () => {
  const people = [harbour.instructorId, second]
  const told = fc.sample(anyFact, { numRuns: 100, seed: 7 }).map((make) => make(people))
  // what is about no booking of the school cannot be written
  const written = told.map((fact) => ({ ...fact, id: randomUUID(), bookingId: null }))
  for (const fact of written) await does(db, harbour, (work) => post(work, fact))
  for (const fact of written.toReversed()) expect(await does(db, harbour, (work) => post(work, fact))).toBe(false)

  const sum = (account: string, who?: string) =>
    written
      .flatMap(({ lines }) => lines)
      .filter((line) => line.account === account && (!who || line.instructorId === who))
      .reduce((total, line) => total + line.cents, 0)
  const balances = await does(db, harbour, (work) => balancesOf(work))
  expect(balances.reduce((total, balance) => total + balance.cents, 0)).toBe(0)
  for (const balance of balances) expect(balance.cents).toBe(sum(balance.account))
  const owed = await does(db, harbour, (work) => owedToInstructors(work))
  for (const { instructorId, cents } of owed) expect(cents).toBe(0 - sum('instructor_payable', instructorId))
  const [one] = await does(db, harbour, (work) => owedToInstructors(work, second))
  expect(one).toEqual(owed.find(({ instructorId }) => instructorId === second))
})

test('ten who tell the same fact at once tell it once', async () => {
  const fact = facts.refundPaid({ ...about(), amountCents: 4_250 }, 'card')
  const answers = await Promise.all(Array.from({ length: 10 }, () => does(db, harbour, (work) => post(work, fact))))
  expect(answers.filter(Boolean)).toHaveLength(1)
  const [row] = await harbour.run(
    `SELECT count(*)::int AS lines FROM "LedgerEntry" e JOIN "LedgerTransaction" t ON t.id = e."transactionId" WHERE t."refId" = $1`,
    [fact.id],
  )
  expect(row).toMatchObject({ lines: 2 })
})

test('what does not add up, or is no whole number of cents, is not written', async () => {
  const fact = { kind: 'test.wrong', of: 'Payment', ...about() } as const
  const wrong = (lines: Fact['lines']) => does(db, harbour, (work) => post(work, { ...fact, lines }))
  await expect(wrong([{ account: 'cash', cents: 1 }])).rejects.toThrow('off by 1 cents')
  const parts = [
    { account: 'cash', cents: 0.5 },
    { account: 'refunds', cents: -0.5 },
  ] as const
  await expect(wrong(parts)).rejects.toThrow('the books')
  expect(await wrong([{ account: 'cash', cents: 0 }])).toBe(false)
})
