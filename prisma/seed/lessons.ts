import { metersAlong } from '../../src/domain/lessons/plausible-positions.ts'
import type { Booked } from './bookings.ts'
import { type Detail, streets } from './routes.ts'
import { type School, hoursAfter, minutesAfter } from './school.ts'

const GPS_RETENTION_DAYS = 90
/** Trips whose points are still there although they are due to go. */
const OVERDUE_TRIPS = 6

/** What was driven besides the lesson itself: its trip and a line in the learner's logbook. */
export function addDrives(school: School, bookings: readonly Booked[]): void {
  const given = bookings.filter(({ outcome }) => outcome.kind === 'completed' || outcome.kind === 'in_progress')
  const credited = new Map<string, number>()
  let overdue = 0
  for (const booked of given.toSorted((a, b) => a.start.getTime() - b.start.getTime())) {
    const lesson = drivenIn(school, booked)
    if (booked.learner.tracked) {
      const old = hoursAfter(booked.end, GPS_RETENTION_DAYS * 24) < school.now.toJSDate()
      addTrip(school, lesson, { booked, purged: old && overdue++ >= OVERDUE_TRIPS })
    }
    if (lesson.endedAt) addLogbookEntry(school, lesson, { booked, credited })
  }
  addIncidents(school, given)
}

interface Driven {
  readonly id: string
  readonly startedAt: Date
  readonly endedAt: Date | null
}

/** The lesson that starting a booking writes down. */
function drivenIn(school: School, { id, steps }: Booked): Driven {
  const startedAt = steps.find((step) => step.to === 'in_progress')!.at
  const endedAt = steps.find((step) => step.to === 'completed')?.at ?? null
  return { id: lessonId(school, id, startedAt), startedAt, endedAt }
}

export const lessonId = (school: School, bookingId: string, startedAt: Date): string =>
  school.newId(`lesson/${bookingId}`, startedAt)

/** Of these days a drive is told by all its corners; of those before it by a few, for there are thousands. */
const RECENT_DAYS = 7
const IN_DETAIL: Detail = { places: 4, turns: 4 }
const IN_SHORT: Detail = { places: 2, turns: 2 }
const METERS_A_DEGREE = 111_320

function addTrip(
  school: School,
  { id: lessonId, startedAt, endedAt }: Driven,
  of: { booked: Booked; purged: boolean },
): void {
  const id = school.newId(`trip/${lessonId}`, startedAt)
  const purgedAt = of.purged ? hoursAfter(startedAt, GPS_RETENTION_DAYS * 24 + 3) : null
  const row = { orgId: school.id, lessonId, startedAt, endedAt, purgedAt }
  school.rows.add('Trip', { id, ...row, createdAt: startedAt, updatedAt: purgedAt ?? endedAt ?? startedAt })
  const points = pointsOf(school, id, { booked: of.booked, startedAt, endedAt })
  // what was driven stays known when the points are gone
  if (endedAt) school.driven.push({ lessonId, meters: metersAlong(points), endedAt })
  if (!of.purged) for (const point of points) school.rows.add('TripPoint', point)
}

/** Where it led, corner by corner; as far as it has got by now. */
function pointsOf(school: School, tripId: string, of: Pick<Driven, 'startedAt' | 'endedAt'> & { booked: Booked }) {
  const { suburb } = of.booked.learner
  const { minutes } = of.booked.slot
  const chance = school.random(`trip/${tripId}`)
  const isRecent = hoursAfter(of.startedAt, RECENT_DAYS * 24) > school.now.toJSDate()
  const corners = streets(chance, isRecent ? IN_DETAIL : IN_SHORT, minutes * chance.between(25, 40))
  const metersToEast = METERS_A_DEGREE * Math.cos((suburb.lat * Math.PI) / 180)
  const points = corners.map(({ east, north }, n) => {
    const ts = minutesAfter(of.startedAt, (n * minutes) / corners.length)
    return {
      id: school.newId(`point/${tripId}/${n}`, ts),
      orgId: school.id,
      tripId,
      ts,
      lat: Number((suburb.lat + north / METERS_A_DEGREE).toFixed(6)),
      lng: Number((suburb.lng + east / metersToEast).toFixed(6)),
      speedKph: n === 0 ? 0 : chance.between(18, 58),
      createdAt: ts,
    }
  })
  return points.filter(({ ts }) => of.endedAt !== null || ts < school.now.toJSDate())
}

/** Hours with an instructor that count threefold in the logbook (New South Wales and Queensland). */
const BONUS_MINUTES = 600

function addLogbookEntry(
  school: School,
  lesson: Driven,
  { booked, credited }: { booked: Booked; credited: Map<string, number> },
): void {
  const { learner, slot } = booked
  const before = credited.get(learner.id) ?? 0
  credited.set(learner.id, before + slot.minutes)
  const nightMinutes = Math.min(slot.minutes, Math.max(0, minutesInTheDark(slot.start.plus({ minutes: slot.minutes }))))
  const bonus = school.plan.state === 'SA' ? 0 : Math.max(0, Math.min(slot.minutes, BONUS_MINUTES - before)) * 2
  const nightBonus = Math.round((bonus * nightMinutes) / slot.minutes)
  const dayMinutes = slot.minutes - nightMinutes
  school.rows.add('LogbookEntry', {
    id: school.newId(`logbook/${lesson.id}`, lesson.endedAt!),
    orgId: school.id,
    studentId: learner.id,
    lessonId: lesson.id,
    dayMinutes,
    nightMinutes,
    creditedDayMinutes: dayMinutes + bonus - nightBonus,
    creditedNightMinutes: nightMinutes + nightBonus,
    createdAt: lesson.endedAt!,
  })
}

/** Minutes of a lesson after sunset, by a rough calendar: half past five in winter, half past seven in summer. */
function minutesInTheDark(end: Booked['slot']['start']): number {
  const sunset = [4, 5, 6, 7, 8].includes(end.month) ? 17 * 60 + 30 : 19 * 60 + 30
  return end.hour * 60 + end.minute - sunset
}

const incidents = [
  {
    severity: 'near_miss',
    status: 'closed',
    description: 'Cyclist came out from between parked cars; instructor braked.',
  },
  {
    severity: 'minor',
    status: 'investigating',
    description: 'Scraped the kerb while reverse parking; left rear wheel marked.',
  },
  { severity: 'minor', status: 'open', description: 'Mirror touched by a passing van; details exchanged.' },
] as const

function addIncidents(school: School, given: readonly Booked[]): void {
  const done = given.filter(({ outcome }) => outcome.kind === 'completed')
  for (const [n, incident] of incidents.entries()) {
    const booked = done[Math.floor((done.length * (2 * n + 3)) / 8)]!
    const occurredAt = minutesAfter(booked.start, 25)
    const closedAt = incident.status === 'closed' ? hoursAfter(occurredAt, 50) : null
    school.rows.add('Incident', {
      id: school.newId(`incident/${n}`, occurredAt),
      orgId: school.id,
      lessonId: drivenIn(school, booked).id,
      vehicleId: booked.vehicleId,
      instructorId: booked.instructor.id,
      occurredAt,
      ...incident,
      closedAt,
      createdAt: hoursAfter(occurredAt, 2),
      updatedAt: closedAt ?? hoursAfter(occurredAt, 2),
    })
  }
}
