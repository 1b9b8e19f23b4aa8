import { PrismaPg } from '@prisma/adapter-pg'
import { ColumnTypeEnum, type ColumnType, type SqlDriverAdapter } from '@prisma/driver-adapter-utils'
import { defineConfig } from 'prisma/config'

// Lets the Prisma command line work without downloading its engine: it runs in JavaScript, through the pg adapter.
// The adapter is made for queries, so the few things the schema engine needs besides are added here.

// generate asks for an address although it opens none
const url = new URL(process.env.DATABASE_OWNER_URL ?? process.env.DATABASE_URL ?? 'postgresql://nobody@localhost/none')
process.env.DATABASE_URL ??= url.href

/** Catalogue types the adapter does not know: oid → an oid it reads alike, and the type the schema engine expects. */
const catalogueTypes: Record<number, [number, ColumnType]> = {
  18: [1042, ColumnTypeEnum.Character],
  19: [25, ColumnTypeEnum.Text],
  1002: [1009, ColumnTypeEnum.CharacterArray],
  1003: [1009, ColumnTypeEnum.TextArray],
}

interface Result {
  fields?: { dataTypeID: number }[]
}
type Adapter = SqlDriverAdapter & {
  performIO(query: unknown): Promise<Result>
  underlyingDriver(): { query(sql: string): Promise<unknown> }
  onError(error: unknown): never
}

class SchemaEngineAdapter extends PrismaPg {
  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect()
    readCatalogueTypes(adapter as unknown as Adapter)
    sendScriptsWhole(adapter as unknown as Adapter)
    return adapter
  }

  override async connectToShadowDb(): ReturnType<PrismaPg['connectToShadowDb']> {
    const main = await this.connect()
    const database = `prisma_migrate_shadow_db_${crypto.randomUUID()}`
    await main.executeScript(`CREATE DATABASE "${database}"`)
    const shadow = await new SchemaEngineAdapter(connectionTo(database)).connect()
    const end = shadow.dispose.bind(shadow)
    shadow.dispose = async () => {
      await end()
      await main.executeScript(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`)
      await main.dispose()
    }
    return shadow
  }
}

function readCatalogueTypes(adapter: Adapter): void {
  const performIO = adapter.performIO.bind(adapter)
  const queryRaw = adapter.queryRaw.bind(adapter)
  adapter.queryRaw = async (query) => {
    let oids: number[] = []
    adapter.performIO = async (statement) => {
      const result = await performIO(statement)
      // several statements in one give a list of results, without fields
      const fields = result.fields ?? []
      oids = fields.map((field) => field.dataTypeID)
      for (const field of fields) field.dataTypeID = catalogueTypes[field.dataTypeID]?.[0] ?? field.dataTypeID
      return result
    }
    const set = await queryRaw(query)
    return { ...set, columnTypes: set.columnTypes.map((type, i) => catalogueTypes[oids[i] ?? 0]?.[1] ?? type) }
  }
}

// the adapter splits at every semicolon, also inside a function's body
function sendScriptsWhole(adapter: Adapter): void {
  adapter.executeScript = async (sql) => {
    try {
      await adapter.underlyingDriver().query(sql)
    } catch (error) {
      adapter.onError(error)
    }
  }
}

function connectionTo(database: string) {
  const address = new URL(url)
  address.pathname = `/${encodeURIComponent(database)}`
  return { connectionString: address.href, max: 1, allowExitOnIdle: true }
}

releaseEngineTimer()

export default defineConfig({
  schema: 'prisma',
  migrations: { path: 'prisma/migrations' },
  experimental: { adapter: true },
  engine: 'js',
  adapter: async () => new SchemaEngineAdapter(connectionTo(decodeURIComponent(url.pathname.slice(1)))),
})

// the engine leaves a 10 s lock timer behind, which would keep a finished command waiting
function releaseEngineTimer(): void {
  const schedule = globalThis.setTimeout
  globalThis.setTimeout = ((run: () => void, ms?: number, ...args: []) => {
    const timer = schedule(run, ms, ...args)
    if (ms === 10_000) timer.unref()
    return timer
  }) as typeof setTimeout
}
