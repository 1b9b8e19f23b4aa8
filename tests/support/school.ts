import { randomUUID } from 'node:crypto'
import type { Row, Run, Settings, TestDatabase } from './database.ts'

export const STAFF_ROLES = ['owner', 'admin', 'manager', 'finance', 'compliance'] as const
export type StaffRole = (typeof STAFF_ROLES)[number]

type Values = Readonly<Record<string, unknown>>

/** A small driving school in a test database, and the ways to write into it as the app does. */
export interface School {
  readonly orgId: string
  readonly name: string
  /** Ids of one person per role; their e-mail addresses are `<role>@<slug>.example.test`. */
  readonly people: Readonly<Record<StaffRole, string>>
  readonly slug: string
  readonly instructorId: string
  readonly studentId: string
  readonly guardianId: string
  readonly serviceId: string
  readonly rateCardId: string
  readonly vehicleId: string
  readonly locationId: string
  /** One statement in a transaction of its own; acts as nobody unless `settings` says who. */
  run(text: string, values?: unknown[], settings?: Settings): Promise<Row[]>
  /** Several statements in one transaction. */
  transaction<T>(fn: (run: Run) => Promise<T>, settings?: Settings): Promise<T>
  /** Inserts a row and returns it. */
  add(table: string, values: Values): Promise<Row>
  /** Changes the row with this id and returns it. */
  change(table: string, id: string, values: Values, settings?: Settings): Promise<Row>
  /** A confirmed lesson of an hour, for A$85.00, at a time nobody has yet. */
  booking(values?: Values): Promise<Row>
  /** The received card payment of a booking, made when none is named. */
  payment(values?: Values): Promise<Row>
}

interface Options {
  name?: string
  timeZone?: string
  /** Hash of everybody's password; without it nobody can sign in. */
  passwordHash?: string
}

/** Makes a school with its staff, one instructor, one learner and something to sell. */
export async function school(db: TestDatabase, options: Options = {}): Promise<School> {
  const { name = 'Harbour City Driving', timeZone = 'Australia/Sydney' } = options
  const orgId = randomUUID()
  const slug = `${name.toLowerCase().replace(/[^a-z]+/g, '-')}-${orgId.slice(0, 8)}`
  const write = writer(db, orgId)
  const people = await write.transaction(async (run) => {
    await run('INSERT INTO "Org" (id, name, "timeZone", status) VALUES ($1, $2, $3, $4)', [
      orgId,
      name,
      timeZone,
      'active',
    ])
    await run('INSERT INTO "OrgSettings" ("orgId") VALUES ($1)', [orgId])
    const staff: Partial<Record<StaffRole, string>> = {}
    for (const role of STAFF_ROLES) staff[role] = await employ(run, { orgId, slug, role })
    return staff as Record<StaffRole, string>
  })
  if (options.passwordHash) await setPasswords(db, Object.values(people), options.passwordHash)
  return { orgId, name, slug, people, ...write, ...(await furnish(write)), ...calendar(write) }
}

async function employ(run: Run, who: { orgId: string; slug: string; role: StaffRole }): Promise<string> {
  const { orgId, slug, role } = who
  const id = randomUUID()
  const fullName = `${role[0]!.toUpperCase()}${role.slice(1)} of ${slug}`
  await run('INSERT INTO "User" (id, email, "fullName") VALUES ($1, $2, $3)', [
    id,
    `${role}@${slug}.example.test`,
    fullName,
  ])
  await run('INSERT INTO "UserOrg" ("orgId", "userId", role) VALUES ($1, $2, $3)', [orgId, id, role])
  return id
}

function setPasswords(db: TestDatabase, ids: string[], hash: string): Promise<unknown> {
  return db.transaction({}, async (run) => {
    await run('SET LOCAL ROLE driveflow_auth')
    await run('UPDATE "User" SET password = $1 WHERE id = ANY ($2)', [hash, ids])
  })
}

type Writer = ReturnType<typeof writer>

