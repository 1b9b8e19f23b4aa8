import { describe, expect, it } from 'vitest'
import {
  filteredPaths,
  listQuery,
  pageNumbers,
  readFilters,
  withFilters,
  withoutFilter,
  withPage,
  withSort,
} from '../../views/query.ts'

const search = '?filters.status=confirmed,draft&filters.startAt~~from=2026-11-24&page=3&cursor=abc&sortBy=startAt'

describe('the address of a list', () => {
  it('holds its filters', () => {
    expect(readFilters(search)).toEqual({ status: 'confirmed,draft', 'startAt~~from': '2026-11-24' })
    expect(filteredPaths({ 'startAt~~from': 'a', 'startAt~~to': 'b', status: 'c' })).toEqual(['startAt', 'status'])
  })

  it('begins at the first page when it is filtered or sorted anew', () => {
    expect(withFilters(search, { status: 'draft', name: '' })).toBe('?sortBy=startAt&filters.status=draft')
    expect(withSort('?page=2&cursor=x', 'price', 'desc')).toBe('?sortBy=price&direction=desc')
    expect(withFilters('?filters.a=1', {})).toBe('')
  })

  it('keeps filters and order from page to page', () => {
    expect(new URLSearchParams(withPage(search, 4, 'next'))).toEqual(
      new URLSearchParams(search.replace('page=3&cursor=abc&', '') + '&page=4&cursor=next'),
    )
    expect(withPage('?page=2&cursor=x', 1, 'previous')).toBe('')
  })

  it('asks the server only what it knows', () => {
    expect(listQuery('?page=2&refresh=true&recordIds=1&perPage=9&filters.a=b')).toBe('?page=2&filters.a=b')
  })

  it('loses a whole range with its filter', () => {
    const filters = { 'startAt~~from': 'a', 'startAt~~to': 'b', startAtNote: 'c' }
    expect(withoutFilter(filters, 'startAt')).toEqual({ startAtNote: 'c' })
  })
})

it('offers the pages around the current one, the first and the last', () => {
  expect(pageNumbers(1, 1)).toEqual([1])
  expect(pageNumbers(1, 3)).toEqual([1, 2, 3])
  expect(pageNumbers(5, 40)).toEqual([1, null, 4, 5, 6, null, 40])
  expect(pageNumbers(40, 40)).toEqual([1, null, 39, 40])
})
