import { describe, expect, it } from 'vitest'
import { filterGaps } from '../../src/core/checks/filters.ts'
import { type Declaration, resource } from '../../src/core/declaration.ts'
import { modelOf } from '../../src/core/schema.ts'

const gaps = (declaration: unknown): string[] => {
  const { model } = declaration as Declaration
  return filterGaps({ here: 'src/resources/it.ts', declaration: declaration as Declaration, model: modelOf(model) })
}

describe('a declaration is refused at start', () => {
  it('for every filter of a large table that no index leads to, all at once', () => {
    const declared = resource('Booking', {
      filters: { range: ['startAt', 'priceCents'], multi: ['status', 'cancelledAs'], null: ['vehicleId', 'notes'] },
    })
    expect(gaps(declared)).toEqual([
      'src/resources/it.ts filters by priceCents, which no index leads to: add @@index([orgId, priceCents]), or name Booking in src/core/indexes.ts, when it stays small',
      'src/resources/it.ts filters by cancelledAs, which no index leads to: add a partial index on ("orgId", …) WHERE cancelledAs = … for its rare values, or name Booking in src/core/indexes.ts, when it stays small',
      'src/resources/it.ts filters by notes, which no index leads to: add @@index([orgId, notes]), or name Booking in src/core/indexes.ts, when it stays small',
    ])
  })

  it('for a relation that no index leads to', () => {
    const [gap] = gaps(resource('Booking', { filters: { relation: ['student', 'policy'] } }))
    expect(gap).toContain(
      'filters by policy, which no index leads to: add @@index([orgId, policyId]) or @@index([policyId])',
    )
  })

  it('for a tab that is counted without an index, not for one that is not counted', () => {
    const declared = resource('Booking', {
      scopes: {
        Confirmed: { where: { status: 'confirmed' }, count: true },
        'By the school': { where: { cancelledAs: 'admin' }, count: true },
        Dear: { where: { priceCents: 99_900 } },
      },
    })
    expect(gaps(declared)).toEqual([expect.stringContaining('counts the scope "By the school" without an index')])
  })

  it('but not for a table that stays small', () => {
    expect(
      gaps(resource('Vehicle', { filters: { range: ['year'], multi: ['transmission'], flag: ['active'] } })),
    ).toEqual([])
  })
})
