import React, { useEffect, useRef, useState } from 'react'
import { shortDay, wall } from '../board/clock.ts'
import type { Lesson } from '../board/types.ts'
import { useLessonAction } from '../board/useLessonAction.ts'
import { formatTime } from '../format.ts'
import { STEP, minuteAt, within, type GridColumn, type Place } from './grid.ts'
import { useHold } from './useHold.ts'

/** A lesson on its way to another place; until the question is answered it is still where it was. */
export interface Moving {
  lesson: Lesson
  place: Place
  /** The question is open. */
  asked: boolean
}

interface Grid {
  columns: GridColumn[]
  hours: { first: number; last: number }
  /** The element that holds the columns, each marked with its number. */
  frame: React.RefObject<HTMLElement>
}

/** Far enough to be no press. */
const SLACK = 6

const canMove = ({ actions }: Lesson): boolean => actions.includes('reschedule')
const lengthOf = ({ from, to }: Lesson): number => to - from

/** Moving a lesson by dragging it (a finger rests on it first), or by Alt and the arrow keys and then Enter; Escape puts it back. */
export function useMove({ columns, hours, frame }: Grid, reload: () => void) {
  const act = useLessonAction(reload)
  const [moving, show] = useState<Moving | null>(null)
  // the next key or movement may come before this one is shown
  const latest = useRef<Moving | null>(null)
  const setMoving = (next: Moving | null) => {
    latest.current = next
    show(next)
  }
  const dragged = useRef(false)
  const hold = useHold(frame)

  const isBack = ({ lesson, place }: Moving): boolean => {
    const column = columns[place.column]!
    return column.day === lesson.day && column.instructor.id === lesson.instructor?.id && place.minute === lesson.from
  }
  const ask = (wanted: Moving) => {
    if (isBack(wanted)) return setMoving(null)
    setMoving({ ...wanted, asked: true })
    act(wanted.lesson, 'reschedule', {
      given: givenFor(wanted, columns[wanted.place.column]!),
      closed: () => setMoving(null),
    })
  }

  const placeUnder = (lesson: Lesson, at: { x: number; y: number; grabbed: number }): Place | null => {
    const elements = [...(frame.current?.querySelectorAll('[data-column]') ?? [])]
    const under = elements.find((element) => {
      const { left, right } = element.getBoundingClientRect()
      return left <= at.x && at.x < right
    })
    if (!under) return null
    const minute = minuteAt(under, at.y, hours.first) - at.grabbed
    return { column: Number(under.getAttribute('data-column')), minute: within(minute, lengthOf(lesson), hours) }
  }

  const grab = (lesson: Lesson) => (event: React.PointerEvent) => {
    dragged.current = false
    // the menu of the lesson is beside it, not in it
    if (!(event.target as Element).closest('.calendar-block')) return
    if (!canMove(lesson) || event.button !== 0 || latest.current?.asked) return
    const column = event.currentTarget.closest('[data-column]')!
    const start = { x: event.clientX, y: event.clientY }
    const grabbed = minuteAt(column, event.clientY, hours.first) - lesson.from
    const follow = ({ clientX: x, clientY: y }: PointerEvent) => {
      if (!dragged.current && Math.hypot(x - start.x, y - start.y) < SLACK) return
      dragged.current = true
      scrollAt(frame.current, { x, y })
      const place = placeUnder(lesson, { x, y, grabbed })
      if (place) setMoving({ lesson, place, asked: false })
    }
    const end = (last: Event) => {
      window.removeEventListener('pointermove', follow)
      window.removeEventListener('pointerup', end)
      window.removeEventListener('pointercancel', end)
      window.removeEventListener('keydown', escape)
      const wanted = latest.current
      if (last.type === 'pointerup' && dragged.current && wanted) ask(wanted)
      else setMoving(null)
    }
    const escape = (pressed: KeyboardEvent) => pressed.key === 'Escape' && end(pressed)
    const drag = () => {
      window.addEventListener('pointermove', follow)
      window.addEventListener('pointerup', end)
      window.addEventListener('pointercancel', end)
      window.addEventListener('keydown', escape)
    }
    if (event.pointerType !== 'touch') return drag()
    hold(event, () => {
      dragged.current = true
      setMoving({ lesson, place: placeOf(lesson, columns), asked: false })
      drag()
    })
  }

  const steer = (lesson: Lesson) => (event: React.KeyboardEvent) => {
    const now = latest.current
    const mine = now?.lesson.id === lesson.id ? now : null
    if (mine && event.key === 'Enter') return [event.preventDefault(), ask(mine)]
    if (mine && event.key === 'Escape') return [event.preventDefault(), setMoving(null)]
    const step = event.altKey && canMove(lesson) ? steps[event.key] : undefined
    if (!step || now?.asked) return undefined
    event.preventDefault()
    const { column, minute } = mine?.place ?? placeOf(lesson, columns)
    const next = Math.min(Math.max(column + step.column, 0), columns.length - 1)
    const place = { column: next, minute: within(minute + step.minute, lengthOf(lesson), hours) }
    return setMoving({ lesson, place, asked: false })
  }

  /** After a drag the press that ends it is none. */
  const swallow = (event: React.MouseEvent) => {
    if (!dragged.current) return
    dragged.current = false
    event.preventDefault()
    event.stopPropagation()
  }
  const letGo = () => {
    if (!latest.current?.asked && !dragged.current) setMoving(null)
  }
  useNoSelection(moving !== null)
  return { moving, grab, steer, swallow, letGo, act }
}

