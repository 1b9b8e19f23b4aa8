import { type Database, openDatabase } from '../../src/core/db.ts'
import { type TestDatabase, cloneDatabase } from './database.ts'
import { type School, type StaffRole, school } from './school.ts'
import { type Browser, TEST_PASSWORD_HASH, type TestServer, startServer } from './server.ts'

/** Two schools on one server, and whoever is asked for signed in at the first. */
export interface Office {
  readonly test: TestDatabase
  readonly harbour: School
  readonly river: School
  readonly server: TestServer
  as(role: StaffRole): Promise<Browser>
  /** The JSON of a GET. */
  get<T>(as: Browser, path: string): Promise<T & { status: number; message?: string }>
  /** The JSON of a POST of form fields. */
  post<T>(as: Browser, path: string, fields?: Record<string, string>): Promise<T & { status: number; message?: string }>
  /** Saves a form of a record. */
  edit<T>(
    as: Browser,
    model: string,
    id: string,
    fields: Record<string, string>,
  ): Promise<T & { status: number; message?: string }>
  close(): Promise<void>
}

export async function openOffice(): Promise<Office> {
  const test = await cloneDatabase()
  const options = { passwordHash: TEST_PASSWORD_HASH }
  const harbour = await school(test, { ...options, name: 'Harbour' })
  const river = await school(test, { ...options, name: 'River' })
  const db: Database = await openDatabase(test.url)
  const server: TestServer = await startServer({ db })
  const people = new Map<StaffRole, Promise<Browser>>()
  const json = async <T>(response: Response) =>
    Object.assign((await response.json()) as T & object, { status: response.status })
  const post: Office['post'] = async (as, path, fields = {}) => await json(await as.post(path, fields))
  return {
    test,
    harbour,
    river,
    server,
    as: (role) => {
      const known = people.get(role) ?? server.signIn(`${role}@${harbour.slug}.example.test`)
      people.set(role, known)
      return known
    },
    get: async (as, path) => await json(await as(path)),
    post,
    edit: async (as, model, id, fields) => await post(as, `/admin/api/resources/${model}/records/${id}/edit`, fields),
    close: async () => {
      await server.close()
      await db.close()
      await test.drop()
    },
  }
}
