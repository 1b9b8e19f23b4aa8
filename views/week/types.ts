import type { Asked, Notice } from '../types.ts'

/** One weekday of an instructor, as the server has it; times are "08:30". */
export interface WorkDay {
  /** 0 = Sunday to 6 = Saturday. */
  dayOfWeek: number
  works: boolean
  startTime: string
  endTime: string
  breakStartTime: string | null
  breakEndTime: string | null
  maxLessonsPerDay: number | null
  travelBufferMin: number
}

export interface Week {
  instructor: { id: string; title: string }
  days: WorkDay[]
}

export interface Saved {
  asked?: Asked | null
  notice?: Notice
}

/** The week as people read it: Monday first. */
export const dayNames: readonly (readonly [dayOfWeek: number, name: string])[] = [
  [1, 'Monday'],
  [2, 'Tuesday'],
  [3, 'Wednesday'],
  [4, 'Thursday'],
  [5, 'Friday'],
  [6, 'Saturday'],
  [0, 'Sunday'],
]

/** What a day has that another may take over. */
export const copied = (from: WorkDay, to: WorkDay): WorkDay => ({ ...from, dayOfWeek: to.dayOfWeek })
