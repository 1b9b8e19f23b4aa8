import React, { useState } from 'react'
import { Link, useSearchParams } from 'react-router-dom'
import { download } from '../api.ts'
import { useLoad } from '../load.ts'
import { useNotify } from '../notices.ts'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Skeleton } from '../parts/State.tsx'
import { pagePath } from '../paths.ts'
import { useTitleOfPage } from '../title.ts'
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
  const notify = useNotify()
  const [busy, setBusy] = useState(false)
  const run = async (): Promise<void> => {
    if (busy) return
    setBusy(true)
    try {
      const name = await download(`/panel/access-review/export?month=${month}`, 'POST')
      notify({ message: `${name} is saved.`, type: 'success' })
    } catch (error) {
      notify({ message: (error as Error).message, type: 'error' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <button type="button" className="button" aria-disabled={busy} onClick={() => void run()}>
      <Icon name="Download" size={16} /> {busy ? 'Exporting…' : 'Export'}
    </button>
  )
}
