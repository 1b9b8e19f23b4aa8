import React from 'react'
import { Icon } from '../parts/Icon.tsx'
import { dayAfter } from './clock.ts'

interface DayNavProps {
  day: string
  today: string
  /** Days from one page to the next. */
  step?: number
  go: (day: string) => void
}

/** The day before, today, the day after, or any other. */
export function DayNav({ day, today, step = 1, go }: DayNavProps) {
  const period = step === 7 ? 'week' : 'day'
  return (
    <div className="day-nav" role="group" aria-label={`Choose the ${period}`}>
      <button type="button" className="button button-icon" onClick={() => go(dayAfter(day, -step))}>
        <Icon name="ChevronLeft" />
        <span className="sr-only">Previous {period}</span>
      </button>
      <button type="button" className="button" aria-pressed={day === today} onClick={() => go(today)}>
        Today
      </button>
      <button type="button" className="button button-icon" onClick={() => go(dayAfter(day, step))}>
        <Icon name="ChevronRight" />
        <span className="sr-only">Next {period}</span>
      </button>
      <input
        type="date"
        className="input day-nav-date"
        aria-label="Day"
        value={day}
        onChange={(event) => event.target.value && go(event.target.value)}
      />
    </div>
  )
}
