import { migrationSql } from './migrations.ts'
import { type Field, type Model, fieldOf, indexesOf } from './schema.ts'

/**
 * Tables of which even a school with a million bookings has some ten thousand rows at most: reading all of them takes
 * some twenty milliseconds. Every other table may be large, and what is asked of it needs an index.
 */
const SMALL = new Set([
  'Org',
  'OrgSettings',
  'User',
  'UserOrg',
  'RefreshToken',
  'SavedView',
  'Instructor',
  'InstructorCredential',
  'InstructorAvailability',
  'InstructorWorkingHours',
  'AvailabilityException',
  'Service',
  'RateCard',
  'RateCardItem',
  'Package',
  'Vehicle',
  'Location',
  'CancellationPolicy',
  'LicenseCompatibilityMatrix',
  'StateTransitionRule',
  'MessageTemplate',
  'ContactOptOut',
  'Guardian',
  'StudentGuardian',
  'Consent',
  'CreditGrant',
  'Incident',
  'PayoutBatch',
  'Dispute',
  'TransferReversal',
  'ReconciliationRun',
  'ReconciliationException',
  'AuditSeal',
])

/** Of these a school has so few that a thousand rows of another table refer to each. */
const FEW = new Set(['Service', 'RateCard', 'Package', 'Location', 'CancellationPolicy', 'PayoutBatch', 'User'])

export const staysSmall = (model: Model): boolean => SMALL.has(model.name)
export const areFew = (model: Model): boolean => FEW.has(model.name)

/** An index on some of a table's rows, which the schema file cannot say: its migration does. */
interface PartialIndex {
  readonly model: string
  readonly columns: string
  readonly where: string
}

let partial: readonly PartialIndex[] | undefined

function partialIndexes(): readonly PartialIndex[] {
  if (partial) return partial
  const found = migrationSql().matchAll(/CREATE (?:UNIQUE )?INDEX \S+\s+ON "(\w+)"\s*\(([^;]*?)\)\s*WHERE ([^;]+);/g)
  partial = [...found].map(([, model, columns, where]) => ({ model: model!, columns: columns!, where: where! }))
  return partial
}

export type Question = 'range' | 'multi' | 'flag' | 'null' | 'relation' | 'sort'

/**
 * Whether PostgreSQL answers it without reading all the rows that a school has. An index on an enum does not count:
 * under a policy its comparison is not one that may walk an index, so each value needs an index of its own rows.
 */
export function isServed(model: Model, column: string, question: Question): boolean {
  if (staysSmall(model)) return true
  const field = fieldOf(model, column)
  if (!field) return false
  const inSchool = indexesOf(model).some(([first, second]) => first === 'orgId' && second === column)
  if (question === 'range' || question === 'sort') return inSchool
  if (question === 'relation') return inSchool || indexesOf(model).some(([first]) => first === column)
  return (inSchool && !isEnum(field)) || hasPartialIndex(model, column)
}

const isEnum = (field: Field): boolean => field.kind === 'enum'

const hasPartialIndex = (model: Model, column: string): boolean =>
  partialIndexes().some(
    (index) =>
      index.model === model.name &&
      index.columns.startsWith('"orgId"') &&
      new RegExp(`(^|[^\\w])"?${column}"?($|[^\\w])`).test(index.where),
  )
