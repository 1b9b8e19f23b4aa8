import { DateTime } from 'luxon'
import { type Random, random, seededId } from './random.ts'
import { Rows } from './rows.ts'
import type { SchoolPlan } from './schools.ts'

/** One school while its story is told. */
export class School {
  readonly plan: SchoolPlan
  readonly id: string
  /** The moment of the first start, in the school's zone. */
  readonly now: DateTime
  /** The Monday of that week, midnight: what the story's weeks are counted from. */
  readonly monday: DateTime
  readonly rows = new Rows()
  /** Learners who are archived once their lessons are told. */
  readonly left: { readonly id: string; readonly leftAt: Date }[] = []
  /** What the trips of lessons came to. */
  readonly driven: { readonly lessonId: string; readonly meters: number; readonly endedAt: Date }[] = []
  #phones = 0

  constructor(plan: SchoolPlan, now: Date) {
    this.plan = plan
    this.id = schoolId(plan.slug)
    this.now = DateTime.fromJSDate(now, { zone: plan.zone })
    this.monday = this.now.startOf('week')
  }

  /** The same id in every run for the same thing at the same time. */
  newId(thing: string, at: Date): string {
    return seededId(`${this.plan.slug}/${thing}`, at)
  }

  /** The same numbers in every run for the same thing. */
  random(thing: string): Random {
    return random(`${this.plan.slug}/${thing}`)
  }

  /** An id as Stripe would have given it. */
  stripeId(prefix: string, id: string): string {
    return `${prefix}_demo_${id.replaceAll('-', '').slice(-16)}`
  }

  /** The next number out of those that are kept for fiction. */
  nextPhone(): string {
    return `0491 570 ${String(this.plan.firstPerson + this.#phones++).padStart(3, '0')}`
  }

  isPast(at: Date): boolean {
    return at.getTime() <= this.now.toMillis()
  }

  minutesAgo(minutes: number): Date {
    return this.now.minus({ minutes }).toJSDate()
  }
}

/** Ids of schools and people are known before the clock is: they are how a later start finds it. */
export const schoolId = (slug: string): string => seededId(`school/${slug}`, EPOCH)
export const userId = (email: string): string => seededId(`user/${email}`, EPOCH)

const EPOCH = new Date('2026-01-05T00:00:00Z')

/** A wall time of a day in its zone; `minute` counts from midnight. */
export function wallTime(day: DateTime, minute: number): DateTime {
  return day.set({ hour: Math.floor(minute / 60), minute: minute % 60, second: 0, millisecond: 0 })
}

/** A calendar day as the database takes it. */
export const dateOf = (day: DateTime): string => day.toISODate()!

export const minutesAfter = (at: Date, minutes: number): Date => new Date(at.getTime() + minutes * 60_000)
export const hoursAfter = (at: Date, hours: number): Date => minutesAfter(at, hours * 60)
export const earlier = (a: Date, b: Date): Date => (a < b ? a : b)
export const later = (a: Date, b: Date): Date => (a > b ? a : b)
