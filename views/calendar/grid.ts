import type { Calendar, Column, Lesson, Stretch } from '../board/types.ts'

/** One column of the grid: a day of one instructor. */
export interface GridColumn {
  key: string
  day: string
  instructor: Column
  lessons: Lesson[]
  working: Stretch[]
  free: Stretch[]
  exceptions: Column['exceptions']
}

/** A place in the grid, where a lesson may go. */
export interface Place {
  column: number
  minute: number
}

export const STEP = 15
/** Height of an hour, in pixels. */
export const HOUR = 60

export const columnsOf = ({ days, instructors, lessons }: Calendar): GridColumn[] =>
  days.flatMap((day) =>
    instructors.map((instructor) => ({
      key: `${day} ${instructor.id}`,
      day,
      instructor,
      lessons: lessons.filter((one) => one.day === day && one.instructor?.id === instructor.id),
      working: instructor.working.filter((one) => one.day === day),
      free: instructor.free.filter((one) => one.day === day),
      exceptions: instructor.exceptions.filter((one) => one.day === day),
    })),
  )

/** The hours to show: a usual day, and whatever lies outside of it. */
export function hoursOf(columns: readonly GridColumn[]): { first: number; last: number } {
  const all = columns.flatMap(({ lessons, working }) => [...lessons, ...working])
  const first = Math.min(8 * 60, ...all.map(({ from }) => from))
  const last = Math.max(18 * 60, ...all.map(({ to }) => to))
  return { first: Math.floor(first / 60), last: Math.ceil(last / 60) }
}

/** Top and height of a stretch, in pixels. */
export function boxOf({ from, to }: Pick<Stretch, 'from' | 'to'>, first: number): { top: number; height: number } {
  const top = ((from - first * 60) / 60) * HOUR
  return { top, height: Math.max(((to - from) / 60) * HOUR, 20) }
}

/** Where a lesson stands beside others of the same time: in which lane, of how many. */
export interface Lane {
  lane: number
  of: number
}

/** Lessons that overlap, like a cancelled one and the one that took its time, stand side by side; the others have all the room. */
export function lanesOf(lessons: readonly Lesson[]): ReadonlyMap<string, Lane> {
  const lanes = new Map<string, Lane>()
  let group: { lesson: Lesson; lane: number }[] = []
  const close = () => {
    const of = Math.max(0, ...group.map(({ lane }) => lane)) + 1
    for (const { lesson, lane } of group) lanes.set(lesson.id, { lane, of })
    group = []
  }
  for (const lesson of lessons.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    if (group.every((one) => one.lesson.to <= lesson.from)) close()
    const taken = new Set(group.filter((one) => one.lesson.to > lesson.from).map(({ lane }) => lane))
    let lane = 0
    while (taken.has(lane)) lane++
    group.push({ lesson, lane })
  }
  close()
  return lanes
}

/** Left and right edge of a lane, inside the column's own. */
export const sidesOf = ({ lane, of }: Lane): { left: string; right: string } => ({
  left: `calc(3px + (100% - 6px) * ${lane / of})`,
  right: `calc(3px + (100% - 6px) * ${1 - (lane + 1) / of})`,
})

const snapped = (minute: number): number => Math.round(minute / STEP) * STEP

/** Keeps a lesson of that length inside the day that is shown. */
export const within = (minute: number, length: number, { first, last }: { first: number; last: number }): number =>
  Math.min(Math.max(snapped(minute), first * 60), last * 60 - length)

/** The minute of the day under a point of a column. */
export const minuteAt = (column: Element, clientY: number, first: number): number =>
  first * 60 + ((clientY - column.getBoundingClientRect().top) / HOUR) * 60
