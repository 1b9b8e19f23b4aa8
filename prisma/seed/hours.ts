import type { DateTime } from 'luxon'
import { dateOf, type School } from './school.ts'
import { TRAVEL_MINUTES } from './schools.ts'
import type { Instructor } from './team.ts'

/** Minutes after midnight between which lessons are given; the gap is the break. */
export interface Day {
  readonly morning: readonly [from: number, to: number]
  readonly afternoon: readonly [from: number, to: number]
}

export const SATURDAY: Day = { morning: [480, 720], afternoon: [750, 1020] }
export const WEEKDAY: Day = { morning: [510, 735], afternoon: [780, 1140] }

/** The hours of a day, or null when the instructor does not teach then. */
export function hoursOf(instructor: Instructor, day: DateTime): Day | null {
  if (day.weekday === 7 || day.weekday === instructor.plan.dayOff) return null
  return day.weekday === 6 ? SATURDAY : WEEKDAY
}

/** The hours every instructor of the school teaches, week by week. */
export function addHours(school: School, team: readonly Instructor[]): void {
  for (const instructor of team) {
    for (const day of weekOf(school.monday)) {
      const hours = hoursOf(instructor, day)
      if (hours) addDay(school, instructor, { day, hours })
    }
  }
}

const weekOf = (monday: DateTime): DateTime[] => Array.from({ length: 7 }, (_, days) => monday.plus({ days }))

function addDay(school: School, instructor: Instructor, { day, hours }: { day: DateTime; hours: Day }): void {
  const createdAt = school.monday.minus({ weeks: 40 }).toJSDate()
  const dayOfWeek = day.weekday % 7
  const row = { orgId: school.id, instructorId: instructor.id, dayOfWeek, createdAt }
  school.rows.add('InstructorWorkingHours', {
    id: school.newId(`hours/${instructor.name}/${dayOfWeek}`, createdAt),
    ...row,
    startTime: clock(hours.morning[0]),
    endTime: clock(hours.afternoon[1]),
    breakStartTime: clock(hours.morning[1]),
    breakEndTime: clock(hours.afternoon[0]),
    maxLessonsPerDay: 8,
    travelBufferMin: TRAVEL_MINUTES,
  })
  for (const [startMinute, endMinute] of [hours.morning, hours.afternoon]) {
    const id = school.newId(`availability/${instructor.name}/${dayOfWeek}/${startMinute}`, createdAt)
    school.rows.add('InstructorAvailability', { id, ...row, startMinute, endMinute })
  }
}

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

/** A day, or part of it, on which an instructor's usual hours do not hold. */
interface Exception {
  readonly instructor: number
  readonly week: number
  /** 1 = Monday to 7 = Sunday. */
  readonly weekday: number
  readonly minutes?: readonly [from: number, to: number]
  readonly open?: true
  readonly note: string
}

const leave = (instructor: number, week: number): Exception[] =>
  [1, 2, 3, 4, 5, 6].map((weekday) => ({ instructor, week, weekday, note: 'Annual leave' }))

const exceptions: readonly Exception[] = [
  ...leave(3, -5),
  ...leave(5, 3),
  { instructor: 1, week: -3, weekday: 2, note: 'Sick' },
  { instructor: 0, week: 1, weekday: 4, minutes: [780, 930], note: 'Car service' },
  { instructor: 1, week: 2, weekday: 5, minutes: [510, 735], note: 'First-aid course' },
  {
    instructor: 0,
    week: 1,
    weekday: 7,
    minutes: [600, 840],
    open: true,
    note: 'Open for learners with a test on Monday',
  },
]

export function addExceptions(school: School, team: readonly Instructor[]): void {
  for (const exception of exceptions) {
    const instructor = team[exception.instructor]
    if (!instructor) continue
    const day = dayOf(school, exception)
    const createdAt = earliest(day.minus({ weeks: 3 }), school.now.minus({ days: 2 }))
    school.rows.add('AvailabilityException', {
      id: school.newId(`exception/${instructor.name}/${dateOf(day)}`, createdAt),
      orgId: school.id,
      instructorId: instructor.id,
      date: dateOf(day),
      isAvailable: exception.open ?? false,
      startMinute: exception.minutes?.[0] ?? null,
      endMinute: exception.minutes?.[1] ?? null,
      note: exception.note,
      createdAt,
    })
  }
}

/** A stretch of a day of the story, in minutes after midnight. */
export interface Stretch {
  readonly week: number
  readonly weekday: number
  readonly from: number
  readonly to: number
}

/** Whether an instructor is away for any of these minutes. */
export function isAway(instructor: Instructor, at: Stretch): boolean {
  return exceptions.some((exception) => {
    const [from, to] = exception.minutes ?? [0, 1440]
    const sameDay = exception.week === at.week && exception.weekday === at.weekday
    return exception.instructor === instructor.index && sameDay && !exception.open && at.from < to && at.to > from
  })
}

const dayOf = (school: School, { week, weekday }: Exception): DateTime =>
  school.monday.plus({ weeks: week, days: weekday - 1 })

const earliest = (a: DateTime, b: DateTime): Date => (a < b ? a : b).toJSDate()
