import type { Transaction } from '../../../src/core/db.ts'
import { FREE_TIME } from '../../../src/domain/availability/free-time-statement.ts'
import type { Model } from '../rows.ts'
import { send } from '../send.ts'
import type { Facts } from './facts.ts'
import { type Change, isSimple, shapeOf, update } from './update.ts'

type Data = Readonly<Record<string, unknown>>

interface Waiting {
  readonly answerAll: (asked: readonly never[]) => Promise<readonly unknown[]>
  readonly calls: { readonly asked: unknown; resolve: (answer: unknown) => void; reject: (error: unknown) => void }[]
}

/** What FREE_TIME is asked with. */
type Asked = readonly [orgId: string, fromDay: string, toDay: string, zone: string, ids: string[], ...rest: unknown[]]

type Delegate = Record<string, (args: object) => Promise<unknown>>

interface Upsert {
  readonly where: Data
  readonly create: Data
  readonly update: Data
}

export interface Telling {
  readonly facts: Facts
  /** The id of a new row, the same in every run. */
  idOf(model: Model, row: Data): string
  /** A new row as it is kept; default as it was given. */
  kept?(model: Model, row: Data): Data
}

/** Tables that operations on bookings write to, by the name that Prisma gives them. */
const written: Readonly<Record<string, Model>> = {
  booking: 'Booking',
  lessonStateHistory: 'LessonStateHistory',
  scheduledStateTransition: 'ScheduledStateTransition',
  lesson: 'Lesson',
  outbox: 'Outbox',
  trip: 'Trip',
}

/**
 * Operations of the domain on many bookings side by side, in one transaction: each is run as it is, and where several wait
 * for the same kind of statement it is sent once for all. What does not go together is sent by itself.
 */
export class SideBySide {
  readonly #tx: Transaction
  readonly #telling: Telling
  #waiting = new Map<string, Waiting>()
  #isSending = false
  #last: Promise<unknown> = Promise.resolve()

  constructor(tx: Transaction, telling: Telling) {
    this.#tx = tx
    this.#telling = telling
  }

