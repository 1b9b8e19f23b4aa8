import type { Transaction } from '../../../src/core/db.ts'

/** What stands still while bookings are told, with what is read along with it. */
const standing = {
  orgSettings: { org: true },
  student: null,
  instructor: null,
  service: null,
  vehicle: null,
  location: null,
  licenseCompatibilityMatrix: null,
  consent: null,
  instructorCredential: null,
  cancellationPolicy: null,
  stateTransitionRule: null,
  rateCardItem: { rateCard: true },
  travelTimeCache: null,
  instructorWorkingHours: null,
} as const

type Fact = keyof typeof standing
type Row = Readonly<Record<string, unknown>>

interface Args {
  readonly where?: Where
  readonly orderBy?: Order | readonly Order[]
}
type Where = Readonly<Record<string, unknown>>
type Order = Readonly<Record<string, 'asc' | 'desc'>>

/** The school's people, hours, prices and papers: each table is read once, and each question answered from it. */
export class Facts {
  readonly #orgId: string
  readonly #tables = new Map<Fact, Promise<Row[]>>()

  constructor(orgId: string) {
    this.#orgId = orgId
  }

  /** The methods of a model that are answered here; undefined for a model that changes, or is asked otherwise. */
  of(tx: Transaction, model: string, inTurn: <T>(ask: () => Promise<T>) => Promise<T>): object | undefined {
    if (!(model in standing)) return undefined
    const fact = model as Fact
    const findMany = async (args: Args): Promise<Row[]> => {
      const rows = await this.#rows(fact, () => inTurn(() => this.#read(tx, fact)))
      return rows.filter((row) => holds(row, args.where ?? {})).toSorted(by(args.orderBy))
    }
    const findFirst = async (args: Args): Promise<Row | null> => (await findMany(args))[0] ?? null
    const findFirstOrThrow = async (args: Args): Promise<Row> => {
      const row = await findFirst(args)
      if (!row) throw new Error(`the demo has no ${model} where ${JSON.stringify(args.where)}`)
      return row
    }
    return { findMany, findFirst, findFirstOrThrow }
  }

  #rows(fact: Fact, read: () => Promise<Row[]>): Promise<Row[]> {
    const found = this.#tables.get(fact) ?? read()
    this.#tables.set(fact, found)
    return found
  }

  #read(tx: Transaction, fact: Fact): Promise<Row[]> {
    const include = standing[fact]
    const all = { where: { orgId: this.#orgId }, ...(include ? { include } : {}) }
    return (tx[fact].findMany as unknown as (args: object) => Promise<Row[]>)(all)
  }
}

/** Whether a row is meant by Prisma's `where`, as far as the operations ask of these tables. @throws Error beyond that */
function holds(row: Row, where: Where): boolean {
  return Object.entries(where).every(([key, wanted]) => {
    if (key === 'AND') return (wanted as Where[]).every((one) => holds(row, one))
    if (key === 'OR') return (wanted as Where[]).some((one) => holds(row, one))
    if (wanted === undefined) return true
    const value = row[key]
    if (!isPlain(wanted)) return same(value, wanted)
    if (isPlain(value)) return holds(value, wanted)
    return Object.entries(wanted).every(([operator, operand]) => compare(value, operator, operand))
  })
}

function compare(value: unknown, operator: string, operand: unknown): boolean {
  if (operator === 'in') return (operand as unknown[]).some((one) => same(value, one))
  if (operator === 'not') return !same(value, operand)
  const passes = {
    lt: (a: number, b: number) => a < b,
    lte: (a: number, b: number) => a <= b,
    gt: (a: number, b: number) => a > b,
    gte: (a: number, b: number) => a >= b,
  }[operator]
  if (!passes) throw new Error(`the demo cannot compare by ${operator}`)
  return value !== null && passes(Number(value), Number(operand))
}

const isPlain = (value: unknown): value is Row => Object.prototype.toString.call(value) === '[object Object]'

const same = (a: unknown, b: unknown): boolean =>
  a instanceof Date && b instanceof Date ? a.getTime() === b.getTime() : a === b

function by(orderBy: Args['orderBy'] = []): (a: Row, b: Row) => number {
  const keys = [orderBy].flat().flatMap((order) => Object.entries(order))
  return (a, b) => {
    for (const [key, direction] of keys) {
      const [one, other] = [a[key], b[key]] as [string | Date, string | Date]
      const sign = one < other ? -1 : one > other ? 1 : 0
      if (sign !== 0) return direction === 'asc' ? sign : -sign
    }
    return 0
  }
}
