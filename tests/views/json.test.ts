import { describe, expect, it } from 'vitest'
import { isListOfCodes, jsonProblem, prettyJson, readJson } from '../../views/json.ts'

describe('a JSON column', () => {
  it('is read whole, however the panel sent it', () => {
    const value = { note: 'late', lines: [1, { paid: true }] }
    expect(readJson({ evidence: value }, 'evidence')).toEqual(value)
    expect(readJson({ evidence: JSON.stringify(value) }, 'evidence')).toEqual(value)
    expect(
      readJson({ 'evidence.note': 'late', 'evidence.lines.0': 1, 'evidence.lines.1.paid': true }, 'evidence'),
    ).toEqual(value)
  })

  it('is nothing when the record has none of it', () => {
    expect(readJson({ evidenceDueBy: 'x' }, 'evidence')).toBeUndefined()
    expect(readJson({ evidence: null }, 'evidence')).toBeNull()
  })

  it('keeps text that is no JSON', () => {
    expect(readJson({ evidence: 'see the photo' }, 'evidence')).toBe('see the photo')
  })

  it('cannot reach the prototype of all objects', () => {
    readJson({ 'evidence.__proto__.owned': true, 'evidence.constructor.prototype.owned': true }, 'evidence')
    expect(({} as Record<string, unknown>)['owned']).toBeUndefined()
  })
})

it('knows lists of codes from lists of other things', () => {
  expect(isListOfCodes(['external_account', 'individual.verification.document', 'history'])).toBe(true)
  const others = [['Brakes felt soft'], ['external_account', 7], ['IMG_1.jpg'], ['mia@example.test'], ['a', null]]
  expect(others.map(isListOfCodes)).toEqual(others.map(() => false))
})

it('tells whether typed text is JSON before it is sent', () => {
  expect(['', ' ', '{"a": 1}', '[]'].map(jsonProblem)).toEqual([null, null, null, null])
  expect(jsonProblem('{"a": }')).toContain('not valid JSON')
})

it('is edited over several lines', () => {
  expect(prettyJson({ a: [1] })).toBe('{\n  "a": [\n    1\n  ]\n}')
  expect(prettyJson(null)).toBe('')
})
