import { expect, it } from 'vitest'
import { declarationGaps, runChecks } from '../../src/core/checks.ts'
import type { Declaration } from '../../src/core/declaration.ts'

/** Declarations as a developer without a compiler would write them. */
const gaps = (model: string, said: Record<string, unknown>, file = 'booking.ts'): string[] =>
  declarationGaps(file, { model, ...said } as unknown as Declaration)
const here = 'src/resources/booking.ts'

it('finds no gap in the program as it is', async () => {
  expect(await runChecks()).toEqual([])
})

it('names every gap of a declaration at once, each with its file', () => {
  const found = gaps('Booking', {
    title: ['student.name'],
    list: ['startsAt', 'student.fullName', 'studnet'],
    sort: { by: 'notes', direction: 'asc' },
    scopes: { Held: { where: { status: 'held' } } },
    tabs: { Lesson: ['startAt', 'payments'] },
    badges: ['state'],
    related: { student: {} },
    labels: { begin: 'Starts' },
    values: { state: {} },
    fields: { note: { read: ['owner'] } },
  })
  expect(found).toEqual([
    `${here} names startsAt, which no list can show`,
    `${here} names studnet, which no list can show`,
    `${here} names begin, which no list can show`,
    `${here} sorts by notes, which no index leads to inside a school: add @@index([orgId, notes])`,
    `${here} has student.name in its title, which is no column it refers to`,
    `${here} has payments on the tab "Lesson", which no record shows`,
    `${here} has the badge state, which is no column`,
    `${here} has words for state, which is no column`,
    `${here} has the scope "Held" with held, which is no BookingStatus`,
    `${here} lists the related student, which is no relation to many`,
    `${here} has rights on note, which is no column`,
  ])
})

it('says how a file must be called, and that its model is none', () => {
  expect(gaps('Booking', {}, 'lessons.ts')).toEqual(['src/resources/lessons.ts declares Booking: call it booking.ts'])
  expect(gaps('Lessons', {})).toEqual([`${here} declares Lessons, which is no model`])
})

it('refuses a field that stands on two tabs, and a tab without fields', () => {
  expect(gaps('Booking', { tabs: { Lesson: ['startAt'], Times: ['startAt', 'endAt'], Rest: [] } })).toEqual([
    `${here} has startAt on the tab "Lesson" and on another: leave it on one`,
    `${here} has startAt on the tab "Times" and on another: leave it on one`,
    `${here} has nothing on the tab "Rest"`,
  ])
})

it('accepts a scope by "nothing there" and by several values', () => {
  const scopes = {
    Open: { where: { cancelledAt: null } },
    Over: { where: { status: ['completed', 'cancelled'] } },
  }
  expect(gaps('Booking', { scopes })).toEqual([])
  expect(gaps('Booking', { scopes: { None: { where: { status: [] } } } })).toEqual([
    `${here} has the scope "None", which names no value of status`,
  ])
})

it('refuses a list of related records that no index leads to', () => {
  expect(gaps('Booking', { related: { payments: { list: ['amountCents', 'price'] } } })).toEqual([
    `${here} lists price of the related payments, which no list can show`,
  ])
  expect(gaps('CancellationPolicy', { related: { bookings: {} } }, 'cancellation-policy.ts')).toEqual([
    'src/resources/cancellation-policy.ts lists the related bookings without an index: add @@index([orgId, policyId]) to Booking',
  ])
})

it('refuses a lock by a function that the database does not have', () => {
  const lockedBy = (asks: string) => ({ fields: { priceCents: { lockedBy: { asks, because: 'It applies.' } } } })
  expect(gaps('RateCardItem', lockedBy('rate_card_item_in_use'), 'rate-card-item.ts')).toEqual([])
  expect(gaps('RateCardItem', lockedBy('rate_card_item_used'), 'rate-card-item.ts')).toEqual([
    'src/resources/rate-card-item.ts locks priceCents by rate_card_item_used, which no migration makes a function of "RateCardItem"',
  ])
})

it('refuses a mask that would not hide: of what is no text, of a title, for somebody who writes it', () => {
  const student = (said: Record<string, unknown>) => gaps('Student', said, 'student.ts')
  const file = 'src/resources/student.ts'
  expect(student({ fields: { dob: { mask: ['finance'] } } })).toEqual([
    `${file} masks dob, which is no text: say who reads it instead`,
  ])
  expect(student({ title: ['phone'], fields: { phone: { mask: ['finance'] } } })).toEqual([
    `${file} masks phone, which names the record: take it out of the title`,
  ])
  expect(student({ fields: { phone: { mask: ['manager'], write: ['manager'], read: ['owner'] } } })).toEqual([
    `${file} masks phone for manager, who does not read it`,
    `${file} masks phone for manager, who writes it`,
  ])
})

it('refuses an order and a tab of the list that tell what not everybody reads', () => {
  const said = {
    sort: { by: 'startAt', direction: 'desc' },
    scopes: { Held: { where: { status: 'pending_payment' } } },
    fields: { startAt: { read: ['owner'] }, status: { read: ['owner'] } },
  }
  expect(gaps('Booking', said)).toEqual([
    `${here} sorts by startAt, which not everybody reads: choose another order`,
    `${here} has the scope "Held" by status, which not everybody reads`,
  ])
})

it('refuses rights that leave somebody with a form they cannot fill, and rights on what no form changes', () => {
  expect(gaps('Student', { fields: { fullName: { write: ['owner', 'admin'] } } }, 'student.ts')).toEqual([
    'src/resources/student.ts keeps fullName from manager, who then cannot add a record: it is always needed',
  ])
  expect(gaps('Booking', { write: ['notes'], fields: { pickupAddress: { write: ['owner'] } } })).toEqual([
    `${here} says who writes pickupAddress, or when it is locked, but no form changes it: it is not in write`,
  ])
})

it('refuses an import that no form could do', () => {
  const said = { write: ['phone', 'fullName'], import: { columns: ['phone', 'email'], match: ['dob'] } }
  expect(gaps('Student', said, 'student.ts')).toEqual([
    'src/resources/student.ts imports email, which no form changes',
    'src/resources/student.ts imports without fullName, which every record needs',
    'src/resources/student.ts matches by dob, which no file brings: add it to the columns of the import',
  ])
  expect(gaps('Booking', { import: { columns: [] } })[0]).toBe(`${here} imports Booking, which nobody may add`)
})
