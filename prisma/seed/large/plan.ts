import { DateTime } from 'luxon'
import { splitFee } from '../../../src/core/money.ts'
import { random, seededId } from '../random.ts'
import { PLATFORM_FEE_BPS } from '../schools.ts'
import { learnerNames } from './names.ts'

export interface LargeSize {
  readonly schools: number
  readonly bookings: number
  /** Another number gives another data set of the same size. */
  readonly seed?: number
}

/** An instructor with a car; the calendar is filled one after the other. */
export interface Teacher {
  readonly id: string
  readonly vehicleId: string
  readonly name: string
  readonly rego: string
  readonly bookings: number
}

export interface LargeSchool {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly zone: string
  readonly openedAt: Date
  readonly managerId: string
  readonly manager: string
  readonly email: string
  readonly bookings: number
  readonly teachers: readonly Teacher[]
  readonly services: readonly { id: string; minutes: 60 | 90; cents: number; feeCents: number }[]
  readonly rateCardId: string
  readonly locationId: string
}

/** Lessons an instructor gives in the two and a half years that are told. */
const LESSONS_EACH = 3900
/** Of all bookings, those of the largest school. */
const LARGEST = 0.2
const zones = ['Australia/Sydney', 'Australia/Melbourne', 'Australia/Brisbane', 'Australia/Perth', 'Australia/Adelaide']
const places = [
  'Coastline',
  'Redgum',
  'Parkside',
  'Summit',
  'Lakeview',
  'Ironbark',
  'Southern Cross',
  'Jetty',
  'Old Mill',
  'Garden City',
]

/** Sizes of the schools: one holds a fifth of all bookings, the others spread evenly around their mean. */
export function sizes({ schools, bookings }: LargeSize): number[] {
  if (schools === 1) return [bookings]
  const largest = Math.round(bookings * LARGEST)
  const mean = (bookings - largest) / (schools - 1)
  const others = Array.from({ length: schools - 1 }, (_, n) =>
    Math.floor(mean * (schools === 2 ? 1 : 1.5 - n / (schools - 2))),
  )
  const rest = bookings - largest - others.reduce((sum, size) => sum + size, 0)
  return [largest + rest, ...others]
}

export function planSchools(size: LargeSize): LargeSchool[] {
  const set = `large/${size.seed ?? 1}/${size.schools}x${size.bookings}`
  return sizes(size).map((bookings, index) => planSchool(`${set}/${index}`, index, bookings))
}

function planSchool(key: string, index: number, bookings: number): LargeSchool {
  const chance = random(key)
  const openedAt = DateTime.fromISO('2023-02-01T00:00Z').plus({ days: index }).toJSDate()
  const id = (thing: string): string => seededId(`${key}/${thing}`, openedAt)
  const slug = `large-${String(index + 1).padStart(3, '0')}`
  const price = 7000 + chance.between(0, 40) * 50
  const teachers = Math.max(1, Math.ceil(bookings / LESSONS_EACH))
  return {
    id: id('school'),
    slug,
    name: `${places[index % places.length]} Driving School ${index + 1}`,
    zone: zones[index % zones.length]!,
    openedAt,
    managerId: id('manager'),
    manager: chance.pick(learnerNames),
    email: `manager@${slug}.${id('school').slice(-6)}.example.test`,
    bookings,
    teachers: Array.from({ length: teachers }, (_, n) => ({
      id: id(`teacher/${n}`),
      vehicleId: id(`car/${n}`),
      name: chance.pick(learnerNames),
      rego: `L${index + 1}-${n + 1}`,
      bookings: Math.floor(bookings / teachers) + (n < bookings % teachers ? 1 : 0),
    })),
    services: ([60, 90] as const).map((minutes) => {
      const cents = minutes === 60 ? price : price + 3500
      return {
        id: id(`service/${minutes}`),
        minutes,
        cents,
        feeCents: splitFee(cents, PLATFORM_FEE_BPS).platformFeeCents,
      }
    }),
    rateCardId: id('card'),
    locationId: id('office'),
  }
}
