import React from 'react'
import { Link, useSearchParams } from 'react-router-dom'
import { useLoad } from '../load.ts'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Skeleton } from '../parts/State.tsx'
import { pagePath } from '../paths.ts'
import { useTitleOfPage } from '../title.ts'
import { useDownload } from '../useDownload.ts'
import { Confirmation } from './Confirmation.tsx'
import { ReviewSection } from './ReviewSection.tsx'
import type { Review } from './types.ts'

/** Once a month: who may do what, and every exception that was made, with whoever stands behind it. */
export function AccessReviewScreen() {
  const [query, setQuery] = useSearchParams()
  const asked = query.get('month')
  const { data, error, reload } = useLoad<Review>(`/panel/access-review${asked ? `?month=${asked}` : ''}`)
  useTitleOfPage('Access review')
  const review = data && (!asked || data.month === asked) ? data : null
  return (
    <div className="board board-narrow">
      <div className="screen-head">
        <h1>Access review</h1>
        <div className="screen-actions">
          <Link className="button" to={pagePath('audit')}>
            <Icon name="Shield" size={16} /> Audit
          </Link>
          {review ? <ExportButton month={review.month} /> : null}
        </div>
      </div>
      <p className="lead">Who may do what, and every exception of a month.</p>
      <div className="field review-month">
        <label htmlFor="review-month">Month</label>
        <input
          id="review-month"
          key={review?.month}
          className="input"
          type="month"
          defaultValue={asked ?? review?.month ?? ''}
          onChange={(event) => event.target.value && setQuery({ month: event.target.value })}
        />
      </div>
      {error ? <ErrorState error={error} retry={reload} /> : null}
      {!error && !review ? <Skeleton lines={10} /> : null}
      {!error && review ? (
        <>
          <Confirmation review={review} done={reload} />
          {review.sections.map((section) => (
            <ReviewSection key={section.name} section={section} />
          ))}
        </>
      ) : null}
    </div>
  )
}

function ExportButton({ month }: { month: string }) {
  const { busy, save } = useDownload()
  return (
    <button
      type="button"
      className="button"
      aria-disabled={busy}
      onClick={() => void save(`/panel/access-review/export?month=${month}`)}
    >
      <Icon name="Download" size={16} /> {busy ? 'Exporting…' : 'Export'}
    </button>
  )
}
