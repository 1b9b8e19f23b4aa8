import React, { useMemo } from 'react'
import { type Now, shortDay, span } from '../board/clock.ts'
import { LessonMenu } from '../board/LessonActions.tsx'
import { isRunning, isUnclosed, marksOf } from '../board/marks.ts'
import type { Lesson, Stretch } from '../board/types.ts'
import { useBook } from '../board/useLessonAction.ts'
import { formatTime } from '../format.ts'
import { Icon } from '../parts/Icon.tsx'
import { Menu } from '../parts/Menu.tsx'
import { STEP, boxOf, lanesOf, minuteAt, sidesOf, type GridColumn, type Lane } from './grid.ts'
import type { Moving, useMove } from './useMove.ts'

interface CalendarColumnProps {
  column: GridColumn
  index: number
  hours: { first: number; last: number }
  now: Now
  move: ReturnType<typeof useMove>
  reload: () => void
  /** On a telephone one column is seen. */
  isShown: boolean
  /** A lesson that may come here. */
  ghost: Moving | null
}

/** A day of one instructor: hours, leave, lessons, and the free time between. */
export function CalendarColumn({ column, index, hours, now, move, reload, isShown, ghost }: CalendarColumnProps) {
  const { day, instructor, lessons, working, exceptions } = column
  const lanes = useMemo(() => lanesOf(lessons), [lessons])
  const isToday = day === now.day
  const isNowShown = isToday && now.minute >= hours.first * 60 && now.minute <= hours.last * 60
  return (
    <div
      className={isShown ? 'calendar-column calendar-shown' : 'calendar-column'}
      data-column={index}
      role="group"
      aria-label={`${instructor.title}, ${shortDay(day)}`}
    >
      {working.map((one) => (
        <div key={one.from} className="calendar-working" style={boxOf(one, hours.first)} />
      ))}
      {exceptions.map((one) => {
        const seen = { from: Math.max(one.from, hours.first * 60), to: Math.min(one.to, hours.last * 60) }
        return (
          <div
            key={one.from}
            className={one.closed ? 'calendar-exception calendar-closed' : 'calendar-exception'}
            style={boxOf(seen, hours.first)}
          >
            <span>{one.label}</span>
          </div>
        )
      })}
      <Free {...{ column, hours, now, reload }} />
      {lessons.map((lesson) => (
        <LessonBlock
          key={lesson.id}
          lesson={lesson}
          lane={lanes.get(lesson.id)!}
          first={hours.first}
          now={now.at}
          move={move}
        />
      ))}
      {ghost ? <Ghost moving={ghost} first={hours.first} /> : null}
      {isNowShown ? (
        <div className="calendar-now" style={{ top: boxOf({ from: now.minute, to: now.minute }, hours.first).top }} />
      ) : null}
    </div>
  )
}

function Free({ column, hours, now, reload }: Pick<CalendarColumnProps, 'column' | 'hours' | 'now' | 'reload'>) {
  const book = useBook(reload)
  if (!book || column.day < now.day) return null
  const { day, instructor, free } = column
  const start = day === now.day ? Math.ceil(now.minute / STEP) * STEP : 0
  const gaps = free
    .map((one) => ({ ...one, from: Math.max(one.from, start) }))
    .filter(({ from, to }) => to - from >= STEP)
  const press = (gap: Stretch) => (event: React.MouseEvent<HTMLButtonElement>) => {
    // by keyboard there is no point that was pressed
    const pressed =
      event.detail === 0
        ? gap.from
        : minuteAt(event.currentTarget.closest('[data-column]')!, event.clientY, hours.first)
    const at = Math.max(gap.from, Math.floor(pressed / STEP) * STEP)
    book({ day, at, instructor })
  }
  return (
    <>
      {gaps.map((gap) => (
        <button
          key={gap.from}
          type="button"
          className="calendar-free"
          style={boxOf(gap, hours.first)}
          aria-label={`Book with ${instructor.title}, ${shortDay(day)}, ${span(gap)}`}
          onClick={press(gap)}
        >
          <Icon name="Plus" size={16} />
        </button>
      ))}
    </>
  )
}

interface LessonBlockProps {
  lesson: Lesson
  lane: Lane
  first: number
  now: Date
  move: CalendarColumnProps['move']
}

function LessonBlock({ lesson, lane, first, now, move }: LessonBlockProps) {
  const { student, service, status, tone } = lesson
  const name = student?.title ?? lesson.title
  const marks = marksOf(lesson, now)
  const worst = isUnclosed(lesson, now) ? 'danger' : isRunning(lesson) ? 'running' : tone
  const isMoving = move.moving?.lesson.id === lesson.id
  const movable = lesson.actions.includes('reschedule')
  return (
    <div
      className={`calendar-lesson calendar-${worst}${isMoving ? ' calendar-moving' : ''}${movable ? ' calendar-movable' : ''}${status === 'completed' ? ' calendar-over' : ''}${status === 'cancelled' ? ' calendar-cancelled' : ''}`}
      style={{ ...boxOf(lesson, first), ...sidesOf(lane) }}
      onPointerDown={move.grab(lesson)}
      // a finger that rests takes the lesson up: no menu of the browser comes in between
      onContextMenu={movable ? (event) => event.preventDefault() : undefined}
      onClickCapture={move.swallow}
      onKeyDownCapture={move.steer(lesson)}
      onBlur={move.letGo}
    >
      <Menu
        className="calendar-block"
        label={`Actions for ${name}, ${formatTime(lesson.from)}`}
        button={
          <>
            <span className="calendar-time">{span(lesson)}</span>
            <strong>{name}</strong>
            <span className="calendar-details">
              {[...marks.map(({ label }) => label), service?.title].filter(Boolean).join(' · ')}
            </span>
          </>
        }
      >
        <LessonMenu lesson={lesson} act={move.act} />
      </Menu>
    </div>
  )
}

function Ghost({ moving: { lesson, place }, first }: { moving: Moving; first: number }) {
  const box = { from: place.minute, to: place.minute + lesson.to - lesson.from }
  return (
    <div className="calendar-ghost" style={boxOf(box, first)} aria-hidden="true">
      <span className="calendar-time">{span(box)}</span>
      <strong>{lesson.student?.title ?? lesson.title}</strong>
    </div>
  )
}
