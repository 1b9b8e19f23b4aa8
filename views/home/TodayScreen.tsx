import React, { useEffect } from 'react'
import { Link, useSearchParams } from 'react-router-dom'
import { useNow, longDay, namedDay } from '../board/clock.ts'
import { DayNav } from '../board/DayNav.tsx'
import { isRunning, isUnclosed } from '../board/marks.ts'
import { refreshQueues } from '../board/queues.ts'
import type { Board } from '../board/types.ts'
import { useLoad } from '../load.ts'
import { Urgent } from '../money/Urgent.tsx'
import { ErrorState } from '../parts/ErrorState.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Skeleton, State } from '../parts/State.tsx'
import { listPath, pagePath } from '../paths.ts'
import { useSession } from '../session.ts'
import { useTitleOfPage } from '../title.ts'
import { greeting, zoneCity } from '../zone.ts'
import { InstructorCard } from './InstructorCard.tsx'
import { Waiting } from './Waiting.tsx'

const LOOK_AGAIN_MS = 60_000

/** The day by instructor: what is on, what is missing, and one press to what comes next. */
export function TodayScreen() {
  const { name, email, school } = useSession()
  const now = useNow(school.timeZone)
  const [query, setQuery] = useSearchParams()
  const day = query.get('day') ?? now.day
  const { data, error, loading, reload } = useLoad<Board>(`/panel/today?${new URLSearchParams({ day })}`)
  useTitleOfPage(day === now.day ? 'Today' : longDay(day))
  useEffect(() => {
    const timer = setInterval(() => {
      // a board on the wall stays true; one in the background asks nothing
      if (document.hidden || document.querySelector('dialog[open]')) return
      reload()
      refreshQueues()
    }, LOOK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [reload])
  const go = (next: string) => setQuery(next === now.day ? {} : { day: next })
  return (
    <div className="board">
      <div className="screen-head">
        <div>
          <h1>
            {greeting(school.timeZone)}, {name.split(' ')[0] || email}
          </h1>
          <p className="lead">
            {longDay(now.day)} in {zoneCity(school.timeZone)}
          </p>
        </div>
        <div className="screen-actions">
          <Link className="button button-primary button-large" to={pagePath('find-slot')}>
            <Icon name="Search" /> Find a slot
          </Link>
          <Link className="button button-large" to={`${pagePath('calendar')}?from=${day}`}>
            <Icon name="Calendar" /> Calendar
          </Link>
        </div>
      </div>
      <Waiting />
      <Urgent quiet />
      <div className="board-head">
        <h2>{namedDay(day, now.day)}</h2>
        {data && data.day === day ? <Summary board={data} now={now.at} /> : null}
        <DayNav day={day} today={now.day} go={go} />
      </div>
      {error ? <ErrorState error={error} retry={reload} /> : null}
      {!error && !data ? <Skeleton lines={8} label="Loading the day" /> : null}
      {!error && data ? (
        <div className={loading && data.day !== day ? 'board-days board-older' : 'board-days'}>
          <Days board={data} now={now} reload={reload} />
        </div>
      ) : null}
      <p className="board-foot">
        <Link to={listPath('Booking')}>All bookings</Link>
      </p>
    </div>
  )
}

function Summary({ board, now }: { board: Board; now: Date }) {
  const lessons = board.instructors.flatMap((one) => one.lessons).filter(({ status }) => status !== 'no_show')
  const parts = [
    `${lessons.length === 0 ? 'No' : lessons.length} ${lessons.length === 1 ? 'lesson' : 'lessons'}`,
    counted(lessons.filter((lesson) => isRunning(lesson) && !isUnclosed(lesson, now)).length, 'running now'),
    counted(lessons.filter((lesson) => isUnclosed(lesson, now)).length, 'to close'),
    counted(lessons.filter(({ unpaid, status }) => unpaid && status !== 'requested').length, 'unpaid'),
  ]
  return <p className="board-summary">{parts.filter(Boolean).join(' · ')}</p>
}

const counted = (count: number, words: string): string => (count > 0 ? `${count} ${words}` : '')

interface DaysProps {
  board: Board
  now: ReturnType<typeof useNow>
  reload: () => void
}

function Days({ board, now, reload }: DaysProps) {
  if (board.instructors.length === 0)
    return (
      <State icon="Sun" title="Nobody works this day">
        There are no lessons and no working hours. Working hours and leave are under Scheduling.
      </State>
    )
  return (
    <>
      {board.more ? (
        <p className="board-note">
          There is more on this day than fits here. The calendar and the list of bookings have the rest.
        </p>
      ) : null}
      <div className="board-cards">
        {board.instructors.map((one) => (
          <InstructorCard key={one.id} instructor={one} day={board.day} now={now} reload={reload} />
        ))}
      </div>
      {board.off.length > 0 ? (
        <p className="board-note">Not working: {board.off.map(({ title }) => title).join(', ')}</p>
      ) : null}
    </>
  )
}
