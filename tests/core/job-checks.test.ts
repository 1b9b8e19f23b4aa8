import { expect, it } from 'vitest'
import { z } from 'zod'
import { jobGaps } from '../../src/core/checks/jobs.ts'
import { discover } from '../../src/core/discover.ts'
import { type Handler, handler } from '../../src/core/handlers.ts'
import { type Job, job } from '../../src/core/jobs.ts'
import type { TopicFacts } from '../../src/core/topics.ts'

const nothing = { data: z.object({}), run: () => Promise.resolve() }
const told: TopicFacts = { of: 'Booking', version: 1, payload: z.object({}) }
const hears = handler('people.tell', { topics: ['booking.confirmed'], onDead: 'skip', run: () => Promise.resolve() })

it('the jobs, handlers and events of the program have no gaps', async () => {
  expect(jobGaps(await discover<Job | Handler>('jobs'))).toEqual([])
})

it('names a job that is called like no job, or like another', () => {
  const found = [
    { file: 'a.ts', value: job('Reminder', nothing) },
    { file: 'b.ts', value: job('report.write', nothing) },
    { file: 'c.ts', value: job('report.write', nothing) },
  ]
  expect(jobGaps(found, {})).toEqual([
    'src/jobs/a.ts is called Reminder: a job is called like import.run',
    'src/jobs/b.ts is called report.write, as c.ts is',
    'src/jobs/c.ts is called report.write, as b.ts is',
  ])
})

it('names a schedule that is none, or whose job cannot be done by itself', () => {
  const data = z.object({ id: z.uuid() })
  const found = [
    { file: 'a.ts', value: job('a.often', { ...nothing, schedule: { cron: 'often', each: 'once' } }) },
    { file: 'b.ts', value: job('b.one', { ...nothing, data, schedule: { cron: '*/5 * * * *', each: 'school' } }) },
  ]
  expect(jobGaps(found, {})).toEqual([
    'src/jobs/a.ts is scheduled at often, which is no cron expression',
    'src/jobs/b.ts has a schedule, but cannot be done without data',
  ])
})

it('names an event that nobody hears, unless it says so, and one that says so wrongly', () => {
  const found = [{ file: 'tell.ts', value: hears as Handler }]
  expect(jobGaps(found, { 'booking.confirmed': told })).toEqual([])
  expect(jobGaps([], { 'booking.confirmed': told })).toEqual([
    'booking.confirmed is told, but no handler of src/jobs hears it: write one, or say in src/core/topics.ts that it is unheard',
  ])
  expect(jobGaps([], { 'booking.confirmed': { ...told, unheard: true } })).toEqual([])
  expect(jobGaps(found, { 'booking.confirmed': { ...told, unheard: true } })).toEqual([
    'booking.confirmed is heard by people.tell, but src/core/topics.ts says that it is unheard',
  ])
})
