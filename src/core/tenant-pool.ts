import type { Socket } from 'node:net'
import pg from 'pg'
import { type Context, currentContext, isUuid } from './context.ts'

export type Statement = pg.QueryConfig & { rowMode?: 'array' }
export type Send = (statement: Statement) => Promise<pg.QueryResult>

/**
 * The one pool of connections. A statement leaves as `BEGIN; settings; statement; COMMIT` in one round trip (a pipelined
 * connection), so the school is set for exactly one transaction: nothing is left behind in the pool, also behind
 * PgBouncer's transaction pooling. Without a school in the context nothing is sent.
 */
export class TenantPool extends pg.Pool {
  constructor(url: string, max: number) {
    // `pipeline` is not yet in the published types of pg
    super({ connectionString: url, max, pipeline: true, keepAlive: true })
    // an idle connection that dies is replaced by the pool; the next statement reports what is really wrong
    this.on('error', () => {})
  }

  /** Prisma's statements outside a transaction arrive here. */
  override query = (async (statement: Statement, values: unknown[]) => {
    const [result] = await this.pipelined(tenantSettings(currentContext()), [{ ...statement, values }])
    return result
  }) as unknown as pg.Pool['query']

  /** Prisma's transactions take their connection here: the school travels with their BEGIN. */
  override connect = (async () => {
    const settings = tenantSettings(currentContext())
    const client = await this.lease()
    const send = client.query.bind(client) as (statement: Statement | string) => Promise<pg.QueryResult>
    const giveBack = client.release.bind(client)
    client.release = (error) => {
      delete (client as { query?: unknown }).query
      client.release = () => {}
      giveBack(error)
    }
    client.query = ((statement: Statement) => {
      const answer = send(statement.text === 'BEGIN' ? `BEGIN;${settings}` : statement)
      // Prisma keeps the connection for ever when COMMIT fails, as it does when a deferred rule refuses
      if (statement.text === 'COMMIT') answer.catch((error: Error) => client.release(isRefusal(error) ? false : error))
      return answer
    }) as pg.PoolClient['query']
    return client
  }) as unknown as pg.Pool['connect']

  private async lease(): Promise<pg.PoolClient> {
    return await super.connect()
  }

  /** Sends all `statements` at once, in one transaction and one round trip. @throws the first statement's error */
  async pipelined(settings: string, statements: Statement[]): Promise<pg.QueryResult[]> {
    const client = await this.lease()
    let lost: Error | undefined
    // the statements leave as one packet: pg writes each message by itself
    const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
    stream.cork()
    try {
      const sent = [
        client.query(`BEGIN;${settings}`),
        ...statements.map((s) => client.query(s)),
        client.query('COMMIT'),
      ]
      stream.uncork()
      const answers = await Promise.allSettled(sent)
      const failed = answers.find((answer) => answer.status === 'rejected')
      if (failed) {
        if (!isRefusal(failed.reason)) lost = failed.reason
        throw failed.reason
      }
      return answers.slice(1, -1).map((answer) => (answer as PromiseFulfilledResult<pg.QueryResult>).value)
    } finally {
      client.release(lost)
    }
  }

  /** One transaction whose statements depend on each other's answers. Rolled back when `fn` throws. */
  async interactive<T>(settings: string, fn: (send: Send) => Promise<T>): Promise<T> {
    const client = await this.lease()
    let lost: Error | undefined
    try {
      // not awaited: the first statement of `fn` shares its round trip, and fails with it
      client.query(`BEGIN;${settings}`).catch(() => {})
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

/** An answer of PostgreSQL: the connection is as good as before. Anything else may have broken it. */
const isRefusal = (error: Error): boolean => 'severity' in error && error.severity === 'ERROR'

/** The settings that the policies and the audit trigger read, for one transaction only. @throws Error without a school */
export function tenantSettings(ctx: Context): string {
  if (!isUuid(ctx.orgId)) throw new Error('no tenant context: a school id is needed')
  const settings = {
    'app.org_id': ctx.orgId,
    'app.user_id': ctx.userId,
    'app.role': ctx.role,
    'app.actor_kind': ctx.actorKind,
    'app.ip': ctx.ip,
    'app.request_id': ctx.requestId,
    'app.override': ctx.override,
  }
  const calls = Object.entries(settings).map(
    ([name, value]) => `set_config('${name}',${pg.escapeLiteral(value ?? '')},true)`,
  )
  return `SELECT ${calls.join(',')}`
}
