import { describe, expect, it } from 'vitest'
import { distance, lasting, legsOf, milestonesOf, projectionFor, SHEET, scaleBar } from '../../views/trip/projection.ts'
import type { Position } from '../../views/trip/types.ts'

const at = (lat: number, lng: number, kph: number | null = null, seconds = 0): Position => [seconds, lat, lng, kph]

describe('a trip on its sheet', () => {
  it('has north above, east to the right, and keeps inside the margins', () => {
    const { at: place } = projectionFor([at(-33.8, 151.1), at(-33.7, 151.2)])
    const [southWest, northEast] = [place(at(-33.8, 151.1)), place(at(-33.7, 151.2))]
    expect(northEast.x).toBeGreaterThan(southWest.x)
    expect(northEast.y).toBeLessThan(southWest.y)
    for (const { x, y } of [southWest, northEast]) {
      expect(x).toBeGreaterThanOrEqual(SHEET.margin)
      expect(x).toBeLessThanOrEqual(SHEET.width - SHEET.margin)
      expect(y).toBeGreaterThanOrEqual(SHEET.margin - 1)
      expect(y).toBeLessThanOrEqual(SHEET.height - SHEET.margin + 1)
    }
  })

  it('has the same metre in both directions, as far from the equator as Hobart', () => {
    const { at: place, perMeter } = projectionFor([at(-42.9, 147.3), at(-42.8, 147.4)])
    const [from, north, east] = [place(at(-42.9, 147.3)), place(at(-42.89, 147.3)), place(at(-42.9, 147.31))]
    expect((from.y - north.y) / perMeter).toBeCloseTo(1111.95, 0)
    expect((east.x - from.x) / perMeter).toBeCloseTo(1111.95 * Math.cos((42.85 * Math.PI) / 180), 0)
  })

  it('draws a car that stood still as a point in the middle', () => {
    const { at: place } = projectionFor([at(-33.8, 151.1), at(-33.8, 151.1)])
    expect(place(at(-33.8, 151.1))).toEqual({ x: SHEET.width / 2, y: SHEET.height / 2 })
  })

  it.each([
    [0.05, 2000],
    [0.013, 10_000],
    [1, 200],
  ])('at %d units a metre has a bar of %d m', (perMeter, meters) => {
    const bar = scaleBar(perMeter)
    expect(bar.meters).toBe(meters)
    expect(bar.units).toBeLessThanOrEqual(SHEET.width / 3)
  })

  it('changes its line where the pace does, without a hole', () => {
    const way = [at(0, 0, 20), at(0, 1, 20), at(0, 2, 50), at(0, 3, 50), at(0, 4, 90)]
    const legs = legsOf(way)
    expect(legs.map(({ pace }) => pace)).toEqual(['slow', 'town', 'fast'])
    expect(legs[1]!.positions[0]).toBe(legs[0]!.positions.at(-1))
  })
})

describe('a trip in words', () => {
  it('is told at about a dozen moments, with what was driven by then', () => {
    const way = Array.from({ length: 361 }, (_, n) => at(-33.8 + n / 11_119.5, 151.1, 36, n * 10))
    const told = milestonesOf([way])
    expect(told).toHaveLength(13)
    expect(told[0]).toEqual({ after: '0 min', driven: '0 m', speed: '36 km/h' })
    expect(told.at(-1)).toEqual({ after: '1 h', driven: '3.6 km', speed: '36 km/h' })
  })

  it('says metres, kilometres, minutes and hours', () => {
    expect([distance(850.4), distance(12_449), distance(1000)]).toEqual(['850 m', '12.4 km', '1 km'])
    expect([lasting(29), lasting(2880), lasting(3900)]).toEqual(['0 min', '48 min', '1 h 5 min'])
  })
})
