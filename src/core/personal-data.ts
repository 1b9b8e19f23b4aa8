import type { Prisma } from '@prisma/client'
import type { Scalars } from './declaration.ts'
import { type Field, type Model, models } from './schema.ts'

/** The four kinds of rows that are a person. */
export const people = ['Student', 'Guardian', 'Instructor', 'User'] as const
export type PersonModel = (typeof people)[number]

/** What the columns of a model that hold words, places, days or JSON say about people. */
interface Words<C extends string = string> {
  /** Who somebody is, in the row that is this person: taken out with them, never because somebody else is named alike. */
  readonly identity?: readonly C[]
  /** May name somebody or say where they were: taken out of rows about a person, and wherever else they are named. */
  readonly personal?: readonly C[]
  /** Codes, keys and words of the school's own: they stay. */
  readonly plain?: readonly C[]
  /** Whose the personal columns are, of the people that a row refers to; learners when nothing is said. */
  readonly of?: readonly PersonModel[]
}

const everybody = people
const declared: { readonly [M in Prisma.ModelName]?: Words<keyof Scalars<M> & string> } = {
  Student: {
    identity: ['fullName', 'phone', 'email', 'dob', 'permitNumber', 'permitExpiresOn'],
    personal: ['notes'],
    plain: ['licenceType', 'permitState'],
  },
  Guardian: { identity: ['fullName', 'phone', 'email'] },
  Instructor: {
    identity: ['displayName', 'phone', 'licenseId', 'abn'],
    plain: ['stripeAccountId', 'stripeOnboardingStatus', 'stripeCapabilities', 'stripeRequirementsDue'],
  },
  User: { identity: ['email', 'fullName', 'phone', 'externalId'], plain: ['password'] },
  StudentGuardian: { personal: ['relation'], of: ['Student', 'Guardian'] },
  Consent: { personal: ['method'], plain: ['documentVer'], of: ['Student', 'Guardian'] },
  InstructorCredential: {
    identity: ['number', 'issuedOn'],
    plain: ['jurisdiction', 'expiresOn'],
    of: ['Instructor'],
  },
  AvailabilityException: { personal: ['note'], plain: ['date'], of: ['Instructor'] },
  InstructorAvailability: { plain: ['effectiveFrom', 'effectiveTo'] },
  InstructorWorkingHours: {
    plain: ['startTime', 'endTime', 'breakStartTime', 'breakEndTime', 'effectiveFrom', 'effectiveTo'],
  },
  Booking: {
    personal: [
      'pickupAddress',
      'pickupLat',
      'pickupLng',
      'dropoffAddress',
      'dropoffLat',
      'dropoffLng',
      'notes',
      'cancellationReason',
      'rescheduleReason',
    ],
    plain: ['currency', 'idempotencyKey'],
  },
  ScheduledStateTransition: { personal: ['reason', 'metadata', 'lastError'] },
  LessonStateHistory: { personal: ['reason', 'metadata'] },
  Lesson: { personal: ['notes'], plain: ['tokenHash'] },
  Incident: { personal: ['description'], of: ['Student', 'Instructor'] },
  Payment: {
    plain: ['currency', 'stripePaymentIntentId', 'stripeChargeId', 'stripeRefundId', 'failureCode', 'payToken'],
  },
  CreditEntry: { personal: ['reason'] },
  LedgerTransaction: { personal: ['description'], plain: ['kind', 'refType', 'refId', 'idempotencyKey'] },
  LedgerEntry: { plain: ['currency'] },
  Payout: {
    personal: ['holdReason', 'failureReason', 'reason'],
    plain: ['currency', 'failureCode', 'stripeTransferId'],
    of: ['Student', 'Instructor'],
  },
  StripeCall: { personal: ['error'], plain: ['operation', 'refType', 'idempotencyKey', 'stripeId'], of: everybody },
  Message: {
    personal: ['toAddress', 'recipientName', 'subject', 'body', 'error', 'invite'],
    plain: ['templateKey', 'providerId', 'dedupeKey', 'relatedType', 'relatedId'],
    of: everybody,
  },
  MessageDelivery: { personal: ['detail'], plain: ['providerId'], of: everybody },
  WebhookEvent: {
    personal: ['payload', 'lastError', 'decisions'],
    plain: ['provider', 'eventType', 'eventId', 'stripeAccountId', 'requestId'],
    of: everybody,
  },
  Outbox: {
    personal: ['payload', 'lastError'],
    plain: ['topic', 'aggregateType', 'aggregateId', 'dedupeKey', 'actor'],
    of: everybody,
  },
  OutboxDelivery: { personal: ['lastError'], plain: ['handler', 'aggregateId', 'resultRef'], of: everybody },
  MessageTemplate: { plain: ['key', 'subject', 'body'] },
  ContactOptOut: { identity: ['address', 'detail'], plain: ['templateKey'] },
  ActionRun: {
    personal: ['summary', 'request', 'reason', 'result', 'error'],
    plain: ['idempotencyKey', 'action', 'recordType', 'recordId', 'inputHash', 'approvers'],
    of: everybody,
  },
  SavedView: { personal: ['name', 'settings'], plain: ['resource'], of: ['User'] },
  DataImport: {
    personal: ['fileName', 'error'],
    plain: ['model', 'encoding', 'separator', 'header', 'mapping'],
    of: ['User'],
  },
  DataImportRow: { personal: ['cells', 'problem'] },
  TravelTimeCache: {
    plain: [
      'fromLocationHash',
      'toLocationHash',
      'fromLat',
      'fromLng',
      'toLat',
      'toLng',
      'trafficMultiplier',
      'peakHourMultiplier',
      'timeOfDayFactors',
      'source',
      'reliability',
    ],
  },
  TripPoint: { plain: ['lat', 'lng', 'speedKph'] },
  // what belongs to the school and to nobody in particular
  Org: { plain: ['name', 'abn', 'timeZone', 'currency'] },
  OrgSettings: { plain: ['quietStartTime', 'quietEndTime', 'linkKey'] },
  Service: { plain: ['name', 'description', 'lessonType'] },
  RateCard: { plain: ['name', 'currency'] },
  Package: { plain: ['name', 'currency'] },
  Vehicle: { plain: ['rego', 'regoState', 'make', 'model', 'regoExpiresOn', 'insuranceExpiresOn'] },
  Location: { plain: ['name', 'address', 'postcode', 'lat', 'lng'] },
  CancellationPolicy: { plain: ['description'] },
  StateTransitionRule: { plain: ['conditions', 'description'] },
  LicenseCompatibilityMatrix: {
    plain: ['studentLicenseType', 'lessonType', 'instructorLicenseReq', 'prerequisites', 'restrictions'],
  },
  // taken out by itself, value by value
  AuditLog: {
    plain: [
      'actorRole',
      'action',
      'entityType',
      'entityId',
      'before',
      'after',
      'reason',
      'requestId',
      'ip',
      'prevHash',
      'hash',
      'personal',
      'digest',
    ],
  },
  AuditSeal: { plain: ['hash', 'sealedOn', 'publishedTo'] },
  RefreshToken: { plain: ['jti', 'rotationId', 'tokenHash'] },
}

