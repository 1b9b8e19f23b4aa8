import { type Field, type Model, enumValues, fieldOf, models } from '../../src/core/schema.ts'

/** Ids of the rows a school has so far, by model, in the order they were made. */
export type Made = Readonly<Record<string, readonly string[]>>
export type Values = Record<string, unknown>

/** Writes the canary of a school with the place it stands in; nothing else in the tests looks like it. */
export type Canary = (place: string, n: number) => string

/** `quokka7f3a~Student.fullName~0`, and signs that LIKE, HTML, SQL and JSON each read in their own way. */
export const canaryOf =
  (token: string): Canary =>
  (place, n) =>
    `${token}~${place}~${n} '"<i>%_\\`

/** The places of canaries in a text: `Student.fullName`. */
export const placesIn = (text: string): Set<string> =>
  new Set([...text.matchAll(/~(\w+\.\w+)~/g)].map((match) => match[1]!))

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const at = (n: number, hours = 0): Date => new Date(Date.UTC(2031, 2, 3) + n * DAY_MS + hours * HOUR_MS)
const day = (n: number): string => at(n).toISOString().slice(0, 10)
const cents = { amountCents: 1000, platformFeeCents: 150, instructorShareCents: 850, currency: 'AUD' } as const

/** What the rules of the database want otherwise than the generator would write it; `n` counts the rows of the model. */
const overrides: Record<string, (n: number, made: Made) => Values> = {
  Consent: (n) => ({ effectiveAt: at(n), expiresAt: at(n + 1) }),
  Service: () => ({ durationMin: 60 }),
  RateCard: (n) => ({ currency: 'AUD', isDefault: false, validFrom: at(n), validTo: at(n + 1) }),
  CreditGrant: () => ({ minutes: 60, minutesLeft: 30, valueCents: 1000, valueLeft: 500 }),
  Vehicle: () => ({ year: 2020 }),
  Package: () => ({ currency: 'AUD' }),
  InstructorAvailability: (n) => ({ ...span(n), effectiveFrom: day(n), effectiveTo: day(n + 1) }),
  AvailabilityException: (n) => ({ ...span(n), date: day(n) }),
  InstructorWorkingHours: (n) => ({
    dayOfWeek: n % 7,
    startTime: '09:00',
    endTime: '17:00',
    breakStartTime: '12:00',
    breakEndTime: '12:30',
    effectiveFrom: day(n * 7),
    effectiveTo: day(n * 7 + 7),
  }),
  LicenseCompatibilityMatrix: () => ({
    minStudentAge: 16,
    maxStudentAge: 80,
    minLessonDuration: 30,
    maxLessonDuration: 120,
  }),
  Booking: (n) => ({
    startAt: at(n),
    endAt: at(n, 1),
    blockedUntil: at(n, 1.25),
    status: 'confirmed',
    currency: 'AUD',
    priceCents: 1000,
    platformFeeBps: 1500,
    platformFeeCents: 150,
    instructorShareCents: 850,
    cancelledAt: null,
  }),
  StateTransitionRule: (n) => ({
    fromStatus: pick('BookingStatus', n),
    toStatus: pick('BookingStatus', Math.floor(n / 9)),
  }),
  CancellationPolicy: (n) => ({ hoursBeforeStart: n, refundPercentage: 50 }),
  Lesson: (n) => ({ startedAt: at(n), endedAt: at(n, 1), rating: 4 }),
  Payment: () => ({ ...cents, gstCents: 90, refundedCents: 0, status: 'succeeded', purpose: 'lesson', method: 'card' }),
  Refund: (_n, made) => ({
    amountCents: 100,
    platformFeeCents: 15,
    instructorShareCents: 85,
    currency: 'AUD',
    status: 'pending_approval',
    requestedById: made.User![0],
    approvedById: null,
    rejectedById: null,
  }),
  Dispute: () => ({ currency: 'AUD', answer: null, answeredAt: null }),
  ReconciliationRun: (n) => ({ coversFrom: at(n), coversUntil: at(n + 1), startedById: null }),
  ReconciliationException: () => ({
    kind: 'amount_differs',
    status: 'open',
    currency: 'AUD',
    explainedById: null,
    explainedAt: null,
    stripeCents: 1e3,
    ledgerCents: 999,
    stripeFeeCents: 0,
    ledgerFeeCents: 0,
    differenceCents: 1,
  }),
  PayoutBatch: (n) => ({
    number: n + 1,
    currency: 'AUD',
    status: 'draft',
    periodStart: day(n),
    periodEnd: day(n + 1),
    payoutCount: 0,
    totalCents: 0,
    approvedById: null,
  }),
  Payout: () => ({
    amountCents: 850,
    reversedCents: 0,
    gstCents: 10,
    currency: 'AUD',
    status: 'pending',
    kind: 'lesson',
  }),
  BankPayout: () => ({ currency: 'AUD' }),
  WebhookEvent: () => ({ decisions: '[]' }),
  TransferReversal: () => ({ amountCents: 10, disputeId: null, approvedById: null }),
  // two entries and their transaction balance
  LedgerEntry: (n, made) => ({
    transactionId: made.LedgerTransaction![Math.floor(n / 2) % made.LedgerTransaction!.length],
    currency: 'AUD',
    amountCents: n % 2 === 0 ? 100 : -100,
  }),
  ActionRun: () => ({ approvers: null, approvedById: null, progressDone: 0, progressTotal: 0 }),
  OrgSettings: () => ({ quietStartTime: '20:00', quietEndTime: '07:00' }),
  StripeCall: () => ({ status: 'pending', finishedAt: null }),
  OperatorAccess: (n) => ({ startedAt: at(n), endsAt: at(n, 1), endedAt: null, endedById: null }),
  AuditSeal: (n) => ({ sealedOn: day(n), seq: 1000 + n }),
  Outbox: (n) => ({ aggregateVersion: n }),
  UserOrg: () => ({ role: 'instructor', status: 'active' }),
  User: () => ({ platformRole: 'none', disabledAt: null }),
}

