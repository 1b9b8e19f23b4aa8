import React from 'react'
import { Link, useSearchParams } from 'react-router-dom'
import { useLoad } from '../load.ts'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Skeleton, State } from '../parts/State.tsx'
import { listPath } from '../paths.ts'
import { useSchool } from '../session.ts'
import { useTitleOfPage } from '../title.ts'
import { shortDay, useNow } from './clock.ts'
import { LessonRow } from './LessonRow.tsx'
import { countInWords, queueLabels, queueNames, useQueues } from './queues.ts'
import type { Lesson, QueueName } from './types.ts'

/** What each queue is for, and what to do with it. */
const sentences: Record<QueueName, string> = {
  holds: 'Waiting for payment. When the time is up, the slot is free again.',
  requests: 'Asked for, and not agreed yet. Confirm, hold until paid, or cancel.',
  unclosed: 'Over, and nobody has said what came of it. No instructor is paid before that.',
  'no-shows': 'Marked as not come in the last 24 hours. If the lesson took place after all, complete it.',
}

/** Bookings that wait for somebody, by what they wait for. */
export function ReviewScreen() {
  const [query] = useSearchParams()
  const asked = query.get('queue')
  const name = queueNames.find((one) => one === asked) ?? 'holds'
  const counts = useQueues(true)
  useTitleOfPage(queueLabels[name])
  return (
    <div className="board board-narrow">
      <div className="screen-head">
        <h1>Review</h1>
      </div>
      <nav className="tabs" aria-label="Queues">
        <ul>
          {queueNames.map((one) => (
            <li key={one}>
              <Link
                className={one === name ? 'tab tab-current' : 'tab'}
                {...(one === name ? { 'aria-current': 'true' as const } : {})}
                to={{ search: `?queue=${one}` }}
              >
                {queueLabels[one]}{' '}
                {counts ? (
                  <span className={counts[one] === 0 ? 'tab-count tab-count-none' : 'tab-count'}>
                    {countInWords(counts[one])}
                  </span>
                ) : null}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <p className="lead review-lead">{sentences[name]}</p>
      <Queue key={name} name={name} />
    </div>
  )
}

function Queue({ name }: { name: QueueName }) {
  const { timeZone } = useSchool()
  const now = useNow(timeZone)
  const { data, error, reload } = useLoad<{ lessons: Lesson[]; more: boolean }>(`/panel/queues/${name}`)
  if (error) return <ErrorState error={error} retry={reload} />
  if (!data) return <Skeleton lines={6} />
  if (data.lessons.length === 0)
    return (
      <State icon="CheckCircle" title="Nothing waits here">
        Everything is taken care of.
      </State>
    )
  return (
    <>
      <ul className="lessons card review-list">
        {data.lessons.map((lesson) => (
          <LessonRow
            key={lesson.id}
            {...{ lesson, reload }}
            now={now.at}
            when={<span className="lesson-day">{shortDay(lesson.day)}</span>}
            more={[lesson.instructor?.title]}
          />
        ))}
      </ul>
      {data.more ? (
        <p className="board-note">
          The first {data.lessons.length} are shown. <Link to={listPath('Booking')}>All bookings</Link>
        </p>
      ) : null}
    </>
  )
}