const steps: Record<string, { column: number; minute: number }> = {
  ArrowUp: { column: 0, minute: -STEP },
  ArrowDown: { column: 0, minute: STEP },
  ArrowLeft: { column: -1, minute: 0 },
  ArrowRight: { column: 1, minute: 0 },
}

const placeOf = ({ day, from, instructor }: Lesson, columns: GridColumn[]): Place => ({
  column: columns.findIndex((one) => one.day === day && one.instructor.id === instructor?.id),
  minute: from,
})

const inWords = (day: string, minute: number, who: string): string =>
  `${shortDay(day)}, ${formatTime(minute)} with ${who}`

export const placeInWords = ({ day, instructor }: GridColumn, minute: number): string =>
  inWords(day, minute, instructor.title)

function givenFor({ lesson, place: { minute } }: Moving, column: GridColumn) {
  const { day, instructor } = column
  const isOther = instructor.id !== lesson.instructor?.id
  return {
    values: { startAt: wall(day, minute), ...(isOther ? { instructorId: instructor.id } : {}) },
    titles: isOther ? { instructorId: instructor.title } : {},
    summary: `From ${inWords(lesson.day, lesson.from, lesson.instructor?.title ?? 'nobody')} to ${placeInWords(column, minute)}`,
    ask: ['movedAs', 'reason'],
  }
}

/** Near an edge of the frame the part behind it comes into view. */
function scrollAt(frame: HTMLElement | null, { x, y }: { x: number; y: number }): void {
  if (!frame) return
  const { left, right, top, bottom } = frame.getBoundingClientRect()
  const pushed = (at: number, from: number, to: number) => (at < from ? -PUSH : at > to ? PUSH : 0)
  // on a telephone the page itself is what scrolls
  if (frame.scrollHeight <= frame.clientHeight) window.scrollBy(0, pushed(y, EDGE + 80, window.innerHeight - EDGE - 40))
  // the names above and the hours at the side stay where they are
  else frame.scrollBy(pushed(x, left + EDGE + 56, right - EDGE), pushed(y, top + EDGE + 40, bottom - EDGE))
}

const EDGE = 24
const PUSH = 12

/** While something is dragged no text is selected. */
function useNoSelection(active: boolean): void {
  useEffect(() => {
    if (!active) return undefined
    document.body.classList.add('dragging')
    return () => document.body.classList.remove('dragging')
  }, [active])
}
