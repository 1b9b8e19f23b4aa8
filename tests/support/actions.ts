import { randomUUID } from 'node:crypto'
import type { Browser } from './server.ts'

export { type Office as Desk, openOffice as openDesk } from './records.ts'

/** What the server says to a form that is tried or sent. */
export interface Answer {
  readonly state: 'preview' | 'invalid' | 'refused' | 'stale' | 'password' | 'done' | 'waiting' | 'running'
  readonly message: string
  readonly errors: Readonly<Record<string, string>>
  readonly reasons: readonly { id: string; title: string; sentence: string }[]
  /** How many refuse, and how many do not. */
  readonly refused: number
  readonly left: number
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
