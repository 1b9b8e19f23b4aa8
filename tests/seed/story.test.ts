import { expect, test } from 'vitest'
import { deedsOf } from '../../prisma/seed/lives/deeds.ts'
import { demoSchools } from '../../prisma/seed/schools.ts'
import { type Story, tellStory } from '../../prisma/seed/story.ts'

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
    const story = tellStory(plan, new Date(now))
    expectNothingFromTheFuture(story)
    expectLivesInOrder(story)
    expectIdsOnce(story)
    expectNobodyTwice(story)
    const onNow = story.bookings.filter(({ outcome }) => outcome.kind === 'in_progress')
    expect(onNow.length).toBe(plan.slug === 'harbour-city' ? 2 : 0)
    for (const { start, end } of onNow) expect(start <= new Date(now) && end > new Date(now)).toBe(true)
  }
})

test('the same clock tells the same story, and the same week the same lessons', () => {
  const told = (now: string) => tellStory(demoSchools[2]!, new Date(now))
  const inWords = ({ school, bookings }: Story) => JSON.stringify([school.rows.of('LedgerEntry'), bookings])
  expect(inWords(told(clocks[1][1]))).toBe(inWords(told(clocks[1][1])))
  const starts = (now: string) => told(now).bookings.map(({ start }) => start.toISOString())
  const [early, late] = [new Set(starts('2026-11-24T01:00:00Z')), starts('2026-11-26T12:00:00Z')]
  expect(late.filter((start) => !early.has(start)).length).toBeLessThan(10)
})

function expectNothingFromTheFuture({ school, bookings, setting }: Story): void {
  const latest = school.now.toMillis()
  const told = (['Payment', 'Refund', 'Payout', 'PayoutBatch', 'LedgerTransaction', 'Message'] as const).flatMap(
    (model) =>
      (school.rows.of(model) as readonly { id: string; createdAt: Date; updatedAt?: Date }[])
        .filter(({ createdAt, updatedAt }) => Math.max(createdAt.getTime(), updatedAt?.getTime() ?? 0) > latest)
        .map(({ id }) => `${model} ${id}`),
  )
  const deeds = bookings.flatMap((booked) => deedsOf(booked, setting))
  expect([...told, ...deeds.filter(({ at }) => at.getTime() > latest)]).toEqual([])
}

function expectLivesInOrder({ bookings }: Story): void {
  const broken = bookings.filter(({ steps, moved, createdAt, start }) => {
    const follows = steps.slice(1).every((step, index) => {
      const before = steps[index]!
      return step.from === before.to && step.at > before.at
    })
    const movedInTime = !moved || (moved.at > createdAt && moved.at < moved.from && moved.at < start)
    return !follows || !movedInTime || steps[0]!.from !== null || steps[0]!.at.getTime() !== createdAt.getTime()
  })
  expect(broken.map(({ id, outcome }) => `${outcome.kind} ${id}`)).toEqual([])
}

function expectIdsOnce({ school, bookings }: Story): void {
  const ids = (['Payment', 'LedgerEntry', 'Message', 'Student'] as const).flatMap((model) =>
    (school.rows.of(model) as readonly { id: string }[]).map(({ id }) => id),
  )
  const all = [...ids, ...bookings.map(({ id }) => id)]
  expect(new Set(all).size).toBe(all.length)
}

/** Also not at the time at which a lesson was before it was moved. */
function expectNobodyTwice({ bookings }: Story): void {
  const held = bookings
    .filter(({ outcome }) => !['draft', 'cancelled', 'expired'].includes(outcome.kind))
    .flatMap(({ id, start, end, moved, ...who }) => {
      const minutes = end.getTime() - start.getTime()
      const times = [
        { start, end },
        ...(moved ? [{ start: moved.from, end: new Date(moved.from.getTime() + minutes) }] : []),
      ]
      return times.map((time) => ({ id, ...who, ...time }))
    })
  const clashes = [
    ...Map.groupBy(held, ({ instructor }) => instructor.id).values(),
    ...Map.groupBy(held, ({ learner }) => learner.id).values(),
    ...Map.groupBy(held, ({ vehicleId }) => vehicleId).values(),
  ].flatMap((lessons) => {
    const inOrder = lessons.toSorted((a, b) => a.start.getTime() - b.start.getTime())
    return inOrder.slice(1).filter((next, index) => next.start < inOrder[index]!.end)
  })
  expect(clashes.map(({ id }) => id)).toEqual([])
}
