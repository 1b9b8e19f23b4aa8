import type { CancellationActor } from '@prisma/client'
import type { DateTime } from 'luxon'
import { standardTiers } from '../../src/domain/schools/standard-policies.ts'
import type { School } from './school.ts'

export interface Catalogue {
  readonly services: Readonly<Record<60 | 90, string>>
  readonly standardCard: string
  readonly packageCard: string
  readonly package: string
  readonly policies: readonly Tier[]
}

/** One row of the cancellation policy. */
export interface Tier {
  readonly id: string
  readonly actor: CancellationActor
  readonly hours: number
  readonly percent: number
}

export function addCatalogue(school: School): Catalogue {
  const opened = school.now.minus({ weeks: 60 })
  const services = addServices(school, opened)
  const cards = addRateCards(school, services)
  const lessons = school.rows.add('Package', {
    id: school.newId('package/10', opened.toJSDate()),
    orgId: school.id,
    serviceId: services[60],
    name: 'Ten lessons',
    minutes: 600,
    priceCents: school.plan.packageCents,
    validityDays: 365,
    createdAt: opened.toJSDate(),
  })
  return { services, ...cards, package: lessons.id!, policies: addPolicies(school, opened) }
}

function addServices(school: School, opened: DateTime): Catalogue['services'] {
  const service = (name: string, durationMin: number, rest: { lessonType?: string; active?: boolean } = {}): string =>
    school.rows.add('Service', {
      id: school.newId(`service/${name}`, opened.toJSDate()),
      orgId: school.id,
      name,
      description: `${durationMin} minutes in a dual-control car with pick-up`,
      durationMin,
      lessonType: rest.lessonType ?? 'standard',
      active: rest.active ?? true,
      createdAt: opened.toJSDate(),
    }).id!
  service('Lesson, 45 minutes', 45, { active: false })
  return { 60: service('Lesson, 60 minutes', 60), 90: service('Lesson, 90 minutes', 90) }
}

function addRateCards(
  school: School,
  services: Catalogue['services'],
): Pick<Catalogue, 'standardCard' | 'packageCard'> {
  const { prices, packageCents } = school.plan
  const change = school.monday.minus({ weeks: 30 })
  const card = (
    name: string,
    from: DateTime | null,
    rest: { to?: DateTime; isDefault: boolean; prices: [number, number] },
  ): string => {
    const createdAt = (from ?? school.now.minus({ weeks: 60 })).minus({ days: 3 }).toJSDate()
    const id = school.newId(`card/${name}`, createdAt)
    const period = { validFrom: from?.toJSDate() ?? null, validTo: rest.to?.toJSDate() ?? null }
    school.rows.add('RateCard', {
      id,
      orgId: school.id,
      name,
      currency: 'AUD',
      isDefault: rest.isDefault,
      ...period,
      createdAt,
    })
    for (const [n, minutes] of ([60, 90] as const).entries()) {
      const item = {
        orgId: school.id,
        rateCardId: id,
        serviceId: services[minutes],
        priceCents: rest.prices[n]!,
        createdAt,
      }
      school.rows.add('RateCardItem', { id: school.newId(`item/${name}/${minutes}`, createdAt), ...item })
    }
    return id
  }
  card('Opening prices', null, { to: change, isDefault: true, prices: [prices[60] - 400, prices[90] - 500] })
  return {
    standardCard: card('Standard prices', change, { isDefault: true, prices: [prices[60], prices[90]] }),
    packageCard: card('Lessons from a package', null, {
      isDefault: false,
      prices: [packageCents / 10, (packageCents / 20) * 3],
    }),
  }
}

function addPolicies(school: School, opened: DateTime): Tier[] {
  return standardTiers.map(([actor, hours, percent]) => {
    const id = school.newId(`policy/${actor}/${hours}`, opened.toJSDate())
    const description = `${actor === 'admin' ? 'School' : actor} cancels ${hours} hours or more before the start: ${percent} % back`
    const row = {
      orgId: school.id,
      actor,
      hoursBeforeStart: hours,
      refundPercentage: percent,
      feeCents: 0,
      description,
    }
    school.rows.add('CancellationPolicy', { id, ...row, createdAt: opened.toJSDate() })
    return { id, actor, hours, percent }
  })
}
