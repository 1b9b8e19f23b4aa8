import { describe, expect, it } from 'vitest'
import { canonicalAddress, maskedAddress } from '../../src/domain/messages/address.ts'
import { calendarOf, type Invite } from '../../src/domain/messages/invite.ts'
import { endOfQuiet } from '../../src/domain/messages/quiet-hours.ts'
import { filled, htmlOf, oneLine, textOf, unknownPlaceholders } from '../../src/domain/messages/wording.ts'

describe('the text of a message', () => {
  it('has its values put in, once', () => {
    const text = filled('Hello {{name}}, see {{ instructor }}.', { name: '{{price}} O’Neil', instructor: 'Ines' })
    expect(text).toBe('Hello {{price}} O’Neil, see Ines.')
  })

  it('names what a template cannot have', () => {
    expect(unknownPlaceholders('booking_confirmed', '{{name}} {{amount}} {{constructor}}')).toEqual([
      'amount',
      'constructor',
    ])
  })

  it('has one line as its subject, whatever somebody is called', () => {
    expect(oneLine('Lesson\r\nBcc: all@example.test')).toBe('Lesson Bcc: all@example.test')
  })

  const letter = {
    subject: 'A & B',
    body: 'Hello <b>Mia</b>,\n\nsee https://example.test/a?b=1&c=2.\nBye',
    school: 'Tom & Söhne',
    unsubscribeUrl: 'https://admin.example.test/unsubscribe/abc',
  }

  it('is escaped as HTML, and its addresses become links', () => {
    const html = htmlOf(letter)
    expect(html).toContain('Hello &lt;b&gt;Mia&lt;/b&gt;,')
    expect(html).toContain('<a href="https://example.test/a?b=1&amp;c=2"')
    expect(html).toContain('Tom &amp; Söhne')
    expect(html).not.toMatch(/<script|<img|src=/)
  })

  it('ends with the way out', () => {
    expect(textOf(letter)).toContain('No more of these: https://admin.example.test/unsubscribe/abc')
  })
})

describe('an address', () => {
  it.each([
    ['email', ' Mia@Example.Test ', 'mia@example.test'],
    ['sms', '0491 570 156', '+61491570156'],
    ['sms', '(02) 5550 1234', '+61255501234'],
    ['whatsapp', '+44 7700 900123', '+447700900123'],
    ['sms', '0061 491 570 156', '+61491570156'],
    ['email', 'mia at example', null],
    ['email', 'a@b.test, c@d.test', null],
    ['sms', 'none', null],
    ['sms', null, null],
  ] as const)('%s %s is dialled as %s', (channel, typed, dialled) => {
    expect(canonicalAddress(channel, typed)).toBe(dialled)
  })

  it('is shown to strangers by its ends only', () => {
    expect(maskedAddress('email', 'mia@example.test')).toBe('m••@example.test')
    expect(maskedAddress('sms', '+61491570156')).toBe('••• ••• 156')
  })
})

describe('quiet hours', () => {
  const sydney = { quietStartTime: '21:00', quietEndTime: '07:00', timeZone: 'Australia/Sydney' }
  const until = (now: string, hours = sydney) => endOfQuiet(new Date(now), hours).toISOString()

  it('hold a message from evening to morning', () => {
    expect(until('2026-11-23T09:59:00Z')).toBe('2026-11-23T09:59:00.000Z') // 20:59
    expect(until('2026-11-23T10:00:00Z')).toBe('2026-11-23T20:00:00.000Z') // 21:00 → 07:00
    expect(until('2026-11-23T19:59:00Z')).toBe('2026-11-23T20:00:00.000Z') // 06:59
    expect(until('2026-11-23T20:00:00Z')).toBe('2026-11-23T20:00:00.000Z') // 07:00
  })

  it('end at seven by the clocks that hold then, on the nights that the clocks change', () => {
    expect(until('2026-10-03T12:00:00Z')).toBe('2026-10-03T20:00:00.000Z') // an hour shorter
    expect(until('2027-04-03T11:00:00Z')).toBe('2027-04-03T21:00:00.000Z') // an hour longer
    const adelaide = { ...sydney, timeZone: 'Australia/Adelaide' }
    expect(until('2026-10-03T12:00:00Z', adelaide)).toBe('2026-10-03T20:30:00.000Z')
    const brisbane = { ...sydney, timeZone: 'Australia/Brisbane' }
    expect(until('2026-10-03T12:00:00Z', brisbane)).toBe('2026-10-03T21:00:00.000Z')
  })

  it('may lie within a day, or not be at all', () => {
    const noon = { ...sydney, quietStartTime: '12:00', quietEndTime: '13:00' }
    expect(until('2026-11-23T01:30:00Z', noon)).toBe('2026-11-23T02:00:00.000Z')
    expect(until('2026-11-23T10:00:00Z', noon)).toBe('2026-11-23T10:00:00.000Z')
    const none = { ...sydney, quietEndTime: '21:00' }
    expect(until('2026-11-23T12:00:00Z', none)).toBe('2026-11-23T12:00:00.000Z')
  })
})

