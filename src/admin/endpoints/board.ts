import { invalid, notFound } from '../../core/errors.ts'
import { isUuid } from '../../core/context.ts'
import { MOST_DAYS, readCalendar } from '../board/calendar.ts'
import { dayAsked } from '../board/days.ts'
import { countQueues, queueNames, readQueue } from '../board/queues.ts'
import { readSlots } from '../board/slots.ts'
import { readBoard } from '../board/today.ts'
import type { Endpoint, EndpointCall } from '../endpoints.ts'
import { bookers } from '../pages/pages.ts'

// a role that does not see bookings or instructors has no board: for it these addresses do not exist
const seesLessons = ({ views }: EndpointCall): void => {
  if (!views.has('Booking') || !views.has('Instructor')) throw notFound('There is no such page.')
}

/** A day by instructor: `?day=2026-11-24`, today when nothing is said. */
export const today: Endpoint = {
  method: 'GET',
  path: '/today',
  handle: async (call) => {
    seesLessons(call)
    const { ctx, views, admin, query } = call
    return await readBoard(ctx, views, dayAsked(query.day, admin.school.timeZone), admin.school)
  },
}

/** Up to seven days from one on, of everybody or of one instructor: `?from=2026-11-24&days=7&instructor=…&cancelled=1`. */
export const calendar: Endpoint = {
  method: 'GET',
  path: '/calendar',
  handle: async (call) => {
    seesLessons(call)
    const { ctx, views, admin, query } = call
    const from = dayAsked(query.from, admin.school.timeZone, 'from')
    const days = Number(query.days ?? '1')
    if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS)
      throw invalid(`A calendar shows one to ${MOST_DAYS} days.`, 'days')
    return await readCalendar(
      ctx,
      views,
      { from, days, instructorId: idIn(query.instructor, 'instructor'), cancelled: query.cancelled === '1' },
      admin.school,
    )
  },
}

/** Free times for a lesson: `?service=…&instructor=…&transmission=…&location=…&from=…&to=…`. */
export const slots: Endpoint = {
  method: 'GET',
  path: '/slots',
  roles: bookers,
  handle: async ({ ctx, views, admin, query }) => {
    for (const name of ['service', 'instructor', 'location', 'student']) idIn(query[name], name)
    return await readSlots(ctx, views, { query, school: admin.school })
  },
}

/** How much waits in each queue. */
export const queueCounts: Endpoint = {
  method: 'GET',
  path: '/queues',
  roles: bookers,
  handle: async ({ ctx, views }) => ({ counts: await countQueues(ctx, views) }),
}

/** The lessons of one queue. */
export const queue: Endpoint = {
  method: 'GET',
  path: '/queues/:name',
  roles: bookers,
  handle: async ({ ctx, views, admin, params }) => {
    const name = queueNames.find((one) => one === params.name)
    if (!name) throw notFound('There is no such page.')
    return await readQueue(ctx, views, name, admin.school)
  },
}

function idIn(text: string | undefined, field: string): string | undefined {
  if (text === undefined || text === '') return undefined
  if (!isUuid(text)) throw invalid('Choose one from the list.', field)
  return text
}
