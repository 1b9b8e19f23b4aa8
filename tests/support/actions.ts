import { randomUUID } from 'node:crypto'
import { openDatabase } from '../../src/core/db.ts'
import { type School, type StaffRole, type TestDatabase, cloneDatabase, school } from './database.ts'
import { type Browser, TEST_PASSWORD_HASH, startServer } from './server.ts'

/** What the server says to a form that is tried or sent. */
export interface Answer {
  readonly state: 'preview' | 'invalid' | 'refused' | 'stale' | 'password' | 'done' | 'waiting' | 'running'
  readonly message: string
  readonly errors: Readonly<Record<string, string>>
  readonly reasons: readonly { id: string; title: string; sentence: string }[]
  readonly open: { model: string; id: string } | null
  readonly run: string
  readonly preview: Shown
}

export interface Shown {
  readonly question: string
  readonly changes: readonly {
    singular: string
    title: string
    kind: string
    fields: readonly { label: string; before: string | null; after: string | null }[]
  }[]
  readonly more: number
  readonly tried: { of: number; first: number } | null
  readonly money: readonly { label: string; amount: string }[]
  readonly messages: readonly string[]
  readonly hash: string
}

export interface Form {
  readonly label: string
  readonly title: string
  readonly fields: readonly { name: string; label: string; isRequired: boolean; custom: Record<string, unknown> }[]
  readonly needsPassword: boolean
  readonly refused: string | null
  readonly long: boolean
}

type Fields = Readonly<Record<string, unknown>>

export const recordAction = (model: string, id: string, name: string): string =>
  `/admin/api/resources/${model}/records/${id}/${name}`
export const bulkAction = (model: string, ids: readonly string[], name: string): string =>
  `/admin/api/resources/${model}/bulk/${name}?recordIds=${ids.join(',')}`
export const resourceAction = (model: string, name: string): string => `/admin/api/resources/${model}/actions/${name}`

/** Sends JSON as the form of an action does. */
export async function send(browser: Browser, path: string, body: object): Promise<{ status: number; answer: Answer }> {
  const response = await browser(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  })
  const { answer, message } = (await response.json()) as { answer: Answer; message: string }
  return { status: response.status, answer: answer ?? ({ message } as Answer) }
}

/** Opens a form. */
export async function open(browser: Browser, path: string): Promise<Form> {
  const response = await browser(path, { headers: { accept: 'application/json' } })
  return ((await response.json()) as { form: Form }).form
}

export const preview = async (browser: Browser, path: string, input: Fields = {}): Promise<Answer> =>
  (await send(browser, path, { preview: true, key: randomUUID(), input })).answer

/** Looks at what would happen, and confirms exactly that. */
export async function confirmed(browser: Browser, path: string, input: Fields = {}): Promise<Answer> {
  const shown = await preview(browser, path, input)
  if (shown.state !== 'preview') return shown
  return (await send(browser, path, { key: randomUUID(), hash: shown.preview.hash, input })).answer
}

/** A school with the real actions, its web application, and its people at their desks. */
export interface Desk {
  readonly harbour: School
  readonly test: TestDatabase
  as(role: StaffRole): Promise<Browser>
  close(): Promise<void>
}

export async function openDesk(): Promise<Desk> {
  const test = await cloneDatabase()
  const harbour = await school(test, { name: 'Harbour', passwordHash: TEST_PASSWORD_HASH })
  const db = await openDatabase(test.url)
  const server = await startServer({ db })
  const signedIn = new Map<StaffRole, Promise<Browser>>()
  const as = (role: StaffRole) => {
    const browser = signedIn.get(role) ?? server.signIn(`${role}@${harbour.slug}.example.test`)
    signedIn.set(role, browser)
    return browser
  }
  const close = async () => {
    await server.close()
    await db.close()
    await test.drop()
  }
  return { harbour, test, as, close }
}
