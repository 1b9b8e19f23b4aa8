import { z } from 'zod'
import { action } from '../core/action.ts'
import { nowOf } from '../core/context.ts'
import { conflict } from '../core/errors.ts'
import { monthsBefore } from '../core/time.ts'

const AT_ONCE = 500

/** Archives the learners who have had no lesson for a long time and have none to come. */
export default action('student.archive-inactive', {
  model: 'Student',
  on: 'resource',
  may: ['owner', 'admin'],
  label: 'Archive inactive students',
  icon: 'Archive',
  long: true,
  form: z.object({
    months: z.int().min(3).max(120).default(12).meta({ label: 'Months without a lesson', help: 'From 3 to 120' }),
  }),
  confirm: ({ count, input }) =>
    `Archive ${count === 1 ? 'one student' : `${count} students`} without a lesson for ${input.months} months?`,
  run: async (work, { input }) => {
    const { orgId, tx } = work
    const since = monthsBefore(nowOf(work), input.months)
    const idle = await tx.student.findMany({
      where: {
        orgId,
        archivedAt: null,
        createdAt: { lt: since },
        bookings: { none: { endAt: { gte: since }, status: { not: 'cancelled' } } },
      },
      orderBy: { id: 'asc' },
      select: { id: true },
    })
    if (idle.length === 0) throw conflict(`Nobody has been without a lesson for ${input.months} months.`)
    for (let from = 0; from < idle.length; from += AT_ONCE) {
      const id = { in: idle.slice(from, from + AT_ONCE).map((one) => one.id) }
      await tx.student.updateMany({ where: { id, archivedAt: null }, data: { archivedAt: nowOf(work) } })
      await work.progress(Math.min(from + AT_ONCE, idle.length), idle.length)
    }
    return idle.length === 1 ? 'One student is archived.' : `${idle.length} students are archived.`
  },
})
