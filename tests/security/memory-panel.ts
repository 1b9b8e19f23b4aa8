import AdminJSExpress from '@adminjs/express'
import { AdminJS, BaseProperty, BaseRecord, BaseResource } from 'adminjs'
import express, { type Express, type RequestHandler } from 'express'

/** What AdminJS asked of the records, in order: `delete 019…`. */
export type Calls = string[]

/** A model kept in memory, that lets AdminJS do anything: no school, no policy, no list of allowed fields. */
class MemoryResource extends BaseResource {
  readonly #model: string
  readonly #calls: Calls

  constructor(model: string, calls: Calls) {
    super({})
    this.#model = model
    this.#calls = calls
  }

  override id(): string {
    return this.#model
  }
  override databaseName(): string {
    return 'memory'
  }
  override databaseType(): string {
    return 'memory'
  }
  override properties(): BaseProperty[] {
    return ['id', 'fullName'].map((path) => new BaseProperty({ path, isId: path === 'id' }))
  }
  override property(path: string): BaseProperty | null {
    return this.properties().find((one) => one.path() === path) ?? null
  }
  override async count(): Promise<number> {
    return 1
  }
  override async find(): Promise<BaseRecord[]> {
    this.#calls.push('find')
    return [this.#record('1')]
  }
  override async findOne(id: string): Promise<BaseRecord> {
    this.#calls.push(`findOne ${id}`)
    return this.#record(id)
  }
  override async findMany(ids: (string | number)[]): Promise<BaseRecord[]> {
    return ids.map((id) => this.#record(String(id)))
  }
  override async create(params: Record<string, unknown>): Promise<Record<string, unknown>> {
    this.#calls.push('create')
    return { ...params, id: '1' }
  }
  override async update(id: string, params: Record<string, unknown>): Promise<Record<string, unknown>> {
    this.#calls.push(`update ${id}`)
    return { ...params, id }
  }
  override async delete(id: string): Promise<void> {
    this.#calls.push(`delete ${id}`)
  }

  #record(id: string): BaseRecord {
    return new BaseRecord({ id, fullName: 'Ada' }, this)
  }
}

/** AdminJS as it comes, with a model in memory; `before` stands in front of it. */
export function memoryPanel(model: string, before: RequestHandler[]): { app: Express; calls: Calls } {
  const calls: Calls = []
  process.env['ADMIN_JS_SKIP_BUNDLE'] = 'true'
  const admin = new AdminJS({ rootPath: '/admin', resources: [new MemoryResource(model, calls)] })
  const app = express()
  app.use(...(before.length > 0 ? before : ([(_req, _res, next) => next()] as RequestHandler[])))
  app.use('/admin', AdminJSExpress.buildRouter(admin))
  return { app, calls }
}
