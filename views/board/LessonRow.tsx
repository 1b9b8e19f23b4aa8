import React from 'react'
import { Link } from 'react-router-dom'
import { formatTime } from '../format.ts'
import { Badge } from '../parts/Badge.tsx'
import { Icon } from '../parts/Icon.tsx'
import { recordPath } from '../paths.ts'
import { LessonActions } from './LessonActions.tsx'
import { isRunning, isUnclosed, marksOf } from './marks.ts'
import type { Lesson } from './types.ts'
import { BOOKING } from './useLessonAction.ts'

interface LessonRowProps {
  lesson: Lesson
  now: Date
  reload: () => void
  /** What stands before the learner's name, where the day is not clear. */
  when?: React.ReactNode
  /** Beside the service and the place. */
  more?: (string | null | undefined)[]
}

/** A lesson in a line: when, who, what, how it stands, and what comes next. */
export function LessonRow({ lesson, now, reload, when, more = [] }: LessonRowProps) {
  const { from, to, student, service, location, phone } = lesson
  const details = [...more, service?.title, location?.title].filter(Boolean)
  const state = isUnclosed(lesson, now) ? ' lesson-unclosed' : isRunning(lesson) ? ' lesson-running' : ''
  return (
    <li className={`lesson${state}${lesson.status === 'completed' ? ' lesson-over' : ''}`}>
      <span className="lesson-time">
        {when}
        <strong>{formatTime(from)}</strong>
        <span className="muted">{formatTime(to)}</span>
      </span>
      <span className="lesson-what">
        <Link className="lesson-title" to={recordPath(BOOKING, lesson.id)}>
          {student?.title ?? lesson.title}
        </Link>
        <span className="lesson-details">
          {details.join(' · ')}
          {phone ? (
            <>
              {details.length > 0 ? ' · ' : ''}
              <Phone number={phone} />
            </>
          ) : null}
        </span>
      </span>
      <span className="lesson-marks">
        {marksOf(lesson, now).map(({ tone, label }) => (
          <Badge key={label} tone={tone}>
            {label}
          </Badge>
        ))}
      </span>
      <LessonActions lesson={lesson} now={now} reload={reload} />
    </li>
  )
}

/** One press to call, unless most of it is hidden. */
function Phone({ number }: { number: string }) {
  if (number.includes('•')) return <span>{number}</span>
  return (
    <a className="lesson-phone" href={`tel:${number.replaceAll(/[^+\d]/g, '')}`}>
      <Icon name="Phone" size={13} />
      {number}
    </a>
  )
}
