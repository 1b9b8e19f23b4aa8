/** What must compile and what must not: read by `npm run check` alone, never run. A line that compiles in spite of its mark fails there. */
import { z } from 'zod'
import { action } from '../../src/core/action.ts'
import { resource } from '../../src/core/declaration.ts'
import type { UnitOfWork } from '../../src/core/unit-of-work.ts'

// a declaration that says everything
resource('Booking', {
  label: 'Lessons',
  title: ['student.fullName', 'startAt'],
  list: ['startAt', 'student', 'student.phone', 'status'],
  sort: { by: 'startAt', direction: 'desc' },
  filters: {
    range: ['startAt', 'priceCents'],
    multi: ['status', 'currency'],
    null: ['vehicleId', 'cancelledAt'],
    relation: ['student', 'instructor'],
    search: ['pickupAddress', 'student.fullName'],
  },
  scopes: {
    Held: { where: { status: 'pending_payment' }, count: true },
    Over: { where: { status: ['completed', 'cancelled'] } },
  },
  write: ['notes'],
  fields: {
    notes: { read: ['owner', 'manager'], lockedWhen: ({ status }) => status === 'completed' && 'The lesson is over.' },
    pickupAddress: { write: ['owner'], mask: ['finance'] },
  },
  tabs: { Lesson: ['startAt', 'student'], Money: ['priceCents'] },
  related: { payments: { label: 'Payments', list: ['amountCents'] }, refunds: {} },
  badges: ['status'],
  links: {
    Where: ({ pickupLat, pickupLng }) => (pickupLat === null ? null : `geo:${String(pickupLat)},${String(pickupLng)}`),
  },
  import: { columns: ['startAt', 'notes'], match: ['startAt'] },
  labels: { startAt: 'Starts', student: 'Learner' },
  values: { currency: { AUD: 'Australian dollars' } },
})

// @ts-expect-error an unknown model
resource('Bookings', {})

// @ts-expect-error an unknown column in the list
resource('Booking', { list: ['startsAt'] })
// @ts-expect-error a relation typo
resource('Booking', { list: ['studnet'] })
// @ts-expect-error a relation typo in a path
resource('Booking', { list: ['studnet.fullName'] })
// @ts-expect-error an unknown column of a relation
resource('Booking', { title: ['student.name'] })
// @ts-expect-error a list cannot show many records in a cell
resource('Booking', { list: ['payments'] })
// @ts-expect-error an order by no column
resource('Booking', { sort: { by: 'student', direction: 'asc' } })
// @ts-expect-error an order in no direction
resource('Booking', { sort: { by: 'startAt', direction: 'down' } })

// @ts-expect-error a range on an enum
resource('Booking', { filters: { range: ['status'] } })
// @ts-expect-error a range on text
resource('Booking', { filters: { range: ['notes'] } })
// @ts-expect-error several values of an instant
resource('Booking', { filters: { multi: ['startAt'] } })
// @ts-expect-error an unknown filter column
resource('Booking', { filters: { multi: ['state'] } })
// @ts-expect-error yes or no of what is neither
resource('Student', { filters: { flag: ['fullName'] } })
// @ts-expect-error empty or not, of a column that never is
resource('Booking', { filters: { null: ['startAt'] } })
// @ts-expect-error a relation to many is no filter
resource('Booking', { filters: { relation: ['payments'] } })
// @ts-expect-error a relation filter by a column
resource('Booking', { filters: { relation: ['studentId'] } })
// @ts-expect-error text in no column
resource('Booking', { filters: { search: ['student.name'] } })
// @ts-expect-error an unknown sort of filter
resource('Booking', { filters: { between: ['startAt'] } })

// @ts-expect-error a wrong enum value in a scope
resource('Booking', { scopes: { Held: { where: { status: 'held' } } } })
// @ts-expect-error a wrong enum value among right ones
resource('Booking', { scopes: { Held: { where: { status: ['confirmed', 'held'] } } } })
// @ts-expect-error an unknown column in a scope
resource('Booking', { scopes: { Held: { where: { state: 'confirmed' } } } })

// @ts-expect-error an unknown role reads
resource('Booking', { fields: { notes: { read: ['superuser'] } } })
// @ts-expect-error a role without a panel writes
resource('Booking', { fields: { notes: { write: ['student'] } } })
// @ts-expect-error an unknown role is masked
resource('Booking', { fields: { notes: { mask: ['everybody'] } } })
// @ts-expect-error rights on an unknown column
resource('Booking', { fields: { note: { read: ['owner'] } } })
// @ts-expect-error rights on a relation instead of its column
resource('Booking', { fields: { student: { read: ['owner'] } } })
// @ts-expect-error locked by an unknown column
resource('Booking', { fields: { notes: { lockedWhen: (record) => record.state === 'completed' && 'Over.' } } })
// @ts-expect-error locked by a value that the status never has
resource('Booking', { fields: { notes: { lockedWhen: ({ status }) => status === 'over' && 'Over.' } } })
// @ts-expect-error locked without a sentence
resource('Booking', { fields: { notes: { lockedWhen: () => true } } })
// @ts-expect-error a form that changes an unknown column
resource('Booking', { write: ['note'] })

