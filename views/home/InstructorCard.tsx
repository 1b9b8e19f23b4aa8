import React from 'react'
import { Link } from 'react-router-dom'
import { duration, span, type Now } from '../board/clock.ts'
import { LessonRow } from '../board/LessonRow.tsx'
import type { Exception, InstructorDay, Lesson, Stretch } from '../board/types.ts'
import { useBook, useReassign } from '../board/useLessonAction.ts'
import { formatTime } from '../format.ts'
import { Badge } from '../parts/Badge.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Menu } from '../parts/Menu.tsx'
import { pagePath, recordPath } from '../paths.ts'

interface InstructorCardProps {
  instructor: InstructorDay
  day: string
  now: Now
  reload: () => void
}

type Entry = { at: number; lesson: Lesson } | { at: number; free: Stretch } | { at: number; exception: Exception }

/** One instructor's day, in the order of the clock, with the gaps between lessons. */
export function InstructorCard({ instructor, day, now, reload }: InstructorCardProps) {
  const { id, title, lessons, working, papers } = instructor
  return (
    <section className="board-card card" aria-labelledby={`day-of-${id}`}>
      <header className="board-card-head">
        <div>
          <h3 id={`day-of-${id}`}>
            <Link to={recordPath('Instructor', id)}>{title}</Link>
          </h3>
          <p className="muted">
            {working.length > 0
              ? `${formatTime(working[0]!.from)}–${formatTime(working.at(-1)!.to)}`
              : 'No working hours'}
            {' · '}
            {lessons.length === 0 ? 'no lessons' : lessons.length === 1 ? '1 lesson' : `${lessons.length} lessons`}
          </p>
        </div>
        <CardMenu instructor={instructor} day={day} reload={reload} />
      </header>
      {papers.length > 0 ? (
        <p className="board-papers">
          {papers.map(({ label, lapsed }) => (
            <Badge key={label} tone={lapsed ? 'danger' : 'warning'}>
              {label}
            </Badge>
          ))}
        </p>
      ) : null}
      <ul className="lessons">
        {entriesOf(instructor, day, now).map((entry) => (
          <EntryRow key={keyOf(entry)} {...{ entry, instructor, now, reload }} />
        ))}
      </ul>
    </section>
  )
}

function CardMenu({ instructor, day, reload }: Omit<InstructorCardProps, 'now'>) {
  const reassign = useReassign(reload)
  return (
    <Menu
      className="button button-icon button-quiet"
      label={`More for ${instructor.title}`}
      button={<Icon name="MoreHorizontal" />}
    >
      <Link
        role="menuitem"
        className="menu-item"
        to={`${pagePath('calendar')}?${new URLSearchParams({ from: day, instructor: instructor.id })}`}
      >
        <Icon name="Calendar" size={16} /> Week in the calendar
      </Link>
      {reassign && instructor.lessons.length > 0 ? (
        <button type="button" role="menuitem" className="menu-item" onClick={() => reassign(instructor, day)}>
          <Icon name="Shuffle" size={16} /> Reassign this day
        </button>
      ) : null}
    </Menu>
  )
}

function entriesOf({ lessons, free, exceptions }: InstructorDay, day: string, now: Now): Entry[] {
  const isToday = day === now.day
  const gaps = free
    .map((one) => (isToday ? { ...one, from: Math.max(one.from, quarterAfter(now.minute)) } : one))
    .filter(({ from, to }) => day >= now.day && to - from >= SHORTEST)
  return [
    ...lessons.map((lesson) => ({ at: lesson.from, lesson })),
    ...gaps.map((one) => ({ at: one.from, free: one })),
    ...exceptions.map((exception) => ({ at: exception.from, exception })),
  ].toSorted((a, b) => a.at - b.at)
}

const SHORTEST = 30
const quarterAfter = (minute: number): number => Math.ceil(minute / 15) * 15

const keyOf = (entry: Entry): string =>
  'lesson' in entry ? entry.lesson.id : `${'free' in entry ? 'free' : 'exception'} ${entry.at}`

interface EntryRowProps extends Omit<InstructorCardProps, 'day'> {
  entry: Entry
}

function EntryRow({ entry, instructor, now, reload }: EntryRowProps) {
  const book = useBook(reload)
  if ('lesson' in entry) return <LessonRow lesson={entry.lesson} now={now.at} reload={reload} />
  if ('exception' in entry) {
    const { exception } = entry
    const isWhole = exception.from === 0 && exception.to === 1440
    return (
      <li className="lesson lesson-exception">
        <span className="lesson-time">{isWhole ? 'All day' : span(exception)}</span>
        <span>{exception.label}</span>
      </li>
    )
  }
  const { free } = entry
  return (
    <li className="lesson lesson-free">
      <span className="lesson-time">
        <span>{formatTime(free.from)}</span>
        <span className="muted">{formatTime(free.to)}</span>
      </span>
      <span className="muted">Free for {duration(free.to - free.from)}</span>
      {book ? (
        <button
          type="button"
          className="button button-quiet button-small"
          onClick={() => book({ day: free.day, at: free.from, instructor })}
        >
          <Icon name="Plus" size={16} /> Book
          <span className="sr-only">
            {' '}
            {instructor.title} at {formatTime(free.from)}
          </span>
        </button>
      ) : null}
    </li>
  )
}