/** Whether what a column holds could say something about a person: words, JSON, places and days. */
export const isWord = ({ kind, type, nativeType }: Field): boolean =>
  kind === 'scalar' &&
  (['String', 'Json', 'Decimal'].includes(type) || (type === 'DateTime' && nativeType?.[0] === 'Date')) &&
  nativeType?.[0] !== 'Uuid'

const wordsIn = (model: Model): string[] => model.fields.filter(isWord).map(({ name }) => name)

/** Columns that are references in words: of whatever model nobody has declared yet. */
const isCode = (name: string): boolean => /(Id|Type|Key|Code|Hash|Token)$|^currency$|^hash$|^ip$/.test(name)

export interface Personal {
  readonly identity: readonly string[]
  readonly personal: readonly string[]
  readonly of: readonly PersonModel[]
}

/** What of a model is personal. A model that nobody has declared: all of its words, whoever it refers to. */
export function personalIn(model: Model): Personal {
  const words: Words | undefined = declared[model.name as Prisma.ModelName]
  if (words) return { identity: words.identity ?? [], personal: words.personal ?? [], of: words.of ?? ['Student'] }
  const must = (name: string) =>
    model.fields.some(
      (field) => field.name === name && field.isRequired && field.type !== 'String' && field.type !== 'Json',
    )
  return { identity: [], personal: wordsIn(model).filter((name) => !isCode(name) && !must(name)), of: everybody }
}

/** For the boot check: columns that a declaration forgets, and models that it names in vain. */
export function personalGaps(): string[] {
  const here = 'src/core/personal-data.ts'
  return (Object.entries(declared) as [string, Words][]).flatMap(
    ([name, { identity = [], personal = [], plain = [] }]) => {
      const model = models.get(name)
      if (!model) return [`${here} declares ${name}, which is no model`]
      const named = new Set([...identity, ...personal, ...plain])
      return wordsIn(model)
        .filter((column) => !named.has(column))
        .map(
          (column) => `${here} does not say whether ${name}.${column} is about a person: identity, personal or plain`,
        )
    },
  )
}