describe('a calendar invitation', () => {
  const lesson: Invite = {
    method: 'REQUEST',
    uid: 'b1@driveflow',
    sequence: 3,
    startAt: '2026-10-04T00:30:00.000Z',
    endAt: '2026-10-04T01:30:00.000Z',
    timeZone: 'Australia/Sydney',
    summary: 'Driving lesson; with Ines, the "boss" \\ ☂ at Harbour City Driving School of Sydney',
    place: '1 Harbour Street,\nSydney',
  }
  const parties = {
    organizer: { name: 'Harbour', address: 'office@example.test' },
    attendee: { name: 'Mia "M" Kowalski', address: 'mia@example.test' },
    stampedAt: new Date('2026-09-01T10:00:00Z'),
  }
  const made = (change: Partial<Invite> = {}) => calendarOf({ ...lesson, ...change }, parties)
  const unfolded = (text: string) => text.replaceAll('\r\n ', '').split('\r\n')

  it('has lines of at most 75 octets that end in CRLF, and cuts no character in two', () => {
    const text = made({ summary: '☂'.repeat(80) })
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true)
    expect(unfolded(text)).toContain(`SUMMARY:${'☂'.repeat(80)}`)
  })

  it('escapes what means something in it', () => {
    const lines = unfolded(made())
    expect(lines).toContain(
      'SUMMARY:Driving lesson\\; with Ines\\, the "boss" \\\\ ☂ at Harbour City Driving School of Sydney',
    )
    expect(lines).toContain('LOCATION:1 Harbour Street\\,\\nSydney')
    expect(lines).toContain(
      'ATTENDEE;CN="Mia M Kowalski";ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:mia@example.test',
    )
  })

  it('says the time of the school’s clocks with the zone’s rules of that day', () => {
    // eleven on the morning that daylight saving began
    expect(unfolded(made()).join('\n')).toContain(
      [
        'BEGIN:VTIMEZONE',
        'TZID:Australia/Sydney',
        'BEGIN:DAYLIGHT',
        'DTSTART:20261004T020000',
        'TZOFFSETFROM:+1000',
        'TZOFFSETTO:+1100',
      ].join('\n'),
    )
    expect(unfolded(made())).toContain('DTSTART;TZID=Australia/Sydney:20261004T113000')
  })

  it('knows half hours, winters, and zones that never change', () => {
    const adelaide = unfolded(
      made({ timeZone: 'Australia/Adelaide', startAt: '2027-04-05T00:30:00.000Z', endAt: '2027-04-05T01:30:00.000Z' }),
    ).join('\n')
    expect(adelaide).toContain('BEGIN:STANDARD\nDTSTART:20270404T030000\nTZOFFSETFROM:+1030\nTZOFFSETTO:+0930')
    expect(adelaide).toContain('DTSTART;TZID=Australia/Adelaide:20270405T100000')
    const brisbane = unfolded(made({ timeZone: 'Australia/Brisbane' })).join('\n')
    expect(brisbane).toContain('BEGIN:STANDARD\nDTSTART:19700101T100000\nTZOFFSETFROM:+1000\nTZOFFSETTO:+1000')
    expect(brisbane).toContain('DTSTART;TZID=Australia/Brisbane:20261004T103000')
  })

  it('has both clocks when they change during the lesson', () => {
    const lines = unfolded(made({ startAt: '2026-10-03T15:30:00.000Z', endAt: '2026-10-03T16:30:00.000Z' }))
    expect(lines.filter((line) => line.startsWith('TZOFFSETTO'))).toEqual(['TZOFFSETTO:+1000', 'TZOFFSETTO:+1100'])
    expect(lines).toContain('DTSTART;TZID=Australia/Sydney:20261004T013000')
    expect(lines).toContain('DTEND;TZID=Australia/Sydney:20261004T033000')
  })

  it('takes a lesson out again under the same UID and a higher sequence', () => {
    const lines = unfolded(made({ method: 'CANCEL', sequence: 4 }))
    expect(lines).toEqual(
      expect.arrayContaining(['METHOD:CANCEL', 'UID:b1@driveflow', 'SEQUENCE:4', 'STATUS:CANCELLED']),
    )
  })
})
