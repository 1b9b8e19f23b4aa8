import { expect, it } from 'vitest'
import { formats, isAbn } from '../../src/core/formats.ts'

it('an ABN is eleven digits that add up, however they are spaced', () => {
  // the Australian Taxation Office's own, and the example of the Australian Business Register
  expect(['51 824 753 556', '51824753556', '53 004 085 616'].map(formats.abn.read)).toEqual([
    '51824753556',
    '51824753556',
    '53004085616',
  ])
  const wrong = ['51824753557', '5182475355', '518247535566', '51-824-753-556', 'none', '']
  expect(wrong.map(formats.abn.read)).toEqual(wrong.map(() => null))
})

it('two neighbouring digits that were swapped do not make an ABN', () => {
  const abn = '51824753556'
  const swapped = Array.from(
    { length: abn.length - 1 },
    (_, n) => abn.slice(0, n) + abn[n + 1] + abn[n] + abn.slice(n + 2),
  )
  expect(swapped.filter((digits) => digits !== abn && isAbn(digits))).toEqual([])
})

it('an e-mail address has a name, an @ and a place', () => {
  const addresses = ['mia@example.com', "o'hara+l@mail.school.edu.au"]
  expect(addresses.map(formats.email.read)).toEqual(addresses)
  const wrong = ['mia', 'mia@', '@example.com', 'mia@example', 'mia khan@example.com', 'mia@example..com']
  expect(wrong.map(formats.email.read)).toEqual(wrong.map(() => null))
})
