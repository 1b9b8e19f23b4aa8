import React from 'react'
import { Link } from 'react-router-dom'
import { iconOf, isDangerous } from '../actions.ts'
import { formatTime } from '../format.ts'
import { useLabels } from '../labels.ts'
import { Icon } from '../parts/Icon.tsx'
import { Menu } from '../parts/Menu.tsx'
import { recordPath } from '../paths.ts'
import { nextActions } from './marks.ts'
import type { Lesson } from './types.ts'
import { BOOKING, useBookingActions, useLessonAction } from './useLessonAction.ts'

interface LessonActionsProps {
  lesson: Lesson
  now: Date
  reload: () => void
}

/** One press to what comes next, and a menu with the rest. */
export function LessonActions({ lesson, now, reload }: LessonActionsProps) {
  const labels = useLabels()
  const { resource, named } = useBookingActions()
  const act = useLessonAction(reload)
  const next = nextActions(lesson, now)
  const about = `${lesson.student?.title ?? lesson.title}, ${formatTime(lesson.from)}`
  return (
    <span className="lesson-actions">
      {next.slice(0, 1).map((name) => {
        const action = named(name)
        return action && resource ? (
          <button key={name} type="button" className="button button-small" onClick={() => act(lesson, name)}>
            {labels.action(action, resource)}
            <span className="sr-only"> {about}</span>
          </button>
        ) : null
      })}
      <Menu
        className="button button-icon button-quiet button-small"
        label={`Actions for ${about}`}
        button={<Icon name="MoreHorizontal" />}
      >
        <LessonMenu lesson={lesson} act={act} />
      </Menu>
    </span>
  )
}

interface LessonMenuProps {
  lesson: Lesson
  act: ReturnType<typeof useLessonAction>
}

/** Everything that can be done to a lesson now. */
export function LessonMenu({ lesson, act }: LessonMenuProps) {
  const labels = useLabels()
  const { resource, named } = useBookingActions()
  const actions = lesson.actions.flatMap((name) => named(name) ?? [])
  const sorted = [...actions.filter((one) => !isDangerous(one)), ...actions.filter(isDangerous)]
  return (
    <>
      <Link role="menuitem" className="menu-item" to={recordPath(BOOKING, lesson.id)}>
        <Icon name="Eye" size={16} /> Open the booking
      </Link>
      {resource
        ? sorted.map((action) => (
            <button
              key={action.name}
              type="button"
              role="menuitem"
              className={isDangerous(action) ? 'menu-item menu-item-danger' : 'menu-item'}
              onClick={() => act(lesson, action.name)}
            >
              <Icon name={iconOf(action)} size={16} /> {labels.action(action, resource)}
            </button>
          ))
        : null}
    </>
  )
}
