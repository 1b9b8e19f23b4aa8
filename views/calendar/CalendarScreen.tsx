import React from 'react'
import { Link, useSearchParams } from 'react-router-dom'
import { dayAfter, longDay, mondayOf, shortDay, useNow } from '../board/clock.ts'
import { DayNav } from '../board/DayNav.tsx'
import type { Calendar, Named } from '../board/types.ts'
import { useBookingActions } from '../board/useLessonAction.ts'
import { useLoad } from '../load.ts'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Skeleton, State } from '../parts/State.tsx'
import { pagePath } from '../paths.ts'
import { useSchool } from '../session.ts'
import { useTitleOfPage } from '../title.ts'
import { zoneCity } from '../zone.ts'
import { CalendarGrid } from './CalendarGrid.tsx'

/** A day of everybody, or a week of one instructor. */
export function CalendarScreen() {
  const { timeZone } = useSchool()
  const now = useNow(timeZone)
  const [query, setQuery] = useSearchParams()
  const day = query.get('from') ?? now.day
  const instructor = query.get('instructor')
  const from = instructor ? mondayOf(day) : day
  const cancelled = query.get('cancelled') === '1'
  const asked = new URLSearchParams({
    from,
    days: instructor ? '7' : '1',
    ...(instructor ? { instructor } : {}),
    ...(cancelled ? { cancelled: '1' } : {}),
  })
  const { data, error, loading, reload } = useLoad<Calendar>(`/panel/calendar?${asked}`)
  useTitleOfPage('Calendar')
  const show = (next: { from?: string; instructor?: string | null; cancelled?: boolean }) => {
    const wanted = { from: day, instructor, cancelled, ...next }
    setQuery({
      from: wanted.from,
      ...(wanted.instructor ? { instructor: wanted.instructor } : {}),
      ...(wanted.cancelled ? { cancelled: '1' } : {}),
    })
  }
  const title = instructor ? `${shortDay(from)} – ${shortDay(dayAfter(from, 6))}` : longDay(day)
  return (
    <div className="board calendar-screen">
      <div className="screen-head">
        <h1>
          {title} <span className="count">{zoneCity(timeZone)}</span>
        </h1>
        <Ways />
      </div>
      <div className="calendar-bar">
        <Span crew={data?.crew ?? []} instructor={instructor} show={show} />
        <label className="calendar-cancelled-too">
          <input type="checkbox" checked={cancelled} onChange={(event) => show({ cancelled: event.target.checked })} />{' '}
          Cancelled too
        </label>
        <DayNav day={day} today={now.day} step={instructor ? 7 : 1} go={(next) => show({ from: next })} />
      </div>
      {error ? <ErrorState error={error} retry={reload} /> : null}
      {!error && !data ? <Skeleton lines={10} label="Loading the calendar" /> : null}
      {!error && data ? (
        <div className={loading && data.from !== from ? 'calendar-body board-older' : 'calendar-body'}>
          {data.more ? (
            <p className="board-note">The first 60 instructors are shown. Choose one to see the others.</p>
          ) : null}
          {data.instructors.length === 0 ? (
            <State icon="Users" title="No instructors yet">
              The calendar has a column for each. Add them under People.
            </State>
          ) : (
            <CalendarGrid key={asked.toString()} calendar={data} now={now} reload={reload} />
          )}
        </div>
      ) : null}
    </div>
  )
}

function Ways() {
  const books = useBookingActions().named('book') !== undefined
  if (!books) return null
  return (
    <div className="screen-actions">
      <Link className="button button-primary" to={pagePath('find-slot')}>
        <Icon name="Search" /> Find a slot
      </Link>
    </div>
  )
}

interface SpanProps {
  crew: Named[]
  instructor: string | null
  show: (next: { instructor: string | null }) => void
}

/** The day of all, or the week of one. */
function Span({ crew, instructor, show }: SpanProps) {
  return (
    <div className="calendar-span">
      <label htmlFor="calendar-who" className="sr-only">
        Whose calendar
      </label>
      <select
        id="calendar-who"
        className="input select"
        value={instructor ?? ''}
        onChange={(event) => show({ instructor: event.target.value || null })}
      >
        <option value="">Day: everybody</option>
        {crew.map(({ id, title }) => (
          <option key={id} value={id}>
            Week: {title}
          </option>
        ))}
      </select>
    </div>
  )
}