  /** The transaction as an operation sees it that happens at `now`. */
  at(now: Date): Transaction {
    return new Proxy(this.#tx, {
      get: (tx, name: string) => {
        const model = written[name]
        if (model) return this.#live(name, model, now)
        if (name === '$queryRaw') return (...asked: Parameters<Transaction['$queryRaw']>) => this.#queryRaw(asked)
        if (name === '$queryRawUnsafe') return (...asked: unknown[]) => this.#queryRawUnsafe(asked)
        const standing = this.#telling.facts.of(tx, name, (ask) => this.#inTurn(ask))
        if (standing) return standing
        const value: unknown = Reflect.get(tx, name)
        if (typeof value === 'function') return (...asked: unknown[]) => this.#inTurn(() => value.apply(tx, asked))
        return this.#alone(value as Delegate)
      },
    })
  }

  #live(name: string, model: Model, now: Date): object {
    const real = this.#alone((this.#tx as unknown as Record<string, Delegate>)[name]!)
    const find = (how: string) => this.#find(name, real, how)
    const shared: Record<string, unknown> = {
      findFirst: find('findFirst'),
      findFirstOrThrow: find('findFirstOrThrow'),
      findMany: find('findMany'),
      create: ({ data }: { data: Data }) => this.#create(model, data),
      createMany: ({ data }: { data: Data[] }) => Promise.all(data.map((one) => this.#insert(model, one))),
      createManyAndReturn: ({ data }: { data: Data[] }) => Promise.all(data.map((one) => this.#create(model, one))),
      updateMany: (change: Omit<Change, 'now'>) =>
        isSimple(change) ? this.#update(model, { ...change, now }) : real.updateMany!(change),
      upsert: (asked: Upsert) => this.#upsert(model, { ...asked, now }),
    }
    return new Proxy(real, { get: (_, how: string) => shared[how] ?? real[how] })
  }

  /** A model whose statements go by themselves. */
  #alone(delegate: Delegate): Delegate {
    return new Proxy(delegate, {
      get: (_, how: string) => (args: object) => this.#inTurn(() => delegate[how]!(args)),
    })
  }

  /** A connection does one thing at a time. */
  #inTurn<T>(ask: () => Promise<T>): Promise<T> {
    const answer = this.#last.then(ask, ask)
    this.#last = answer.catch(() => undefined)
    return answer
  }

  #find(name: string, real: Delegate, how: string) {
    return async (args: { where: Data; select?: Data }): Promise<unknown> => {
      const keys = Object.keys(args.where).filter((key) => key !== 'orgId')
      const [key] = keys
      const many = (this.#tx as unknown as Record<string, Delegate>)[name]!.findMany as (
        args: object,
      ) => Promise<Data[]>
      if (keys.length !== 1 || typeof args.where[key!] !== 'string') return await real[how]!(args)
      const select = args.select && { select: { ...args.select, [key!]: true } }
      const answerAll = async (asked: readonly Data[]): Promise<Data[][]> => {
        const values = asked.map((where) => where[key!])
        const rows = await many({ ...args, ...select, where: { ...args.where, [key!]: { in: values } } })
        const found = Map.groupBy(rows, (row) => row[key!])
        return values.map((value) => found.get(value) ?? [])
      }
      const kind = `find ${name} ${key} ${JSON.stringify({ ...args, where: null })}`
      const rows = (await this.#together(kind, answerAll, args.where)) as Data[]
      if (how === 'findMany') return rows
      if (!rows[0] && how === 'findFirstOrThrow') throw new Error(`the demo has no row where ${JSON.stringify(args)}`)
      return rows[0] ?? null
    }
  }

  /** A row as the database has it. Nobody asks for more than the id of what is only written down. */
  async #create(model: Model, data: Data): Promise<unknown> {
    const id = await this.#insert(model, data)
    if (model !== 'Booking') return { id }
    return await this.at(new Date()).booking.findFirstOrThrow({ where: { id, orgId: data.orgId as string } })
  }

  async #insert(model: Model, data: Data): Promise<string> {
    const id = this.#telling.idOf(model, data)
    const row = { id, ...(this.#telling.kept?.(model, data) ?? data) }
    const answerAll = async (rows: readonly Data[]): Promise<Data[]> => {
      await send(this.#tx, model, rows)
      return [...rows]
    }
    await this.#together(`insert ${model}`, answerAll, row)
    return id
  }

  #update(model: Model, change: Change): Promise<unknown> {
    const answerAll = (changes: readonly Change[]) => update(this.#tx, model, changes)
    return this.#together(`update ${model} ${shapeOf(change)}`, answerAll, change)
  }

  async #upsert(model: Model, asked: Upsert & { now: Date }): Promise<unknown> {
    const { count } = (await this.#update(model, { where: asked.where, data: asked.update, now: asked.now })) as {
      count: number
    }
    return count > 0 ? {} : await this.#create(model, asked.create)
  }

  /** Locks: nobody else is in a school that has not opened. */
  async #queryRaw(asked: Parameters<Transaction['$queryRaw']>): Promise<unknown> {
    const text = [asked[0]].flat().join('')
    if (text.startsWith('SELECT 1') && text.includes(' UPDATE')) return []
    return await this.#inTurn(() => this.#tx.$queryRaw(...asked))
  }

  async #queryRawUnsafe(asked: unknown[]): Promise<unknown> {
    const [text, ...values] = asked as [string, ...unknown[]]
    const [, , , zone, , minutes, without, ignoring] = values
    if (text !== FREE_TIME || without !== null)
      return await this.#inTurn(() => this.#tx.$queryRawUnsafe(text, ...values))
    const kind = ['free', zone, minutes, ignoring].join(' ')
    return await this.#together(kind, (all: readonly Asked[]) => this.#freeTime(all), values as unknown as Asked)
  }

  /** The free time of all that is asked for, read once and given to each as far as it asked. */
  async #freeTime(all: readonly Asked[]): Promise<{ days: string }[][]> {
    const [first] = all as [Asked]
    const from = all.map((one) => one[1]).toSorted()[0]!
    const to = all
      .map((one) => one[2])
      .toSorted()
      .at(-1)!
    const instructors = [...new Set(all.flatMap((one) => one[4]))]
    const rows: { days: string | null }[] = await this.#tx.$queryRawUnsafe(
      FREE_TIME,
      first[0],
      from,
      to,
      first[3],
      instructors,
      ...first.slice(5),
    )
    const days = JSON.parse(rows[0]?.days ?? '[]') as [instructorId: string, day: string, ...rest: unknown[]][]
    const found = Map.groupBy(days, ([instructorId]) => instructorId)
    return all.map(([, fromDay, toDay, , ids]) => [
      {
        days: JSON.stringify(
          ids.flatMap((id) => found.get(id) ?? []).filter(([, day]) => fromDay <= day && day <= toDay),
        ),
      },
    ])
  }

  /** Waits until every operation waits; then asks once for all that are of one kind. */
  #together<A, R>(kind: string, answerAll: (asked: readonly A[]) => Promise<readonly R[]>, asked: A): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const group = this.#waiting.get(kind) ?? { answerAll, calls: [] }
      group.calls.push({ asked, resolve, reject })
      this.#waiting.set(kind, group)
      if (this.#isSending) return
      this.#isSending = true
      setImmediate(() => void this.#send())
    })
  }

  async #send(): Promise<void> {
    const groups = [...this.#waiting.values()]
    this.#waiting = new Map()
    for (const { answerAll, calls } of groups) {
      try {
        const answers = await this.#inTurn(() => answerAll(calls.map(({ asked }) => asked as never)))
        calls.forEach(({ resolve }, index) => resolve(answers[index]))
      } catch (error) {
        for (const { reject } of calls) reject(error)
      }
    }
    // operations go on as soon as they are answered: what they ask next waits already
    setImmediate(() => {
      this.#isSending = false
      if (this.#waiting.size === 0) return
      this.#isSending = true
      void this.#send()
    })
  }
}
