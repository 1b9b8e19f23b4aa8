import pg from 'pg'
import { type Answered, Batch, type Statement } from './batch.ts'
import { type Context, currentContext, isUuid } from './context.ts'

export type { Statement } from './batch.ts'
export type Send = (statement: pg.QueryConfig) => Promise<pg.QueryResult>

/**
 * The one pool of connections. A statement leaves as `settings; statement` in one transaction and one round trip, so the
 * school is set for exactly one transaction: nothing is left behind in the pool, also behind PgBouncer's transaction
 * pooling. Without a school in the context nothing is sent.
 */
export class TenantPool extends pg.Pool {
  /** Until it turns out that another connection answers (PgBouncer before 1.21 hands on no prepared statements). */
  #prepares = true

  constructor(url: string, max: number) {
    super({ connectionString: url, max, keepAlive: true })
    // an idle connection that dies is replaced by the pool; the next statement reports what is really wrong
    this.on('error', () => {})
    // and so does one that dies between two statements of a transaction
    this.on('connect', (client) => client.on('error', () => {}))
  }

  /** Prisma's statements outside a transaction arrive here. */
  override query = (async (statement: Statement, values: unknown[]) => {
    const [result] = await this.batch(tenantSettings(currentContext()), [{ ...statement, values }])
    return result
  }) as unknown as pg.Pool['query']

  /** Prisma's transactions take their connection here: the school travels with their BEGIN. */
  override connect = (async () => {
    const settings = asText(tenantSettings(currentContext()))
    const client = await this.lease()
    const send = client.query.bind(client) as (statement: pg.QueryConfig | string) => Promise<pg.QueryResult>
    const giveBack = client.release.bind(client)
    let isOver = false
    let turn: Promise<unknown> = Promise.resolve()
    // Prisma asks for the parts of an include all at once, and a connection answers one question after the other
    const inTurn = (statement: pg.QueryConfig | string): Promise<pg.QueryResult> => {
      const answer = turn.then(() => {
        if (isOver) throw new Error('this transaction is over')
        return send(statement)
      })
      turn = answer.catch(() => {})
      return answer
    }
    client.release = (error) => {
      isOver = true
      delete (client as { query?: unknown }).query
      client.release = () => {}
      giveBack(error)
    }
    client.query = ((statement: pg.QueryConfig) => {
      const answer = inTurn(statement.text === 'BEGIN' ? `BEGIN;${settings}` : statement)
      // Prisma keeps the connection for ever when COMMIT fails, as it does when a deferred rule refuses, and when ROLLBACK
      // does, as it does when the connection is lost
      if (statement.text === 'COMMIT' || statement.text === 'ROLLBACK')
        answer.catch((error: Error) => client.release(isRefusal(error) ? false : error))
      return answer
    }) as pg.PoolClient['query']
    return client
  }) as unknown as pg.Pool['connect']

  private async lease(): Promise<pg.PoolClient> {
    return await super.connect()
  }

  /** Sends all `statements` at once, in one transaction and one round trip. @throws the first statement's error */
  async batch(settings: Settings, statements: readonly Statement[], answered?: Answered): Promise<pg.QueryResult[]> {
    const prepares = this.#prepares
    const generic = prepares && statements.every((statement) => statement.prepared)
    // a plan made once serves only statements that are prepared; all others are planned for their values
    const set = asStatement({ ...settings, ...(generic ? PLANNED_ONCE : PLANNED_EACH_TIME) })
    const all = [set, ...statements]
    try {
      const sent = prepares ? all : all.map((statement) => ({ ...statement, prepared: false }))
      return (await this.#send(sent, answered && ((result, index) => index > 0 && answered(result, index - 1)))).slice(
        1,
      )
    } catch (error) {
      if (!prepares || !isLostPreparation(error)) throw error
      // nothing of it was done: the whole batch is one transaction
      this.#prepares = false
      return await this.batch(settings, statements, answered)
    }
  }

  async #send(statements: Statement[], answered?: Answered): Promise<pg.QueryResult[]> {
    const client = await this.lease()
    let lost: Error | undefined
    try {
      return await new Promise((resolve, reject) => {
        client.query(new Batch(statements, (error, results) => (error ? reject(error) : resolve(results!)), answered))
      })
    } catch (error) {
      if (!isRefusal(error as Error)) lost = error as Error
      throw error
    } finally {
      client.release(lost)
    }
  }

  /** Several statements in one text, in one transaction unless they say otherwise. @returns a result, or a list where there are several */
  async script(settings: Settings, text: string): Promise<pg.QueryResult> {
    const client = await this.lease()
    let lost: Error | undefined
    try {
      const [, ...results] = (await client.query(`${asText(settings)};${text}`)) as unknown as pg.QueryResult[]
      // as pg answers: the result of one statement, a list for several
      return (results.length > 1 ? results : results[0]) as pg.QueryResult
    } catch (error) {
      // a BEGIN in the text would still be open
      lost = error as Error
      throw error
    } finally {
      client.release(lost)
    }
  }

  /** One transaction whose statements depend on each other's answers. Rolled back when `fn` throws. */
  async interactive<T>(settings: Settings, fn: (send: Send) => Promise<T>): Promise<T> {
    const client = await this.lease()
    let lost: Error | undefined
    try {
      await client.query(`BEGIN;${asText(settings)}`)
      const result = await fn((statement) => client.query(statement))
      const commit = await client.query('COMMIT')
      if (commit.command !== 'COMMIT') throw new Error('the transaction had failed and was rolled back')
      return result
    } catch (error) {
      await client.query('ROLLBACK').catch((reason: Error) => (lost = reason))
      throw error
    } finally {
      client.release(lost)
    }
  }
}

// what is planned once looks rows up by an index, also in a table that was small when it was planned
const PLANNED_ONCE = { plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off' }
const PLANNED_EACH_TIME = { plan_cache_mode: 'auto', enable_seqscan: 'on' }

/** A name that this connection's server does not know, or knows already: another connection of the server answered. */
const isLostPreparation = (error: unknown): boolean =>
  ['26000', '42P05'].includes(String((error as { code?: unknown }).code))

/** Settings of PostgreSQL for one transaction, by name. */
export type Settings = Readonly<Record<string, string>>

function asStatement(settings: Settings): Statement {
  const calls = Object.keys(settings).map((name, index) => `set_config('${name}',$${index + 1},true)`)
  return { text: `SELECT ${calls.join(',')}`, values: Object.values(settings), rowMode: 'array', prepared: true }
}

function asText(settings: Settings): string {
  const calls = Object.entries(settings).map(([name, value]) => `set_config('${name}',${pg.escapeLiteral(value)},true)`)
  return `SELECT ${calls.join(',')}`
}

/** An answer of PostgreSQL: the connection is as good as before. Anything else may have broken it. */
const isRefusal = (error: Error): boolean => 'severity' in error && error.severity === 'ERROR'

/** The settings that the policies and the audit trigger read, for one transaction only. @throws Error without a school */
export function tenantSettings(ctx: Context): Settings {
  if (!isUuid(ctx.orgId)) throw new Error('no tenant context: a school id is needed')
  return {
    'app.org_id': ctx.orgId,
    'app.user_id': ctx.userId ?? '',
    'app.role': ctx.role ?? '',
    'app.actor_kind': ctx.actorKind,
    'app.ip': ctx.ip ?? '',
    'app.request_id': ctx.requestId ?? '',
    'app.override': ctx.override ?? '',
  }
}
