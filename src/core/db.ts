import { PrismaPg } from '@prisma/adapter-pg'
import prisma from '@prisma/client'
import type pg from 'pg'
import { type Context, runAs } from './context.ts'
import { insideTransaction } from './network.ts'
import { type Ears, listen } from './listen.ts'
import { TenantPool, tenantSettings } from './tenant-pool.ts'

/** The Prisma client as operations see it: every statement carries the school, and look-ups by id go through findFirst. */
export type Client = ReturnType<typeof prismaOn>
/** The same inside a transaction. */
export type Transaction = Omit<Client, '$connect' | '$disconnect' | '$on' | '$transaction' | '$extends'>

export interface Query {
  text: string
  values: unknown[]
  /** The best plan is the same for every school and every value: it is made once for each connection. */
  prepared?: boolean
}

const AS_AUTH = { role: 'driveflow_auth' }
const AS_WORKER = { role: 'driveflow_worker' }

/** The only way to PostgreSQL. A caller needs a context, so a statement without a school cannot be written. */
export class Database {
  readonly #pool: TenantPool
  readonly #client: Client

  constructor(pool: TenantPool) {
    this.#pool = pool
    this.#client = prismaOn(pool)
  }

  /** Reads (or one single write) by Prisma; each statement is a transaction of its own inside the school of `ctx`. */
  read<T>(ctx: Context, fn: (client: Transaction) => Promise<T>): Promise<T> {
    return runAs(ctx, () => fn(this.#client))
  }

  /** State, history, ledger, audit and events together or not at all, inside the school of `ctx`. */
  transaction<T>(ctx: Context, fn: (tx: Transaction) => Promise<T>, timeout = 15_000): Promise<T> {
    // in a burst they wait for a connection; Prisma by itself gives up after two seconds
    const patience = { timeout, maxWait: 10_000 }
    return runAs(ctx, () =>
      insideTransaction(() => this.#client.$transaction(fn as (tx: unknown) => Promise<T>, patience)),
    )
  }

  /** The panel's lists and records: independent SELECTs in the time of one round trip, rows as arrays in the order of their columns. */
  select(ctx: Context, queries: Query[]): Promise<unknown[][][]> {
    return Promise.all(this.selectEach(ctx, queries))
  }

  /** The same, each answer as soon as it is there. */
  selectEach(ctx: Context, queries: Query[]): Promise<unknown[][]>[] {
    // what is quick travels in one packet; the rest side by side where connections are free
    const together = queries.every(({ prepared }) => prepared) || this.#pool.idleCount < queries.length
    const answers = together ? this.#inOnePacket(ctx, queries) : queries.map((query) => this.#alone(ctx, query))
    // the first that fails is the one that is told
    for (const answer of answers) answer.catch(() => {})
    return answers
  }

  async #alone(ctx: Context, query: Query): Promise<unknown[][]> {
    const [rows] = await this.batch(ctx, [query])
    return rows!
  }

  #inOnePacket(ctx: Context, queries: Query[]): Promise<unknown[][]>[] {
    const answers = queries.map(() => Promise.withResolvers<unknown[][]>())
    const fail = (error: unknown) => answers.forEach(({ reject }) => reject(error))
    const statements = queries.map((query, index) => ({
      ...query,
      rowMode: 'array' as const,
      early: index < queries.length - 1,
    }))
    const send = async () =>
      await this.#pool.batch(tenantSettings(ctx), statements, ({ rows }, index) => answers[index]!.resolve(rows))
    send().catch(fail)
    return answers.map(({ promise }) => promise)
  }

  /** Statements that belong together: all or nothing, one after the other, in one round trip. Rows as arrays. */
  async batch(ctx: Context, queries: Query[]): Promise<unknown[][][]> {
    const statements = queries.map((query) => ({ ...query, rowMode: 'array' as const }))
    const results = await this.#pool.batch(tenantSettings(ctx), statements)
    return results.map((result) => result.rows as unknown as unknown[][])
  }

  /** Sign-in, sessions and throttling: one transaction as the role that may see people before their school is known. */
  asAuth<T>(fn: (query: (text: string, values?: unknown[]) => Promise<pg.QueryResult>) => Promise<T>): Promise<T> {
    return insideTransaction(() =>
      this.#pool.interactive(AS_AUTH, (send) => fn((text, values = []) => send({ text, values }))),
    )
  }

  /** One statement as the sign-in role, in one round trip. */
  async authQuery(text: string, values: unknown[] = []): Promise<pg.QueryResult> {
    const [result] = await this.#pool.batch(AS_AUTH, [{ text, values, prepared: true }])
    return result!
  }

  /** What the job queue sends: one statement with its values, or a script, as the role that looks for work in all schools. */
  async workerQuery(text: string, values: unknown[] = []): Promise<{ rows: unknown[] }> {
    if (values.length === 0) return await this.#pool.script(AS_WORKER, text)
    const [result] = await this.#pool.batch(AS_WORKER, [{ text, values }])
    return result!
  }

  /** The dispatcher: one transaction as the role that looks for work in all schools. */
  asWorker<T>(fn: (query: (text: string, values?: unknown[]) => Promise<pg.QueryResult>) => Promise<T>): Promise<T> {
    return insideTransaction(() =>
      this.#pool.interactive(AS_WORKER, (send) => fn((text, values = []) => send({ text, values }))),
    )
  }

  /** Hears what is said on a channel of the database, on a connection of its own, until it is closed. */
  async listen(channel: string, ears: Ears): Promise<{ close(): Promise<void> }> {
    return await listen(this.#pool.options.connectionString!, channel, ears)
  }

  async close(): Promise<void> {
    await this.#client.$disconnect()
    await this.#pool.end()
  }
}

/**
 * Connects as the app's login and looks whether the server is one we can work with.
 * @throws DatabaseProblem with a sentence for the operator: unreachable, too old, not migrated, wrong role or time zone
 */
export async function openDatabase(url: string, options: { max?: number } = {}): Promise<Database> {
  const pool = new TenantPool(url, options.max ?? 10)
  try {
    await inspect(pool)
    return new Database(pool)
  } catch (error) {
    await pool.end()
    throw error
  }
}

/** What an operator has to put right before the program can start. */
export class DatabaseProblem extends Error {}

async function inspect(pool: TenantPool): Promise<void> {
  const [facts] = await pool.batch({}, [{ text: SERVER_FACTS }]).catch((error: Error) => {
    throw new DatabaseProblem(
      `The database does not answer: ${error.message}. Check DATABASE_URL and that PostgreSQL runs.`,
    )
  })
  const { version, zone, bypass, member, migrated } = facts!.rows[0] as ServerFacts
  if (version < 160000) throw new DatabaseProblem(tooOld(version))
  if (!migrated || !member) throw new DatabaseProblem('The database is not migrated. Run: npm run migrate')
  if (bypass)
    throw new DatabaseProblem(
      'DATABASE_URL names a role that ignores row-level security. Use a role that is neither superuser nor BYPASSRLS.',
    )
  if (zone !== 'UTC')
    throw new DatabaseProblem(`The session's time zone is ${zone}, it must be UTC. Run: npm run migrate`)
}

/** @param version as `server_version_num` says it, 150018 for 15.18 */
export function tooOld(version: number): string {
  return `PostgreSQL ${Math.floor(version / 10000)} is too old: DriveFlow needs version 16 or newer.`
}

interface ServerFacts {
  version: number
  zone: string
  bypass: boolean
  member: boolean
  migrated: boolean
}

const SERVER_FACTS = `SELECT current_setting('server_version_num')::int AS version, current_setting('TimeZone') AS zone,
  (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) AS bypass,
  coalesce((SELECT pg_has_role(current_user, oid, 'USAGE') FROM pg_roles WHERE rolname = 'driveflow_app'), false) AS member,
  to_regclass('"Org"') IS NOT NULL AS migrated`

function prismaOn(pool: TenantPool) {
  const client = new prisma.PrismaClient({ adapter: new PrismaPg(pool), omit: { user: SIGN_IN_COLUMNS } })
  return client.$extends({
    model: {
      $allModels: {
        // Prisma merges findUnique calls of one tick into one statement, whatever context they were made in: one
        // school would get another's row. findFirst is never merged.
        findUnique<T, A>(
          this: T,
          args: prisma.Prisma.Args<T, 'findUnique'>,
        ): Promise<prisma.Prisma.Result<T, A, 'findUnique'> | null> {
          return first(this).findFirst(flattened(args))
        },
        findUniqueOrThrow<T, A>(
          this: T,
          args: prisma.Prisma.Args<T, 'findUniqueOrThrow'>,
        ): Promise<prisma.Prisma.Result<T, A, 'findUniqueOrThrow'>> {
          return first(this).findFirstOrThrow(flattened(args))
        },
      },
    },
  })
}

// the app's role may not read these columns of User
const SIGN_IN_COLUMNS = { password: true, failedLogins: true, lockedUntil: true } as const

const first = (model: unknown) =>
  prisma.Prisma.getExtensionContext(model) as unknown as Record<
    'findFirst' | 'findFirstOrThrow',
    (args: unknown) => Promise<never>
  >

/** `{ where: { orgId_number: { orgId, number } } }` is what findUnique calls `{ where: { orgId, number } }`. */
function flattened(args: { where: Record<string, unknown> }): unknown {
  const compound = ([key, value]: [string, unknown]) => key.includes('_') && typeof value === 'object' && value !== null
  const parts = Object.entries(args.where).map(([key, value]) => (compound([key, value]) ? value : { [key]: value }))
  return { ...args, where: Object.assign({}, ...parts) }
}
