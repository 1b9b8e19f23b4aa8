import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatMoney, includedGst, splitFee } from '../../src/core/money.ts'

it('splits every price into a fee and a share that add up to it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000_000 }), fc.integer({ min: 0, max: 10_000 }), (price, bps) => {
      const { platformFeeCents, instructorShareCents } = splitFee(price, bps)
      expect(platformFeeCents + instructorShareCents).toBe(price)
      expect(platformFeeCents).toBeGreaterThanOrEqual(0)
      expect(instructorShareCents).toBeGreaterThanOrEqual(0)
      expect(Math.abs(platformFeeCents - (price * bps) / 10_000)).toBeLessThanOrEqual(0.5)
    }),
  )
})

it('takes 15 % of A$74.95 as A$11.24, half a cent up', () => {
  expect(splitFee(7495, 1500)).toEqual({ platformFeeCents: 1124, instructorShareCents: 6371 })
  expect(splitFee(10, 1500)).toEqual({ platformFeeCents: 2, instructorShareCents: 8 })
})

it('finds the GST inside a price as one eleventh', () => {
  expect([includedGst(11_000), includedGst(8500), includedGst(0)]).toEqual([1000, 773, 0])
})

it("writes an amount with its currency's own decimals", () => {
  expect(formatMoney(4750, 'AUD')).toBe('A$47.50')
  expect(formatMoney(4750, 'JPY')).toBe('¥4,750')
})