function writer(db: TestDatabase, orgId: string) {
  const transaction = <T>(fn: (run: Run) => Promise<T>, settings: Settings = {}): Promise<T> =>
    db.transaction({ org_id: orgId, ...settings }, fn)
  const run = (text: string, values?: unknown[], settings?: Settings) =>
    transaction((inside) => inside(text, values), settings)
  const one = async (rows: Promise<Row[]>): Promise<Row> => {
    const [row] = await rows
    if (!row) throw new Error('no such row in this school')
    return row
  }
  return {
    transaction,
    run,
    add(table: string, values: Values): Promise<Row> {
      const row = { orgId, ...values }
      const keys = Object.keys(row)
      const columns = keys.map((key) => `"${key}"`).join(', ')
      const places = keys.map((_, i) => `$${i + 1}`).join(', ')
      return one(run(`INSERT INTO "${table}" (${columns}) VALUES (${places}) RETURNING *`, Object.values(row)))
    },
    change(table: string, id: string, values: Values, settings?: Settings): Promise<Row> {
      const sets = Object.keys(values).map((key, i) => `"${key}" = $${i + 2}`)
      const text = `UPDATE "${table}" SET ${sets.join(', ')} WHERE id = $1 RETURNING *`
      return one(run(text, [id, ...Object.values(values)], settings))
    },
  }
}

async function furnish(write: Writer) {
  const add = (table: string, values: Values) => write.add(table, values)
  const id = async (row: Promise<Row>): Promise<string> => (await row).id
  const instructorId = await id(add('Instructor', { displayName: 'Ines Okafor', phone: '0491 570 156' }))
  const studentId = await id(add('Student', { fullName: 'Mia Kowalski', email: 'mia@example.test', dob: '2008-05-04' }))
  const guardianId = await id(add('Guardian', { fullName: 'Tom Kowalski', phone: '0491 570 157' }))
  await add('StudentGuardian', { studentId, guardianId, isBilling: true })
  const serviceId = await id(add('Service', { name: 'One hour', durationMin: 60 }))
  const rateCardId = await id(add('RateCard', { name: 'Standard', isDefault: true }))
  await add('RateCardItem', { rateCardId, serviceId, priceCents: 8500 })
  const vehicleId = await id(
    add('Vehicle', { rego: 'DRV01A', regoState: 'NSW', make: 'Toyota', model: 'Corolla', transmission: 'automatic' }),
  )
  const locationId = await id(add('Location', { name: 'Office', kind: 'office', address: '1 Harbour Street' }))
  return { instructorId, studentId, guardianId, serviceId, rateCardId, vehicleId, locationId }
}

const HOUR_MS = 3_600_000

/** The split of A$85.00 at 15 %. */
const PRICE = { platformFeeCents: 1275, instructorShareCents: 7225, currency: 'AUD' } as const

function calendar(write: Writer): Pick<School, 'booking' | 'payment'> {
  let slots = 0
  // from a Monday far ahead; four hours apart, which leaves room for another lesson between two
  const nextStart = () => new Date(Date.UTC(2031, 0, 6) + slots++ * 4 * HOUR_MS)
  async function booking(this: School, values: Values = {}): Promise<Row> {
    const startAt = (values.startAt as Date | undefined) ?? nextStart()
    const endAt = new Date(startAt.getTime() + HOUR_MS)
    const { instructorId, studentId, serviceId } = this
    const times = { startAt, endAt, blockedUntil: new Date(endAt.getTime() + HOUR_MS / 4), status: 'confirmed' }
    const money = { priceCents: 8500, platformFeeBps: 1500, ...PRICE }
    return write.add('Booking', { instructorId, studentId, serviceId, ...times, ...money, ...values })
  }
  async function payment(this: School, values: Values = {}): Promise<Row> {
    const bookingId = 'bookingId' in values ? values.bookingId : (await this.booking()).id
    const stripe = { status: 'succeeded', succeededAt: new Date(), stripePaymentIntentId: `pi_test_${randomUUID()}` }
    return write.add('Payment', {
      studentId: this.studentId,
      bookingId,
      amountCents: 8500,
      ...PRICE,
      ...stripe,
      ...values,
    })
  }
  return { booking, payment }
}
