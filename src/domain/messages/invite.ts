import { DateTime, IANAZone } from 'luxon'
import { z } from 'zod'

/** A lesson as somebody's calendar takes it in: kept with the message, so that it says what the message says. */
const inviteSchema = z.object({
  /** REQUEST puts it in or moves it, CANCEL takes it out (RFC 5546). */
  method: z.enum(['REQUEST', 'CANCEL']),
  /** The lesson's, for as long as it lives: a later one replaces an earlier one. */
  uid: z.string(),
  /** Rises with every change of the lesson. */
  sequence: z.int(),
  startAt: z.iso.datetime(),
  endAt: z.iso.datetime(),
  timeZone: z.string(),
  summary: z.string(),
  place: z.string().optional(),
})

export type Invite = z.infer<typeof inviteSchema>

/** The invitation that a message keeps; null when there is none that could be read. */
export const inviteIn = (stored: unknown): Invite | null => inviteSchema.safeParse(stored).data ?? null

interface Party {
  readonly name: string
  readonly address: string
}

/** Who sends it, who gets it, and when it was made: the same for every attempt of one message. */
export interface Sending {
  readonly organizer: Party
  readonly attendee: Party
  readonly stampedAt: Date
}

/** The iCalendar object of an invite (RFC 5545), by the clocks of the school: with the rules of its zone, lines folded. */
export function calendarOf(invite: Invite, { organizer, attendee, stampedAt }: Sending): string {
  const { method, uid, sequence, timeZone, summary, place } = invite
  const startAt = new Date(invite.startAt)
  const endAt = new Date(invite.endAt)
  const local = (name: string, instant: Date) => `${name};TZID=${timeZone}:${wall(instant, timeZone)}`
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//DriveFlow//Admin//EN',
    'CALSCALE:GREGORIAN',
    `METHOD:${method}`,
    ...zoneLines(timeZone, { startAt, endAt }),
    'BEGIN:VEVENT',
    `UID:${escaped(uid)}`,
    `SEQUENCE:${sequence}`,
    `DTSTAMP:${utc(stampedAt)}`,
    local('DTSTART', startAt),
    local('DTEND', endAt),
    `SUMMARY:${escaped(summary)}`,
    ...(place ? [`LOCATION:${escaped(place)}`] : []),
    `ORGANIZER;CN=${quoted(organizer.name)}:mailto:${organizer.address}`,
    `ATTENDEE;CN=${quoted(attendee.name)};ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:${attendee.address}`,
    `STATUS:${method === 'CANCEL' ? 'CANCELLED' : 'CONFIRMED'}`,
    'TRANSP:OPAQUE',
    'END:VEVENT',
    'END:VCALENDAR',
  ]
  return lines.map(folded).join('')
}

/** 3.1: no line is longer than 75 octets; a character is never cut in two. */
function folded(line: string): string {
  let out = ''
  let octets = 0
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (octets + size > 75) {
      out += '\r\n '
      octets = 1
    }
    out += character
    octets += size
  }
  return `${out}\r\n`
}

/** 3.3.11 */
const escaped = (text: string): string =>
  text
    .replaceAll(/[\\;,]/g, (sign) => `\\${sign}`)
    .replaceAll(/\r\n|\r|\n/g, '\\n')
    .replaceAll(/\p{Cc}/gu, '')

/** 3.2: a quoted value holds neither quotes nor control characters. */
const quoted = (text: string): string => `"${text.replaceAll(/["\p{Cc}]/gu, '')}"`

const wall = (instant: Date, zone: string): string =>
  DateTime.fromJSDate(instant, { zone }).toFormat("yyyyMMdd'T'HHmmss")
const utc = (instant: Date): string => `${wall(instant, 'utc')}Z`

/**
 * 3.6.5: the zone as it is around the lesson: one part for the clocks that hold at its start, and one for a change before
 * its end.
 */
function zoneLines(zone: string, { startAt, endAt }: { startAt: Date; endAt: Date }): string[] {
  const meanwhile = changeBetween(zone, startAt.getTime(), endAt.getTime())
  const changes = [lastChange(zone, startAt), ...(meanwhile === null ? [] : [meanwhile])]
  return ['BEGIN:VTIMEZONE', `TZID:${zone}`, ...changes.flatMap((at) => observance(zone, at)), 'END:VTIMEZONE']
}

const DAY = 86_400_000
const DAYS_BACK = 370

/** The last change of clocks at or before `instant`; where there was none within a year, a time far before. */
function lastChange(zone: string, instant: Date): number {
  for (let to = instant.getTime(), days = 0; days < DAYS_BACK; to -= DAY, days++) {
    const change = changeBetween(zone, to - DAY, to)
    if (change !== null) return change
  }
  return Date.UTC(1970, 0, 1)
}

/** The instant in `(from, to]`, at most a day, from which the clocks run otherwise. */
function changeBetween(zone: string, from: number, to: number): number | null {
  const offset = (at: number) => IANAZone.create(zone).offset(at)
  if (offset(from) === offset(to)) return null
  let [low, high] = [from, to]
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2)
    if (offset(middle) === offset(low)) low = middle
    else high = middle
  }
  return high
}

function observance(zone: string, at: number): string[] {
  const { offset: before } = DateTime.fromMillis(at - 1, { zone })
  const { offset: after, isInDST, offsetNameShort } = DateTime.fromMillis(at, { zone, locale: 'en-AU' })
  const kind = isInDST ? 'DAYLIGHT' : 'STANDARD'
  // the wall time of a change is told by the clocks that it ends
  const start = DateTime.fromMillis(at + before * 60_000, { zone: 'utc' }).toFormat("yyyyMMdd'T'HHmmss")
  return [
    `BEGIN:${kind}`,
    `DTSTART:${start}`,
    `TZOFFSETFROM:${offsetText(before)}`,
    `TZOFFSETTO:${offsetText(after)}`,
    ...(offsetNameShort ? [`TZNAME:${offsetNameShort}`] : []),
    `END:${kind}`,
  ]
}

const offsetText = (minutes: number): string => {
  const size = Math.abs(minutes)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`
}
