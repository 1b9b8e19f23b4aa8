import { createHash } from 'node:crypto'
import type { Writable } from 'node:stream'
import pg from 'pg'

/** A statement as pg takes it. */
export interface Statement {
  readonly text: string
  readonly values?: unknown[] | undefined
  readonly rowMode?: 'array' | undefined
  readonly types?: pg.CustomTypesConfig | undefined
  /** Plan it once for each connection: only for statements whose best plan is the same for every school. */
  readonly prepared?: boolean
  /** The server is not to hold its answer back until the statements after it are done. */
  readonly early?: boolean
}

/** Hears of a result, and whose it is: the number of the statement. */
export type Answered = (result: pg.QueryResult, index: number) => void

type Parser = (text: string) => unknown
interface Fields {
  readonly fields: pg.FieldDef[]
  readonly parsers: Parser[]
}

/** What a connection has of the prepared statements. A name in doubt (its batch failed) is closed before it is parsed again. */
interface Prepared {
  readonly known: Map<string, Fields | undefined>
  readonly doubtful: Set<string>
}

const preparedOn = new WeakMap<pg.Connection, Prepared>()
/** Each prepared statement holds a plan in the memory of the server's process, for as long as the connection lives. */
const MAX_PREPARED = 150

const names = new Map<string, string>()
/** A name made of the text: whoever prepared it, on whatever connection, meant the same statement. */
function nameOf(text: string): string {
  let name = names.get(text)
  if (name === undefined) {
    name = `driveflow_${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`
    names.set(text, name)
  }
  return name
}

const { utils } = pg as unknown as { utils: { prepareValue(value: unknown): string | Buffer | null } }

/**
 * Several statements in one packet and one round trip. They are one transaction: without a BEGIN, PostgreSQL commits what
 * it was sent at the Sync that ends the packet, or nothing of it.
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
 */
export class Batch implements pg.Submittable {
  /** Called once: with the first error, or with a result for each statement. */
  callback: (error: Error | null, results?: pg.QueryResult[]) => void
  readonly #answered: Answered | undefined
  readonly #statements: readonly Statement[]
  readonly #results: pg.QueryResult[] = []
  #fresh: string[] = []
  #prepared!: Prepared
  #fields: Fields | undefined
  #rows: unknown[] = []
  #failed = false
  #unreadable: Error | undefined

  /** @param answered told of each result as soon as it is there */
  constructor(statements: readonly Statement[], callback: Batch['callback'], answered?: Answered) {
    this.#statements = statements
    this.callback = callback
    this.#answered = answered
  }

  submit(connection: pg.Connection): null {
    this.#prepared = preparedOn.get(connection) ?? { known: new Map(), doubtful: new Set() }
    preparedOn.set(connection, this.#prepared)
    // pg writes each message by itself
    const stream = connection.stream as Writable
    stream.cork()
    for (const statement of this.#statements) this.#send(connection, statement)
    connection.sync()
    stream.uncork()
    return null
  }

  #send(connection: pg.Connection, { text, values = [], prepared, early }: Statement): void {
    const { known, doubtful } = this.#prepared
    const name = prepared && (known.size < MAX_PREPARED || known.has(nameOf(text))) ? nameOf(text) : ''
    if (name === '' || !known.has(name)) {
      if (doubtful.delete(name)) connection.close({ type: 'S', name }, true)
      connection.parse({ text, name, types: [] }, true)
      if (name !== '') {
        known.set(name, undefined)
        this.#fresh.push(name)
      }
    }
    connection.bind(
      { portal: '', statement: name, values: values.map((value) => utils.prepareValue(value)), binary: '' },
      true,
    )
    if (!known.get(name)) connection.describe({ type: 'P', name: '' }, true)
    connection.execute({ portal: '', rows: '' }, true)
    if (early) connection.flush()
  }

  handleRowDescription({ fields }: { fields: pg.FieldDef[] }): void {
    const { text, types = pg.types } = this.#current
    const parsers = fields.map((field) => types.getTypeParser(field.dataTypeID, 'text') as Parser)
    this.#fields = { fields, parsers }
    if (this.#current.prepared && this.#prepared.known.has(nameOf(text)))
      this.#prepared.known.set(nameOf(text), this.#fields)
  }

  handleDataRow({ fields: values }: { fields: (string | null)[] }): void {
    if (this.#unreadable) return
    try {
      const { fields, parsers } = this.#fieldsOfCurrent()
      const parsed = values.map((value, index) => (value === null ? null : parsers[index]!(value)))
      if (this.#current.rowMode === 'array') this.#rows.push(parsed)
      else this.#rows.push(Object.fromEntries(fields.map(({ name }, index) => [name, parsed[index]])))
    } catch (error) {
      this.#unreadable = error as Error
    }
  }

  handleCommandComplete({ text }: { text: string }): void {
    const [command = '', ...counts] = text.split(' ')
    const { fields } = this.#fieldsOfCurrent()
    const result = { command, rowCount: Number(counts.at(-1) ?? 0), oid: 0, fields, rows: this.#rows }
    this.#results.push(result)
    this.#fields = undefined
    this.#rows = []
    if (!this.#unreadable) this.#answered?.(result, this.#results.length - 1)
  }

  handleError(error: Error): void {
    this.#failed = true
    this.#unreadable = undefined
    // the server may have parsed it or not
    for (const name of this.#fresh) {
      this.#prepared.known.delete(name)
      this.#prepared.doubtful.add(name)
    }
    this.callback(error)
  }

  handleReadyForQuery(): void {
    if (this.#unreadable) this.callback(this.#unreadable)
    else if (!this.#failed) this.callback(null, this.#results)
  }

  get #current(): Statement {
    return this.#statements[this.#results.length]!
  }

  #fieldsOfCurrent(): Fields {
    const known = () => (this.#current.prepared ? this.#prepared.known.get(nameOf(this.#current.text)) : undefined)
    return (this.#fields ??= known() ?? { fields: [], parsers: [] })
  }
}
