import type { Transmission } from '@prisma/client'
import type { Context } from '../../core/context.ts'
import { invalid } from '../../core/errors.ts'
import { type Found, type Slot, findSlots } from '../../domain/availability/find-slots.ts'
import { type View, told } from '../records/records.ts'
import type { School } from '../records/selection.ts'
import { dayAfter, dayAsked, onTheClock } from './days.ts'
import { type Named, namedIn, namedQuery } from './named.ts'

type Views = ReadonlyMap<string, View>

/** What was asked for, with what counts where nothing was said. */
export interface SlotsAsked {
  readonly service: string | null
  readonly instructor: string | null
  readonly transmission: Transmission | null
  readonly location: string | null
  readonly student: string | null
  readonly from: string
  readonly to: string
}

/** Minutes since midnight of the day; `joins` leaves no hole in the instructor's day. */
interface SlotJson {
  readonly from: number
  readonly to: number
  readonly joins: boolean
  readonly roadMin: number
}

interface SlotDay {
  readonly day: string
  readonly instructors: readonly (Named & { readonly slots: readonly SlotJson[] })[]
}

export interface Slots {
  readonly asked: SlotsAsked
  readonly choices: { readonly services: Named[]; readonly instructors: Named[]; readonly locations: Named[] }
  readonly days: readonly SlotDay[]
  readonly reason: string | null
  readonly more: boolean
}

const USUAL_DAYS = 7
const MOST_SLOTS = 1_000
const MOST_CHOICES = 300

/** Free times for a lesson, by day. Without a service: of the one that is booked most. */
export async function readSlots(
  ctx: Context,
  views: Views,
  { query, school }: { query: Readonly<Record<string, string>>; school: School },
): Promise<Slots> {
  const choices = await choicesOf(ctx, views, school)
  const from = dayAsked(query.from, school.timeZone, 'from')
  const asked: SlotsAsked = {
    service: query.service || choices.services[0]?.id || null,
    instructor: query.instructor || null,
    transmission: transmissionAsked(query.transmission),
    location: query.location || null,
    student: query.student || null,
    from,
    to: query.to ? dayAsked(query.to, school.timeZone, 'to') : dayAfter(from, USUAL_DAYS - 1),
  }
  if (!asked.service)
    return {
      asked,
      choices,
      days: [],
      reason: 'The school offers no service yet. Add one under Services.',
      more: false,
    }
  const found = await search(ctx, { ...asked, service: asked.service })
  return {
    asked,
    choices,
    days: byDay(found.slots.slice(0, MOST_SLOTS), school.timeZone),
    reason: found.reason ?? null,
    more: found.slots.length > MOST_SLOTS,
  }
}

function transmissionAsked(text = ''): Transmission | null {
  if (text === '') return null
  if (text !== 'automatic' && text !== 'manual') throw invalid('Choose automatic or manual.', 'transmission')
  return text
}

function search(ctx: Context, asked: SlotsAsked & { service: string }): Promise<Found> {
  return told(
    ctx.db.read(ctx, (client) =>
      findSlots(
        { ...ctx, tx: client },
        {
          serviceId: asked.service,
          fromDay: asked.from,
          toDay: asked.to,
          limit: MOST_SLOTS + 1,
          ...(asked.instructor ? { instructorId: asked.instructor } : {}),
          ...(asked.transmission ? { transmission: asked.transmission } : {}),
          ...(asked.location ? { locationId: asked.location } : {}),
          ...(asked.student ? { studentId: asked.student } : {}),
        },
      ),
    ),
  )
}

async function choicesOf(ctx: Context, views: Views, school: School): Promise<Slots['choices']> {
  const [service, instructor, location] = ['Service', 'Instructor', 'Location'].map((model) => views.get(model)!)
  const active = { where: 'b.active', limit: MOST_CHOICES }
  const [services, instructors, locations, usual] = await told(
    ctx.db.select(ctx, [
      namedQuery(ctx, service!, { ...active, order: 'name' }),
      namedQuery(ctx, instructor!, { ...active, order: 'displayName' }),
      namedQuery(ctx, location!, { ...active, order: 'name' }),
      { text: USUAL_SERVICE, values: [ctx.orgId] },
    ]),
  )
  const usualId = usual?.[0]?.[0]
  const named = namedIn(service!, services, school)
  return {
    services: [...named.filter(({ id }) => id === usualId), ...named.filter(({ id }) => id !== usualId)],
    instructors: namedIn(instructor!, instructors, school),
    locations: namedIn(location!, locations, school),
  }
}

/** Of the last bookings that were made. */
const USUAL_SERVICE = `SELECT l."serviceId" FROM
    (SELECT b."serviceId" FROM "Booking" b WHERE b."orgId" = $1::uuid ORDER BY b."createdAt" DESC, b.id DESC LIMIT 200) l
  JOIN "Service" s ON s.id = l."serviceId" AND s."orgId" = $1::uuid AND s.active
  GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`

/** The days in their order; of each the instructor whose free time the lesson fits best first. */
function byDay(slots: readonly Slot[], zone: string): SlotDay[] {
  const days = new Map<string, Map<string, Named & { slots: SlotJson[] }>>()
  for (const { instructorId, instructor, startAt, endAt, joins, roadMin } of slots) {
    const { day, minute } = onTheClock(startAt, zone)
    const instructors = days.get(day) ?? new Map<string, Named & { slots: SlotJson[] }>()
    days.set(day, instructors)
    const one = instructors.get(instructorId) ?? { id: instructorId, title: instructor, slots: [] }
    instructors.set(instructorId, one)
    const to = onTheClock(endAt, zone).minute
    one.slots.push({ from: minute, to, joins, roadMin })
  }
  return [...days].map(([day, instructors]) => ({ day, instructors: [...instructors.values()] }))
}
