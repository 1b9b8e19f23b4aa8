import React, { useEffect, useMemo, useRef, useState } from 'react'
import { shortDay, type Now } from '../board/clock.ts'
import type { Calendar } from '../board/types.ts'
import { formatTime } from '../format.ts'
import { Select } from '../parts/Select.tsx'
import { CalendarColumn } from './CalendarColumn.tsx'
import { HOUR, boxOf, columnsOf, hoursOf, type GridColumn } from './grid.ts'
import { placeInWords, useMove } from './useMove.ts'

interface CalendarGridProps {
  calendar: Calendar
  now: Now
  reload: () => void
}

export function CalendarGrid({ calendar, now, reload }: CalendarGridProps) {
  const columns = useMemo(() => columnsOf(calendar), [calendar])
  const hours = useMemo(() => hoursOf(columns), [columns])
  const isWeek = calendar.days.length > 1
  const nameOf = (column: GridColumn) => (isWeek ? shortDay(column.day) : column.instructor.title)
  const [shown, setShown] = useState(() => Math.max(0, firstOf(columns, now.day)))
  const frame = useRef<HTMLDivElement>(null)
  const begin = useRef(calendar.days.includes(now.day) ? now.minute - 60 : null)
  useEffect(() => {
    // an hour before now, so that what runs is in view; afterwards the place is the reader's own
    const minute = begin.current
    begin.current = null
    if (minute !== null) frame.current?.scrollTo({ top: boxOf({ from: minute, to: minute }, hours.first).top })
  }, [hours.first])
  const move = useMove({ columns, hours, frame }, reload)
  const { moving } = move
  const style = { '--columns': columns.length, '--hours': hours.last - hours.first } as React.CSSProperties
  return (
    <>
      {columns.length > 1 ? (
        <div className="calendar-choice">
          <Select
            label={isWeek ? 'Day of the week' : 'Instructor'}
            value={String(shown)}
            options={columns.map((column, index) => ({
              id: String(index),
              title: `${nameOf(column)} (${column.lessons.length})`,
            }))}
            onChange={(index) => setShown(Number(index))}
          />
        </div>
      ) : null}
      <div className="calendar card" ref={frame} style={style} role="region" aria-label="Calendar" tabIndex={0}>
        <div className="calendar-corner" />
        {columns.map((column, index) => (
          <div
            key={column.key}
            className={`calendar-head${index === shown ? ' calendar-shown' : ''}${isWeek && column.day === now.day ? ' calendar-today' : ''}`}
          >
            {nameOf(column)}
          </div>
        ))}
        <div className="calendar-hours" aria-hidden="true">
          {Array.from({ length: hours.last - hours.first }, (_, index) => (
            <span key={index} style={{ height: HOUR }}>
              {formatTime((hours.first + index) * 60)}
            </span>
          ))}
        </div>
        {columns.map((column, index) => (
          <CalendarColumn
            key={column.key}
            {...{ column, index, hours, now, move, reload }}
            isShown={index === shown}
            ghost={moving?.place.column === index ? moving : null}
          />
        ))}
      </div>
      <p className="calendar-hint muted">
        <span className="calendar-hint-desk">
          Drag a lesson to move it, or choose it and press Alt with an arrow key, then Enter. A press on free time books
          it.
        </span>
        <span className="calendar-hint-phone">
          Hold a lesson, then drag it to another time; or tap it, and choose Move. A tap on free time books it.
        </span>
      </p>
      <output className="sr-only" aria-live="assertive">
        {moving && !moving.asked
          ? `${moving.lesson.student?.title ?? 'Lesson'} to ${placeInWords(columns[moving.place.column]!, moving.place.minute)}. Enter asks, Escape puts it back.`
          : ''}
      </output>
    </>
  )
}

const firstOf = (columns: GridColumn[], today: string): number => {
  const isToday = columns.findIndex(({ day, lessons }) => day === today && lessons.length > 0)
  return isToday >= 0 ? isToday : columns.findIndex(({ lessons }) => lessons.length > 0)
}
