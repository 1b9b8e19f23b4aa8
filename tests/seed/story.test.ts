import { expect, test } from 'vitest'
import { demoSchools } from '../../prisma/seed/schools.ts'
import type { School } from '../../prisma/seed/school.ts'
import { tellStory } from '../../prisma/seed/story.ts'

const clocks = [
  ['just after midnight on a Monday in Sydney', '2026-11-22T13:04:00Z'],
  ['on a Saturday at noon', '2026-11-28T01:00:00Z'],
  ['late on a Sunday', '2026-11-29T12:50:00Z'],
  ['in the hour that daylight saving time takes away', '2026-10-03T16:10:00Z'],
  ['in the hour that the end of daylight saving time gives twice', '2027-04-03T16:10:00Z'],
  ['on a weekday after school', '2027-07-07T06:40:00Z'],
] as const

test.each(clocks)('the story holds when it is first told %s', (_, now) => {
  for (const plan of demoSchools) {
    const school = tellStory(plan, new Date(now))
    expectNothingFromTheFuture(school)
    expectHistoriesInOrder(school)
    expectIdsOnce(school)
    expectNobodyTwice(school)
    const onNow = school.rows.of('Booking').filter(({ status }) => status === 'in_progress')
    expect(onNow.length).toBe(plan.slug === 'harbour-city' ? 2 : 0)
    for (const { startAt, endAt } of onNow) {
      expect((startAt as Date) <= new Date(now) && (endAt as Date) > new Date(now)).toBe(true)
    }
  }
})

test('the same clock tells the same story, and the same week the same lessons', () => {
  const told = (now: string) => tellStory(demoSchools[2]!, new Date(now)).rows
  expect(told(clocks[1][1])).toEqual(told(clocks[1][1]))
  const starts = (now: string) =>
    told(now)
      .of('Booking')
      .map(({ startAt }) => (startAt as Date).toISOString())
  const [early, late] = [new Set(starts('2026-11-24T01:00:00Z')), starts('2026-11-26T12:00:00Z')]
  expect(late.filter((start) => !early.has(start)).length).toBeLessThan(10)
})

function expectNothingFromTheFuture({ rows, now }: School): void {
  const latest = now.toMillis()
  const told = [
    ...(['Booking', 'Payment', 'Refund', 'Payout', 'PayoutBatch'] as const),
    ...(['LedgerTransaction', 'Message', 'LessonStateHistory'] as const),
  ]
  const future = told.flatMap((model) =>
    (rows.of(model) as readonly { id: string; createdAt: Date; updatedAt?: Date }[])
      .filter(({ createdAt, updatedAt }) => Math.max(createdAt.getTime(), updatedAt?.getTime() ?? 0) > latest)
      .map(({ id }) => `${model} ${id}`),
  )
  expect(future).toEqual([])
}

function expectHistoriesInOrder({ rows }: School): void {
  const histories = Map.groupBy(rows.of('LessonStateHistory'), ({ bookingId }) => bookingId)
  const broken = rows.of('Booking').filter(({ id, status }) => {
    const steps = histories.get(id!)!
    const follows = steps.slice(1).every((step, index) => {
      const before = steps[index]!
      return step.fromStatus === before.toStatus && Number(step.createdAt) > Number(before.createdAt)
    })
    return !follows || steps[0]!.fromStatus !== null || steps.at(-1)!.toStatus !== status
  })
  expect(broken.map(({ id, status }) => `${status} ${id}`)).toEqual([])
}

function expectIdsOnce({ rows }: School): void {
  const ids = (['Booking', 'Payment', 'LedgerEntry', 'Message', 'Outbox', 'Student'] as const).flatMap((model) =>
    (rows.of(model) as readonly { id: string }[]).map(({ id }) => id),
  )
  expect(new Set(ids).size).toBe(ids.length)
}

function expectNobodyTwice({ rows }: School): void {
  const held = rows.of('Booking').filter(({ status }) => status !== 'draft' && status !== 'cancelled')
  const clashes = (['instructorId', 'studentId', 'vehicleId'] as const).flatMap((who) =>
    [...Map.groupBy(held, (booking) => booking[who]).values()].flatMap((lessons) => {
      const inOrder = lessons.toSorted((a, b) => Number(a.startAt) - Number(b.startAt))
      const until = who === 'instructorId' ? 'blockedUntil' : 'endAt'
      return inOrder.slice(1).filter((next, index) => Number(next.startAt) < Number(inOrder[index]![until]))
    }),
  )
  expect(clashes.map(({ id }) => id)).toEqual([])
}
