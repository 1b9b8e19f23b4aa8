import type { DateTime } from 'luxon'
import { hoursOf, isAway } from './hours.ts'
import type { Outcome } from './outcomes.ts'
import type { Match, Slot } from './schedule.ts'
import { hoursAfter, type School, wallTime } from './school.ts'

/** Where a lesson was at first, and when and why it was moved. */
export interface Moved {
  readonly from: Date
  readonly at: Date
  readonly reason: string
}

interface Told {
  readonly outcome: Outcome
  readonly createdAt: Date
}

/** Minutes between lessons that leave time for every way in the town. */
const ROOM = 45
const MOST_LESSONS = 6

/** Everybody's days: where a lesson could have been before it was moved. */
export class Diary {
  readonly #school: School
  /** Lessons of a person's day, instructors and learners. */
  readonly #days: Map<string, Slot[]>

  constructor(school: School, matches: readonly Match[]) {
    this.#school = school
    const entries = matches.flatMap(({ slot, learner }) =>
      [slot.instructor.id, learner.id].map((person) => ({ key: keyOf(person, slot.start), slot })),
    )
    const days = Map.groupBy(entries, ({ key }) => key)
    this.#days = new Map([...days].map(([key, list]) => [key, list.map(({ slot }) => slot)]))
  }

  /** One lesson in twenty was moved once, the day after it was booked. */
  moveOf(match: Match, { outcome, createdAt }: Told): Moved | null {
    const chance = this.#school.random(`move/${match.slot.key}`)
    const at = hoursAfter(createdAt, 20)
    const early = hoursAfter(at, 30) < match.slot.start.toJSDate() && this.#school.isPast(at)
    if (!early || !['completed', 'upcoming'].includes(outcome.kind) || !chance.percent(9)) return null
    const from = this.#freeNear(match)
    if (!from) return null
    return { from, at, reason: chance.pick(['School excursion', 'Work shift', 'Test date moved']) }
  }

  /** A time at which the instructor had nothing else to do, on one of the next days; it is theirs from then on. */
  #freeNear(match: Match): Date | null {
    const { slot, learner } = match
    for (const days of [1, 2, 3]) {
      const day = slot.start.plus({ days }).startOf('day')
      const start = this.#freeOn(match, day)
      if (!start) continue
      for (const person of [slot.instructor.id, learner.id]) {
        const key = keyOf(person, start)
        this.#days.set(key, [...(this.#days.get(key) ?? []), { ...slot, start }])
      }
      return start.toJSDate()
    }
    return null
  }

  #freeOn({ slot, learner }: Match, day: DateTime): DateTime | null {
    const { instructor, minutes } = slot
    const hours = hoursOf(instructor, day)
    const onThatDay = this.#days.get(keyOf(instructor.id, day)) ?? []
    if (!hours || onThatDay.length >= MOST_LESSONS || this.#days.has(keyOf(learner.id, day))) return null
    const week = Math.floor(day.diff(this.#school.monday, 'days').days / 7)
    const busy = onThatDay.map(({ start, minutes: length }) => {
      const begin = start.hour * 60 + start.minute
      return { from: begin - ROOM, to: begin + length + ROOM }
    })
    for (const [from, to] of [hours.morning, hours.afternoon]) {
      for (let minute = from; minute + minutes + ROOM <= to; minute += 15) {
        const end = minute + minutes
        const away = isAway(instructor, { week, weekday: day.weekday, from: minute, to: end })
        if (!away && busy.every((other) => end <= other.from || other.to <= minute)) return wallTime(day, minute)
      }
    }
    return null
  }
}

const keyOf = (person: string, day: DateTime): string => `${person} ${day.toISODate()}`
