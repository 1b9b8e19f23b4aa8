import { expect, it } from 'vitest'
import { random } from '../../prisma/seed/random.ts'
import { streets } from '../../prisma/seed/routes.ts'

it('a drive of the demo leads along streets that meet at right angles, and back to where it began', () => {
  for (const name of ['one', 'two', 'three']) {
    const corners = streets(random(name), { places: 4, turns: 4 }, 2_000)
    expect(corners).toHaveLength(41)
    expect(Math.hypot(corners.at(-1)!.east, corners.at(-1)!.north)).toBeLessThan(1e-6)
    const legs = corners.slice(1).map(({ east, north }, n) => [east - corners[n]!.east, north - corners[n]!.north])
    for (const [n, [east = 0, north = 0]] of legs.slice(1).entries()) {
      const [eastBefore = 0, northBefore = 0] = legs[n]!
      // each turn is a right angle, or goes straight on where a place was reached
      const [along, across] = [east * eastBefore + north * northBefore, east * northBefore - north * eastBefore]
      expect(Math.min(Math.abs(along), Math.abs(across))).toBeLessThan(1e-3)
    }
    expect(Math.max(...corners.map(({ east, north }) => Math.hypot(east, north)))).toBeLessThan(6_000)
  }
})
