import { useSyncExternalStore } from 'react'

/** A request that did not succeed, with a sentence for the reader. `status` 0: the server was not reached. */
export class ApiError extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const sentences: Record<number, string> = {
  0: 'The server cannot be reached. Check the connection and try again.',
  401: 'You have been signed out.',
  403: 'Your role does not allow this.',
  404: 'This does not exist, or not in this school.',
  413: 'This is too large to send.',
  429: 'Too many requests. Wait a moment and try again.',
}

/** GET of a panel address (below `/admin/api`). @throws ApiError */
export const getJson = <T>(path: string, signal?: AbortSignal): Promise<T> => request<T>(path, signal ? { signal } : {})

/** POST of form fields; null clears a field. @throws ApiError */
export function postForm<T>(path: string, fields: Record<string, unknown>): Promise<T> {
  const body = new FormData()
  for (const [key, value] of Object.entries(fields)) body.set(key, formValue(value))
  return request<T>(path, { method: 'POST', body })
}

/** POST of JSON, for what is no form of a record. @throws ApiError */
export function postJson<T>(path: string, body: object, signal?: AbortSignal): Promise<T> {
  const headers = { 'Content-Type': 'application/json' }
  return request<T>(path, { method: 'POST', body: JSON.stringify(body), headers, ...(signal ? { signal } : {}) })
}

/** POST of a file as it is. @throws ApiError */
export const postFile = <T>(path: string, file: File): Promise<T> =>
  request<T>(path, { method: 'POST', body: file, headers: { 'Content-Type': 'text/csv' } })

/** Has the browser keep the file that the address answers with. @returns its name. @throws ApiError */
export async function download(path: string, method: 'GET' | 'POST'): Promise<string> {
  const response = await send(path, { method })
  if (!response.ok) await refuse(response)
  const name = nameOfFile(response.headers.get('Content-Disposition') ?? '')
  const address = URL.createObjectURL(await response.blob().catch(() => Promise.reject(interrupted())))
  const link = Object.assign(document.createElement('a'), { href: address, download: name })
  link.click()
  // the browser reads it after the press
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
  return name
}

const interrupted = (): ApiError => new ApiError(0, 'The file did not arrive whole. Try again.')

function nameOfFile(disposition: string): string {
  const encoded = /filename\*=UTF-8''([^;]+)/.exec(disposition)?.[1]
  return encoded ? decodeURIComponent(encoded) : (/filename="?([^";]+)/.exec(disposition)?.[1] ?? 'export.csv')
}

// how AdminJS's server tells an emptied field from the text "null"
const formValue = (value: unknown): string => (value === null || value === '' ? '__FORM_VALUE_NULL__' : String(value))

type Init = RequestInit & { headers?: Record<string, string> }

async function request<T>(path: string, init: Init): Promise<T> {
  const response = await send(path, init)
  const body = response.ok ? await response.json().catch(() => null) : null
  if (body === null) await refuse(response)
  signedOut.set(false)
  return body as T
}

async function refuse(response: Response): Promise<never> {
  const { status } = response
  const body = await response.json().catch(() => null)
  signedOut.set(status === 401)
  throw new ApiError(status, messageOf(body) ?? sentences[status] ?? 'Something went wrong. Try again.')
}

async function send(path: string, init: Init): Promise<Response> {
  const headers = new Headers(init.headers)
  headers.set('Accept', 'application/json')
  try {
    return await fetch(apiRoot() + path, {
      ...init,
      headers,
      credentials: 'same-origin',
    })
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw new ApiError(0, sentences[0] ?? '')
  }
}

function apiRoot(): string {
  const { REDUX_STATE } = window as unknown as { REDUX_STATE: { paths: { rootPath: string } } }
  return `${REDUX_STATE.paths.rootPath.replace(/\/$/, '')}/api`
}

function messageOf(body: unknown): string | null {
  const message = (body as { message?: unknown } | null)?.message
  return typeof message === 'string' && message !== '' ? message : null
}

/** Whether the last answer said that nobody is signed in; the shell then offers to sign in again. */
export const useSignedOut = (): boolean => useSyncExternalStore(signedOut.subscribe, signedOut.get)

const listeners = new Set<() => void>()
let isSignedOut = false

const signedOut = {
  get: () => isSignedOut,
  set: (value: boolean) => {
    if (value === isSignedOut) return
    isSignedOut = value
    for (const listener of listeners) listener()
  },
  subscribe: (listener: () => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}
