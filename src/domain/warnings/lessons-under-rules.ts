import type { BookingStatus } from '@prisma/client'
import type { Concern, Scalars, Warning } from '../../core/declaration.ts'
import { valueLabel } from '../../core/labels.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { becomes } from '../bookings/transitions.ts'
import { rulesOf } from '../school.ts'
import { concernOf, upcomingLessons } from './upcoming.ts'

/** Said of a change of who may move bookings on: those whose next step other people may take, or fewer. */
export const lessonsUnderRules: Warning<'StateTransitionRule'> = {
  concerns: (work, records) => underRules(work, records),
  sentence: (count) =>
    count === 1
      ? 'For one booking other people may take this step from now on.'
      : `For ${count} bookings other people may take this step from now on.`,
}

type Rule = Pick<Scalars<'StateTransitionRule'>, 'fromStatus' | 'toStatus' | 'requiredRole'>

async function underRules(work: UnitOfWork, changed: readonly Rule[]): Promise<Concern[]> {
  const { timeZone } = await rulesOf(work)
  const rules = await work.tx.stateTransitionRule.findMany({
    where: { orgId: work.orgId, isActive: true },
    select: { fromStatus: true, toStatus: true, requiredRole: true },
  })
  const targets = [...new Set(changed.map(({ toStatus }) => toStatus))]
  const lessons = await upcomingLessons(work)
  return lessons.flatMap((lesson) =>
    targets
      .filter((to) => becomes(lesson.status, to))
      .flatMap((to) => {
        const why = whoMay(rules, lesson.status, to)
        return why ? [concernOf(lesson, timeZone, why)] : []
      }),
  )
}

/** "Cancelled: owner, manager only"; nothing where no rule narrows it. */
function whoMay(rules: readonly Rule[], from: BookingStatus, to: BookingStatus): string | null {
  const own = rules.filter(
    ({ toStatus, fromStatus }) => toStatus === to && (fromStatus === null || fromStatus === from),
  )
  const step = `${valueLabel(from)} to ${valueLabel(to).toLowerCase()}`
  if (own.length === 0 || own.some(({ requiredRole }) => requiredRole === null))
    return `${step}: owner, admin or manager`
  return `${step}: ${[...new Set(own.map(({ requiredRole }) => requiredRole))].join(' or ')} only`
}
