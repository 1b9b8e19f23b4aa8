import { useActionDialog } from '../action/ActionDialog.tsx'
import type { Given } from '../action/given.ts'
import { useResource } from '../areas.ts'
import { formatTime } from '../format.ts'
import type { ActionJSON, ResourceJSON } from '../types.ts'
import { minutesUntil, shortDay, span, wall } from './clock.ts'
import { refreshQueues } from './queues.ts'
import type { Lesson, Named } from './types.ts'

export const BOOKING = 'Booking'

const actionNamed = (resource: ResourceJSON | undefined, name: string): ActionJSON | undefined =>
  [...(resource?.actions ?? []), ...(resource?.resourceActions ?? [])].find((action) => action.name === name)

/** The bookings' actions that this person has. */
export function useBookingActions(): {
  resource: ResourceJSON | undefined
  named: (name: string) => ActionJSON | undefined
} {
  const resource = useResource(BOOKING)
  return { resource, named: (name) => actionNamed(resource, name) }
}

/** Asks for an action on a lesson in a dialog, with what is known filled in. */
export function useLessonAction(done: () => void) {
  const ask = useActionDialog()
  const { resource, named } = useBookingActions()
  return (lesson: Lesson, name: string, more: { given?: Given; closed?: () => void } = {}): void => {
    const action = named(name)
    if (!resource || !action) return
    const given = more.given ?? usual(lesson, name)
    ask({
      resource,
      action,
      target: { resourceId: resource.id, recordId: lesson.id },
      stay: true,
      done: () => {
        refreshQueues()
        done()
      },
      ...(given ? { given } : {}),
      ...(more.closed ? { closed: more.closed } : {}),
    })
  }
}

function usual({ day, from, to, startAt, endAt, instructor, status }: Lesson, name: string): Given | undefined {
  const when = `${shortDay(day)}, ${span({ from, to })}${instructor ? ` with ${instructor.title}` : ''}`
  if (name === 'reschedule')
    return {
      values: { startAt: wall(day, from) },
      summary: `Now ${when}`,
      ask: ['startAt', 'instructorId', 'movedAs', 'reason'],
    }
  const isOver = minutesUntil(endAt, new Date()) < 0 && minutesUntil(startAt, new Date()) < 0
  const planned = { summary: `Planned for ${when}` }
  if (name === 'complete' && isOver && status === 'in_progress')
    return { values: { endedAt: wall(day, to) }, ...planned, ask: ['endedAt', 'rating', 'notes'] }
  if (name === 'complete' && isOver)
    return {
      values: { startedAt: wall(day, from), endedAt: wall(day, to) },
      ...planned,
      ask: ['startedAt', 'endedAt', 'rating', 'notes'],
    }
  return undefined
}

export interface Free {
  day: string
  /** Minutes since midnight. */
  at: number
  instructor: Named
  service?: Named | undefined
  location?: Named | undefined
}

/** Opens the booking form for a free time. */
export function useBook(done: () => void, stay = true): ((free: Free) => void) | undefined {
  const ask = useActionDialog()
  const { resource, named } = useBookingActions()
  const action = named('book')
  if (!resource || !action) return undefined
  return ({ day, at, instructor, service, location }) =>
    ask({
      resource,
      action,
      target: { resourceId: resource.id },
      stay,
      done: () => {
        refreshQueues()
        done()
      },
      given: {
        values: {
          startAt: wall(day, at),
          instructorId: instructor.id,
          ...(service ? { serviceId: service.id } : {}),
          ...(location ? { locationId: location.id } : {}),
        },
        titles: {
          instructorId: instructor.title,
          ...(service ? { serviceId: service.title } : {}),
          ...(location ? { locationId: location.title } : {}),
        },
        summary: `${service ? `${service.title}: ` : ''}${shortDay(day)}, ${formatTime(at)} with ${instructor.title}${location ? `, ${location.title}` : ''}`,
      },
    })
}

/** Gives an instructor's day to colleagues; undefined where the role may not. */
export function useReassign(done: () => void): ((instructor: Named, day: string) => void) | undefined {
  const ask = useActionDialog()
  const resource = useResource('Instructor')
  const action = actionNamed(resource, 'reassign-day')
  if (!resource || !action) return undefined
  return ({ id }, day) =>
    ask({
      resource,
      action,
      target: { resourceId: resource.id, recordId: id },
      stay: true,
      done,
      given: { values: { day }, summary: `Lessons of ${shortDay(day)}`, ask: ['reason'] },
    })
}
