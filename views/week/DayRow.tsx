import React, { useId } from 'react'
import type { WorkDay } from './types.ts'

interface DayRowProps {
  day: WorkDay
  name: string
  change: (fields: Partial<WorkDay>) => void
  copy: () => void
}

/** One weekday: whether it is worked, from when to when, with its break. */
export function DayRow({ day, name, change, copy }: DayRowProps) {
  return (
    <fieldset className={day.works ? 'week-day' : 'week-day week-day-off'}>
      <legend className="sr-only">{name}</legend>
      <label className="week-works">
        <input type="checkbox" checked={day.works} onChange={({ target }) => change({ works: target.checked })} />
        <span>{name}</span>
      </label>
      {day.works ? (
        <>
          <Time label="From" value={day.startTime} onChange={(startTime) => change({ startTime })} />
          <Time label="To" value={day.endTime} onChange={(endTime) => change({ endTime })} />
          <Time
            label="Break from"
            value={day.breakStartTime}
            onChange={(value) => change({ breakStartTime: value || null })}
          />
          <Time
            label="Break to"
            value={day.breakEndTime}
            onChange={(value) => change({ breakEndTime: value || null })}
          />
          <Count
            label="Lessons"
            title="Most lessons on this day; empty when there is no limit"
            value={day.maxLessonsPerDay}
            onChange={(maxLessonsPerDay) => change({ maxLessonsPerDay })}
          />
          <Count
            label="Minutes"
            title="Minutes kept free after each lesson"
            value={day.travelBufferMin}
            onChange={(minutes) => change({ travelBufferMin: minutes ?? 0 })}
          />
          <button type="button" className="button button-quiet week-copy" onClick={copy}>
            Copy to all<span className="sr-only"> working days from {name}</span>
          </button>
        </>
      ) : (
        <span className="muted week-off">Does not work</span>
      )}
    </fieldset>
  )
}

interface TimeProps {
  label: string
  value: string | null
  onChange: (value: string) => void
}

function Time({ label, value, onChange }: TimeProps) {
  const id = useId()
  return (
    <div className="week-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="time"
        className="input"
        value={value ?? ''}
        onChange={({ target }) => onChange(target.value)}
      />
    </div>
  )
}

interface CountProps {
  label: string
  /** What is counted, for those who do not see the row. */
  title: string
  value: number | null
  onChange: (value: number | null) => void
}

function Count({ label, title, value, onChange }: CountProps) {
  const id = useId()
  return (
    <div className="week-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        title={title}
        type="number"
        inputMode="numeric"
        min={0}
        className="input input-number"
        value={value ?? ''}
        onChange={({ target }) => onChange(target.value === '' ? null : Number(target.value))}
      />
    </div>
  )
}
