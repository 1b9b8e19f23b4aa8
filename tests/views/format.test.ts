import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatBasisPoints,
  formatMoney,
  formatNumber,
  formatRange,
  formatTime,
  humanise,
  initials,
  moneyInput,
  parseBasisPoints,
  parseMoney,
  shortId,
} from '../../views/format.ts'

describe('money', () => {
  it('reads amounts as people write them, in cents', () => {
    const typed = ['85', '85.5', '85.00', ' A$1,085.00 ', '$85', 'AUD 85', '-47.50', '0.07']
    expect(typed.map((text) => parseMoney(text, 'AUD'))).toEqual([8500, 8550, 8500, 108_500, 8500, 8500, -4750, 7])
  })

  it('refuses what is no amount of the currency', () => {
    const typed = ['', 'eighty', '85.505', '85,50', '1,08.00', '8 5x', '--5', '99999999999999999']
    expect(typed.map((text) => parseMoney(text, 'AUD'))).toEqual(typed.map(() => null))
    expect(parseMoney('85.5', 'JPY')).toBeNull()
  })

  it('names the currency of an amount', () => {
    expect(formatMoney(4750, 'AUD')).toBe('A$47.50')
    expect(formatMoney(-950, 'GBP')).toBe('−£9.50')
    expect(formatMoney(8500, 'JPY')).toBe('JP¥8,500')
  })

  it('shows a currency that does not exist as the code it was stored with', () => {
    expect(formatMoney(100, 'dollars')).toContain('1.00')
  })

  it('loses no cent between what is stored and what is typed', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), fc.constantFrom('AUD', 'JPY', 'KWD'), (cents, currency) => {
        expect(parseMoney(moneyInput(cents, currency), currency)).toBe(cents === 0 ? 0 : cents)
      }),
    )
  })
})

describe('numbers', () => {
  it('groups thousands and keeps every digit of what a number cannot hold', () => {
    expect(formatNumber(12_500)).toBe('12,500')
    expect(formatNumber('90071992547409931')).toBe('90,071,992,547,409,931')
    expect(formatNumber('-33.868805')).toBe('−33.868805')
  })

  it('leaves out the zeros that a decimal ends with, and no others', () => {
    expect(['21.00', '21.50', '100', '0.10', '-0.05', '1200.00'].map(formatNumber)).toEqual([
      '21',
      '21.5',
      '100',
      '0.1',
      '−0.05',
      '1,200',
    ])
  })

  it('shows basis points as per cent and reads them back', () => {
    expect(formatBasisPoints(1500)).toBe('15 %')
    expect(formatBasisPoints(1550)).toBe('15.5 %')
    expect(['15', '15 %', '15.5', '0.05'].map(parseBasisPoints)).toEqual([1500, 1500, 1550, 5])
    expect(['', 'x', '1.555'].map(parseBasisPoints)).toEqual([null, null, null])
  })

  it('says which part of a list is shown', () => {
    expect(formatRange(1, 25, { total: 10_000, totalIsCapped: true })).toBe('1–25 of 10,000+')
    expect(formatRange(1, 25, { total: 10_000, totalIsCapped: true, about: 198_000 })).toBe('1–25 of about 198,000')
    expect(formatRange(26, 5, { total: 30 })).toBe('26–30 of 30')
    expect(formatRange(1, 0, { total: 0 })).toBe('None')
  })
})

describe('words', () => {
  it('turns codes into words', () => {
    expect(['pending_payment', 'no_show', 'evidenceDueBy', 'AUD'].map(humanise)).toEqual([
      'Pending payment',
      'No show',
      'Evidence due by',
      'Aud',
    ])
  })

  it('shortens ids and names', () => {
    expect(shortId('01a205ba-a899-75ef-b7ac-178a3b799633')).toBe('#799633')
    expect(['Mia Khan', 'Ana Maria da Silva', 'Zoe', ''].map(initials)).toEqual(['MK', 'AS', 'Z', ''])
  })

  it('shows a time of day however it is stored', () => {
    expect(['09:00', '09:00:00', 540, '1439', 0].map(formatTime)).toEqual(['09:00', '09:00', '09:00', '23:59', '00:00'])
  })
})
