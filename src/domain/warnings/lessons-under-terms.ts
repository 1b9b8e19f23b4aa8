import type { CancellationActor } from '@prisma/client'
import type { Concern, Warning } from '../../core/declaration.ts'
import { formatMoney } from '../../core/money.ts'
import { onBehalfOf } from '../../core/vocabulary.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { rulesOf } from '../school.ts'
import { concernOf, upcomingLessons } from './upcoming.ts'

/** Said of a change of cancellation terms: they are looked up when a lesson is cancelled, also for those agreed before. */
export const lessonsUnderTerms: Warning<'CancellationPolicy'> = {
  concerns: (work, records) => underTerms(work, [...new Set(records.map(({ actor }) => actor))]),
  sentence: (count) =>
    count === 1
      ? 'One lesson that is agreed would be cancelled under these terms from now on.'
      : `${count} lessons that are agreed would be cancelled under these terms from now on.`,
}

async function underTerms(work: UnitOfWork, actors: readonly CancellationActor[]): Promise<Concern[]> {
  const { timeZone, currency } = await rulesOf(work)
  const tiers = await work.tx.cancellationPolicy.findMany({
    where: { orgId: work.orgId, isActive: true, actor: { in: [...actors] } },
    orderBy: [{ actor: 'asc' }, { hoursBeforeStart: 'desc' }],
    select: { actor: true, hoursBeforeStart: true, refundPercentage: true, feeCents: true },
  })
  const terms = actors.map((actor) => {
    const own = tiers.filter((tier) => tier.actor === actor)
    const steps = own.map(
      ({ hoursBeforeStart, refundPercentage, feeCents }) =>
        `${refundPercentage} % from ${hoursBeforeStart} h${feeCents > 0 ? ` less ${formatMoney(feeCents, currency)}` : ''}`,
    )
    // without a tier down to the start nobody knows what is given back
    const gap = own.some(({ hoursBeforeStart }) => hoursBeforeStart === 0) ? [] : ['later: no terms']
    return `${onBehalfOf[actor]}: ${[...steps, ...gap].join(', ')}`
  })
  const agreed = await upcomingLessons(work, { status: { in: ['confirmed', 'scheduled'] } })
  return agreed.map((lesson) => concernOf(lesson, timeZone, terms.join('; ')))
}
