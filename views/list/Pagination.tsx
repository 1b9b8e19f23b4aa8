import React from 'react'
import { Link, useLocation } from 'react-router-dom'
import { formatNumber, formatRange } from '../format.ts'
import { Icon } from '../parts/Icon.tsx'
import { pageNumbers, withPage } from '../query.ts'
import type { ListMeta } from '../types.ts'

/** Where in the list this page is, and the way to the others: by the server's cursors, or by number where the end is known. */
export function Pagination({ meta, count }: { meta: ListMeta; count: number }) {
  const { search } = useLocation()
  const { page, perPage, total, totalIsCapped = false } = meta
  if (count === 0 && page <= 1) return null
  const first = (page - 1) * perPage + 1
  const pages = Math.ceil(total / perPage)
  const hasNext = meta.next === undefined ? first + count - 1 < total : meta.next !== null
  return (
    <nav className="pagination" aria-label="Pages">
      <span className="pagination-range">{formatRange(first, count, meta)}</span>
      {pages > 1 || page > 1 ? (
        <span className="pagination-links">
          <Step
            label="Previous page"
            icon="ChevronLeft"
            to={page > 1 ? withPage(search, page - 1, meta.previous) : null}
          />
          {totalIsCapped ? (
            <span className="pagination-page">Page {formatNumber(page)}</span>
          ) : (
            <Numbers page={page} pages={pages} search={search} />
          )}
          <Step label="Next page" icon="ChevronRight" to={hasNext ? withPage(search, page + 1, meta.next) : null} />
        </span>
      ) : null}
    </nav>
  )
}

function Step({ label, icon, to }: { label: string; icon: string; to: string | null }) {
  if (to === null) {
    return (
      <span className="button button-icon button-off" aria-hidden="true">
        <Icon name={icon} />
      </span>
    )
  }
  return (
    <Link className="button button-icon" aria-label={label} to={{ search: to }}>
      <Icon name={icon} />
    </Link>
  )
}

function Numbers({ page, pages, search }: { page: number; pages: number; search: string }) {
  return (
    <>
      {pageNumbers(page, pages).map((number, index) =>
        number === null ? (
          <span key={`gap-${index}`} className="pagination-gap">
            …
          </span>
        ) : (
          <Link
            key={number}
            className={number === page ? 'button button-page button-current' : 'button button-page'}
            aria-label={`Page ${number}`}
            {...(number === page ? { 'aria-current': 'page' } : {})}
            to={{ search: withPage(search, number) }}
          >
            {formatNumber(number)}
          </Link>
        ),
      )}
    </>
  )
}
