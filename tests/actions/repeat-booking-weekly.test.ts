import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Desk, confirmed, openDesk, preview, recordAction } from '../support/actions.ts'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
  const { harbour } = desk
  for (let dayOfWeek = 0; dayOfWeek < 7; dayOfWeek++) {
    const hours = { startTime: '00:00', endTime: '23:59' }
    await harbour.add('InstructorWorkingHours', { instructorId: harbour.instructorId, dayOfWeek, ...hours })
  }
  await harbour.change('Student', harbour.studentId, { dob: '2000-01-01' })
  await harbour.run('UPDATE "OrgSettings" SET "maxAdvanceDays" = 365')
})
afterAll(() => desk.close())

it('answers thirty people who look at a month at the same moment, and says what the clock will do in words', async () => {
  // early in the afternoon in Sydney, whenever the test runs
  const startAt = new Date(new Date(Date.now() + 3 * 86_400_000).setUTCHours(2, 0, 0, 0))
  const { id } = await desk.harbour.booking({ startAt })
  const manager = await desk.as('manager')
  const path = recordAction('Booking', id, 'repeat-weekly')
  const answers = await Promise.all(Array.from({ length: 30 }, () => preview(manager, path, { weeks: 4 })))
  expect(new Set(answers.map(({ state }) => state))).toEqual(new Set(['preview']))
  const shown = answers[0]!.preview as (typeof answers)[0]['preview'] & { later: string[]; outcome: string }
  expect(shown.outcome).toBe('4 lessons are booked.')
  expect(new Set(shown.changes.map(({ singular }) => singular))).toEqual(new Set(['Booking']))
  expect(shown.later).toHaveLength(5)
  expect(shown.later[1]).toMatch(
    /^No-show is marked on \w{3} \d+ \w{3}( \d{4})?, \d{2}:\d{2}, unless the lesson has begun$/,
  )
  expect(shown.later[4]).toBe('and 4 more like these')
  expect(await confirmed(manager, path, { weeks: 4 })).toMatchObject({
    state: 'done',
    message: '4 lessons are booked.',
  })
})