const span = (n: number): Values => ({ dayOfWeek: n % 7, startMinute: 540, endMinute: 600 })
const pick = (type: string, n: number): string => enumValues(type)[n % enumValues(type).length]!

/**
 * A value for every column of the model's `n`-th row; texts hold the canary, references point at rows in `made`.
 * Left out is what the database counts or sets itself.
 */
export function rowOf(model: Model, n: number, made: Made, canary: Canary): Values {
  const columns = model.fields.filter((field) => field.kind !== 'object' && !isSetByDatabase(field))
  const values = columns.map((field) => [field.name, valueOf(model, field, { n, made, canary })])
  const own = overrides[model.name]?.(n, made) ?? {}
  const known = Object.entries(own).filter(([column]) => fieldOf(model, column))
  return { ...Object.fromEntries(values), ...Object.fromEntries(known) }
}

const isSetByDatabase = (field: Field): boolean =>
  field.name === 'id' || field.name === 'orgId' || field.name === 'seq' || /^(createdAt|updatedAt)$/.test(field.name)

interface Place {
  n: number
  made: Made
  canary: Canary
}

function valueOf(model: Model, field: Field, { n, made, canary }: Place): unknown {
  const relation = model.fields.find((one) => one.relationFromFields?.[0] === field.name)
  if (relation) return made[relation.type]?.[n % made[relation.type]!.length]
  // people whom no relation names: who cancelled, who verified
  if (field.nativeType?.[0] === 'Uuid') return made.User![0]
  if (field.kind === 'enum') return pick(field.type, n)
  const place = `${model.name}.${field.name}`
  const byType: Record<string, () => unknown> = {
    String: () => canary(place, n),
    Int: () => 7,
    BigInt: () => 7,
    Decimal: () => '1.5',
    Boolean: () => false,
    DateTime: () => (field.nativeType?.[0] === 'Date' ? day(n) : at(n)),
    Json: () => JSON.stringify({ note: canary(place, n) }),
  }
  const make = byType[field.type]
  if (!make) throw new Error(`${place} is of a type that the fixtures cannot fill: ${field.type}`)
  return make()
}

/** Models in an order in which each can be filled: what it refers to comes before it. */
export function inOrderOfReference(): Model[] {
  const ordered = new Set<Model>()
  const visit = (model: Model, path: readonly string[]) => {
    if (ordered.has(model) || path.includes(model.name)) return
    const targets = model.fields.filter((field) => (field.relationFromFields?.length ?? 0) > 0)
    for (const { type } of targets) visit(models.get(type)!, [...path, model.name])
    ordered.add(model)
  }
  for (const model of models.values()) visit(model, [])
  return [...ordered]
}

/** What a further row needs for itself alone, because only one row may point at each. */
export const ownParents: Readonly<Record<string, string>> = {
  UserOrg: 'User',
  Instructor: 'User',
  RateCardItem: 'Service',
  StudentGuardian: 'Guardian',
  Lesson: 'Booking',
  LogbookEntry: 'Lesson',
  Payment: 'Booking',
  Payout: 'Booking',
}

/** The column by which the model points at `target`. */
export const columnTo = (model: Model, target: string): string =>
  model.fields.find((field) => field.type === target && field.relationFromFields?.length)!.relationFromFields![0]!
