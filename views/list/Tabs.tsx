import React from 'react'
import { Link, useLocation } from 'react-router-dom'
import { formatCount } from '../format.ts'
import { readScope, withScope } from '../query.ts'
import { panelOf, type ResourceJSON } from '../types.ts'

/** What the server counts beside a list. */
export interface ListCounts {
  scopes: Record<string, { count: number; isCapped: boolean }>
  about: number
}

/** The parts of a list that are asked for most, each a press away, with how many there are. */
export function Tabs({ resource, counts }: { resource: ResourceJSON; counts: ListCounts | null }) {
  const { search } = useLocation()
  const { scopes } = panelOf(resource)
  if (scopes.length === 0) return null
  const current = readScope(search)
  const tab = (name: string | null, label: string) => (
    <li key={name ?? ''}>
      <Link
        className={current === name ? 'tab tab-current' : 'tab'}
        {...(current === name ? { 'aria-current': 'true' } : {})}
        to={{ search: withScope(search, name) }}
      >
        {label}
        <TabCount count={name === null ? undefined : counts?.scopes[name]} />
      </Link>
    </li>
  )
  return (
    <nav className="tabs" aria-label="Parts of the list">
      <ul>
        {tab(null, 'All')}
        {scopes.map(({ name, label }) => tab(name, label))}
      </ul>
    </nav>
  )
}

function TabCount({ count }: { count: { count: number; isCapped: boolean } | undefined }) {
  if (!count) return null
  return (
    <>
      {' '}
      <span className={count.count === 0 ? 'tab-count tab-count-none' : 'tab-count'}>
        {formatCount(count.count, count.isCapped)}
      </span>
    </>
  )
}