// @ts-expect-error an unknown field on a tab
resource('Booking', { tabs: { Lesson: ['startsAt'] } })
// @ts-expect-error a relation to many on a tab: it belongs into `related`
resource('Booking', { tabs: { Lesson: ['payments'] } })
// @ts-expect-error a related list of what it refers to itself
resource('Booking', { related: { student: {} } })
// @ts-expect-error an unknown related list
resource('Booking', { related: { invoices: {} } })
// @ts-expect-error a badge of an instant
resource('Booking', { badges: ['startAt'] })
// @ts-expect-error a link from an unknown column
resource('Booking', { links: { Map: (record) => record.place } })
// @ts-expect-error an unknown column of a file
resource('Student', { import: { columns: ['name'] } })
// @ts-expect-error matched by an unknown column
resource('Student', { import: { columns: ['fullName'], match: ['mail'] } })
const make = (work: UnitOfWork, { id = '' }: { id?: string }) => work.tx.service.findFirstOrThrow({ where: { id } })
const student = (work: UnitOfWork) => work.tx.student.findFirstOrThrow()
// rows that an operation makes records of
resource('Service', { import: { columns: ['name'], maker: { needs: ['name'], note: '', make, takes: () => [] } } })
// @ts-expect-error a maker that needs an unknown column
resource('Service', { import: { columns: ['name'], maker: { needs: ['title'], note: '', make, takes: () => [] } } })
// @ts-expect-error a maker of something else
resource('Service', { import: { columns: ['name'], maker: { needs: [], note: '', make: student, takes: () => [] } } })
// @ts-expect-error a label of nothing
resource('Booking', { labels: { startsAt: 'Starts' } })
// @ts-expect-error an unknown vocabulary
resource('Booking', { values: { currency: 'currencies' } })
// @ts-expect-error something that no declaration says
resource('Booking', { colour: 'green' })

// an action that says everything
action('student.rename', {
  model: 'Student',
  on: 'record',
  may: ['owner', 'admin'],
  label: 'Rename',
  form: z.object({ fullName: z.string().min(2), because: z.string().optional() }),
  when: ({ archivedAt }) => archivedAt === null || 'This learner is archived.',
  confirm: ({ title, input }) => `Rename ${title} to ${input.fullName}?`,
  approval: { by: ['owner'], when: ({ because }) => because === undefined },
  run: async ({ tx }, { record, input }) => {
    await tx.student.updateMany({ where: { id: record.id }, data: { fullName: input.fullName } })
    return { message: `${record.fullName} is ${input.fullName} now.`, open: { model: 'Student', id: record.id } }
  },
})

const rest = { on: 'record', may: ['owner'], label: 'Do', run: async () => 'Done.' } as const
const onStudent = { ...rest, model: 'Student' } as const

// @ts-expect-error an action on an unknown model
action('student.rename', { ...rest, model: 'Learner' })
// @ts-expect-error an action of an unknown role
action('student.rename', { ...onStudent, may: ['teacher'] })
// @ts-expect-error an action on an unknown target
action('student.rename', { ...onStudent, on: 'everything' })
// @ts-expect-error an action that asks for an unknown field of the record
action('student.rename', { ...onStudent, when: (record) => record.closedAt === null || 'No.' })
// @ts-expect-error an action that compares with a value that the column never has
action('booking.close', { ...rest, model: 'Booking', when: ({ status }) => status === 'closed' || 'No.' })
// @ts-expect-error an action that runs on an unknown field of the record
action('student.rename', { ...onStudent, run: async (_work, { record }) => record.name })
const form = z.object({ name: z.string() })
// @ts-expect-error an action that reads what its form does not ask
action('student.rename', { ...onStudent, form, run: async (_work, { input }) => input.title })
// @ts-expect-error an action without a form reads nothing of one
action('student.rename', { ...onStudent, run: async (_work, { input }) => input.title.trim() })
// @ts-expect-error an approval by an unknown role
action('student.rename', { ...onStudent, approval: { by: ['headmaster'] } })
// @ts-expect-error an outcome that opens an unknown model
action('student.rename', { ...onStudent, run: async () => ({ message: '', open: { model: 'Learner', id: '' } }) })
// @ts-expect-error an action that writes an unknown column
action('student.rename', { ...onStudent, run: async ({ tx }) => void tx.student.updateMany({ data: { name: '' } }) })
