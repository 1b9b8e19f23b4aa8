import { constraintSentence } from './constraints.ts'

export type ErrorKind = 'NotFound' | 'Forbidden' | 'Invalid' | 'Conflict' | 'External'

/** Where what is missing can be put right: an action on a record. */
export interface WayOut {
  readonly label: string
  /** The record's model and id. */
  readonly model: string
  readonly id: string
  /** Name of the action: `student.add-guardian`. */
  readonly action: string
}

/** Something that a person is told: what kind it is, a code for programs, a sentence, and the field it is about. */
export class AppError extends Error {
  readonly kind: ErrorKind
  readonly code: string
  readonly field: string | undefined
  readonly wayOut: WayOut | undefined

  constructor(
    kind: ErrorKind,
    message: string,
    about: { code?: string; field?: string | undefined; wayOut?: WayOut | undefined } = {},
  ) {
    super(message)
    this.kind = kind
    this.code = about.code ?? kind.replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase()
    this.field = about.field
    this.wayOut = about.wayOut
  }
}

/** Several fields of one form that are wrong, so that they can be put right at once. */
export class InvalidForm extends AppError {
  readonly errors: readonly AppError[]

  constructor(errors: readonly AppError[]) {
    super('Invalid', errors.length === 1 ? errors[0]!.message : 'Some fields need another look.', {
      field: errors[0]!.field,
    })
    this.errors = errors
  }
}

export const notFound = (message = 'There is no such record in your school.'): AppError =>
  new AppError('NotFound', message)
export const forbidden = (message: string): AppError => new AppError('Forbidden', message)
export const invalid = (message: string, field?: string): AppError => new AppError('Invalid', message, { field })
export const conflict = (message: string): AppError => new AppError('Conflict', message)

/** The HTTP status of each kind; the one place where the two meet. */
export const httpStatus: Record<ErrorKind, number> = {
  NotFound: 404,
  Forbidden: 403,
  Invalid: 400,
  Conflict: 409,
  External: 502,
}

interface DatabaseRefusal {
  sqlstate: string
  message: string
  constraint: string | undefined
  columns: string[]
}

/**
 * A refusal of PostgreSQL as a sentence; the one mapper from SQLSTATE and constraint. The error may come from pg itself,
 * from Prisma's driver adapter or from Prisma's client.
 * @returns null when it is no refusal but a fault, which nobody should be told about
 */
export function fromDatabase(error: unknown): AppError | null {
  if (error instanceof AppError) return error
  const refusal = refusalIn(error)
  if (!refusal) return null
  const known = refusal.constraint ? constraintSentence(refusal.constraint) : undefined
  const field = known?.field ?? refusal.columns.find((column) => column !== 'orgId')
  const tell = (kind: ErrorKind, sentence: string) =>
    new AppError(kind, known?.message ?? sentence, { code: refusal.constraint ?? refusal.sqlstate, field })
  switch (refusal.sqlstate) {
    case '23505':
      return tell('Conflict', 'There is already one with the same value here. Change it, or edit the existing one.')
    case '23503':
      return tell('Invalid', 'This refers to a record that is not in your school. Choose one from the list.')
    case '23001':
      return tell('Conflict', IN_USE)
    case '23502':
      return tell('Invalid', 'This is needed.')
    case '23514':
      return tell('Invalid', ruleText(refusal.message) ?? 'This value is not allowed here.')
    case '23P01':
      return tell('Conflict', 'This overlaps with another one.')
    case '22001':
    // longer than an index holds
    case '54000':
      return tell('Invalid', 'This is too long.')
    case '22003':
      return tell('Invalid', 'This number is too large.')
    case '22021':
    case '22P05':
      return tell('Invalid', 'This has a character that cannot be stored or looked for.')
    case '22P02':
    case '22007':
    case '22008':
    // a time in a year of five digits
    case '22009':
      return tell('Invalid', 'This is not a valid value.')
    case '40001':
    case '40P01':
      return tell('Conflict', 'Somebody changed this at the same moment. Try again.')
    case '42501':
      return tell(
        'Forbidden',
        refusal.message.includes('append-only')
          ? 'This is a record of what happened: it cannot be changed or deleted.'
          : 'This is not allowed in your school.',
      )
    case '57014':
      return tell('Conflict', 'This took too long and was stopped. Narrow it down and try again.')
    default:
      return null
  }
}

export const IN_USE =
  'Other records refer to this one, so it cannot be deleted. Remove or change them first, or make it inactive.'

// triggers raise their rule as a sentence; PostgreSQL's own text names tables and is not for people
const ruleText = (message: string): string | undefined =>
  /violates|relation "/.test(message) ? undefined : message.replace(/ \(constraint "\w+"\)$/, '')

function refusalIn(error: unknown): DatabaseRefusal | undefined {
  const one = error as Record<string, unknown> & { meta?: Record<string, unknown>; cause?: Record<string, unknown> }
  if (typeof one?.code === 'string' && typeof one.severity === 'string') return fromDriver(one)
  const cause = one?.cause ?? (one?.meta?.driverAdapterError as { cause?: Record<string, unknown> } | undefined)?.cause
  if (typeof cause?.originalCode === 'string') return fromAdapter(cause)
  const sqlstate = PRISMA_CODES[String(one?.code)]
  return sqlstate ? { sqlstate, message: '', constraint: undefined, columns: targetColumns(one.meta) } : undefined
}

function fromDriver(error: Record<string, unknown>): DatabaseRefusal {
  const message = String(error.message)
  return {
    sqlstate: error.code === '23503' && message.startsWith('update or delete') ? '23001' : String(error.code),
    message,
    constraint: error.constraint as string | undefined,
    columns: keyColumns(error.detail) ?? (error.column ? [String(error.column)] : []),
  }
}

function fromAdapter(cause: Record<string, unknown>): DatabaseRefusal {
  const message = String(cause.originalMessage)
  const constraint = message.match(/constraint "([^"]+)"/)?.[1]
  const sqlstate = String(cause.originalCode)
  const fields = (cause.constraint as { fields?: string[] } | undefined)?.fields ?? []
  return {
    sqlstate: sqlstate === '23503' && message.startsWith('update or delete') ? '23001' : sqlstate,
    message,
    constraint,
    columns:
      fields.length > 0
        ? fields.map((field) => field.replaceAll('"', ''))
        : (keyColumns(cause.detail) ?? columnIn(message)),
  }
}

const columnIn = (message: string): string[] => [...message.matchAll(/column "([^"]+)"/g)].map((match) => match[1]!)

const keyColumns = (detail: unknown): string[] | undefined =>
  typeof detail === 'string'
    ? detail
        .match(/Key \(([^)]+)\)/)?.[1]
        ?.split(', ')
        .map((column) => column.replaceAll('"', ''))
    : undefined

const PRISMA_CODES: Record<string, string> = {
  P2002: '23505',
  P2003: '23503',
  P2011: '23502',
  P2000: '22001',
  P2020: '22003',
  P2034: '40001',
  // the transaction took longer than it may, mostly waiting for others
  P2028: '57014',
}

function targetColumns(meta: Record<string, unknown> | undefined): string[] {
  const target = meta?.target ?? meta?.constraint
  return Array.isArray(target) ? target.map(String) : []
}
