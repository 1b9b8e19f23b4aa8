import { z } from 'zod'
import { nowOf } from '../../core/context.ts'
import { invalid } from '../../core/errors.ts'
import { dayOf } from '../../core/time.ts'
import { type WorkDay, readWeek, saveWeek } from '../../domain/availability/working-week.ts'
import { lessonsOutsideHours } from '../../domain/warnings/lessons-outside-hours.ts'
import type { Endpoint } from '../endpoints.ts'
import { planners } from '../pages/pages.ts'
import { readRecord, told } from '../records/records.ts'
import { concernsOf, question } from '../records/warnings.ts'

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Times look like 08:30.')
const optional = z.preprocess((given) => (given === '' ? null : given), time.nullable())

const workDay = z.object({
  dayOfWeek: z.int().min(0).max(6),
  works: z.boolean(),
  startTime: time,
  endTime: time,
  breakStartTime: optional,
  breakEndTime: optional,
  maxLessonsPerDay: z.int('The lessons a day are from 1 to 20.').min(1).max(20).nullable(),
  travelBufferMin: z.int('The travel time after a lesson is from 0 to 60 minutes.').min(0).max(60),
})

const week = z
  .array(workDay)
  .min(1)
  .max(7)
  .refine((days) => new Set(days.map(({ dayOfWeek }) => dayOfWeek)).size === days.length, 'Each day is there once.')

/** The hours of all seven days of an instructor, as they are today. */
export const workingWeek: Endpoint = {
  method: 'GET',
  path: '/working-week/:id',
  roles: planners,
  handle: async ({ ctx, id, views, admin: { school } }) => {
    const { title } = await readRecord(ctx, views.get('Instructor')!, id(), school)
    const days = await ctx.db.read(ctx, (tx) => readWeek({ ...ctx, tx }, id(), dayOf(nowOf(ctx), school.timeZone)))
    return { instructor: { id: id(), title }, days }
  },
}

/** Saves a week; lessons that would no longer fit are shown first, and have to be agreed to. */
export const saveWorkingWeek: Endpoint = {
  method: 'POST',
  path: '/working-week/:id',
  roles: planners,
  handle: async ({ ctx, id, body, views, admin: { school } }) => {
    const instructorId = id()
    const { title } = await readRecord(ctx, views.get('Instructor')!, instructorId, school)
    const days = daysIn(body.days)
    const day = dayOf(nowOf(ctx), school.timeZone)
    return await told(
      ctx.db.transaction(ctx, async (tx) => {
        const work = { ...ctx, tx }
        const make = () => saveWeek(work, { instructorId, days, day })
        const about = { warns: lessonsOutsideHours, records: [{ instructorId }] as never[] }
        const concerns = await concernsOf(work, about, make)
        const asked = concerns.length > 0 ? question(concerns, lessonsOutsideHours) : null
        if (asked && asked.agreed !== body.agreed) return { asked }
        await make()
        return { notice: { type: 'success', message: `The working week of ${title} is saved.` } }
      }),
    )
  },
}

function daysIn(given: unknown): WorkDay[] {
  const read = week.safeParse(given)
  if (read.success) return read.data
  const issue = read.error.issues[0]!
  const own = issue.message.includes('.') ? issue.message : 'A field of this week cannot be read. Look at it again.'
  throw invalid(own, 'days')
}
