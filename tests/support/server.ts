import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashSync } from '@node-rs/argon2'
import { pino } from 'pino'
import type { Database } from '../../src/core/db.ts'
import { root } from '../../src/core/root.ts'
import { flushNotes } from '../../src/domain/audit/note-later.ts'
import { createApp, type HttpConfig, type Panel } from '../../src/http/app.ts'
import { listen } from '../../src/http/listen.ts'

/** Everybody's password in the tests. */
export const TEST_PASSWORD = 'correct horse battery staple'
/** Its hash, at the lowest cost there is: for `school(database, { passwordHash: TEST_PASSWORD_HASH })`. */
export const TEST_PASSWORD_HASH = hashSync(TEST_PASSWORD, { memoryCost: 8, timeCost: 1 })

/** One browser: keeps its cookies, does not follow redirects, says where its requests come from. */
export interface Browser {
  (path: string, init?: RequestInit): Promise<Response>
  /** Sends a form as a page of the application does. */
  post(path: string, fields?: Record<string, string>): Promise<Response>
  readonly cookies: Map<string, string>
}

export interface TestServer {
  readonly url: string
  /** Somebody who is not signed in. */
  visit(): Browser
  /** Signs in through the form. @throws Error when that is refused */
  signIn(email: string, password?: string): Promise<Browser>
  close(): Promise<void>
}

interface Parts {
  db: Database
  config?: Partial<HttpConfig>
  /** The real one unless a test brings its own. */
  panel?: Panel
  workerSeen?: () => boolean
}

/** The whole web application on a free port of this machine. */
export async function startServer({ db, config, panel, workerSeen }: Parts): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'driveflow-web-'))
  const settings: HttpConfig = {
    appUrl: 'http://127.0.0.1',
    dataDir,
    demo: false,
    logLevel: 'silent',
    sessionSecret: 'a secret that is long enough for tests',
    // tests/http/second-factor.test.ts asks for it
    secondFactorRequired: false,
    ...config,
  }
  const app = createApp({
    db,
    config: settings,
    panel: panel ?? (await realPanel(db)),
    logger: pino({ level: settings.logLevel }),
    ...(workerSeen && { workerSeen }),
  })
  const listening = await listen(app, { host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${listening.port}`
  const visit = () => openBrowser(url)
  return {
    url,
    visit,
    signIn: async (email, password = TEST_PASSWORD) => {
      const browser = visit()
      const response = await browser.post('/admin/login', { email, password })
      if (response.status !== 303) throw new Error(`${email} could not sign in: ${await response.text()}`)
      return browser
    },
    close: async () => {
      await listening.close()
      await flushNotes(db).catch(() => {})
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function realPanel(db: Database): Promise<Panel> {
  const { createPanel } = await import('../../src/admin/panel.ts')
  // the browser's files are the same for every test: they are built once
  return await createPanel({ db, config: { dataDir: root('node_modules/.cache/driveflow-tests') } })
}

/** Somebody who is not signed in, at an application that runs elsewhere. */
export function openBrowser(url: string): Browser {
  const cookies = new Map<string, string>()
  const send = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    if (cookies.size > 0) headers.set('cookie', [...cookies].map((pair) => pair.join('=')).join('; '))
    if (!headers.has('sec-fetch-site')) headers.set('sec-fetch-site', 'same-origin')
    if (!headers.has('accept')) headers.set('accept', 'text/html,*/*;q=0.8')
    const response = await fetch(url + path, { redirect: 'manual', ...init, headers })
    for (const line of response.headers.getSetCookie()) keep(cookies, line)
    return response
  }
  const post = (path: string, fields: Record<string, string> = {}) =>
    send(path, { method: 'POST', body: new URLSearchParams(fields) })
  return Object.assign(send, { post, cookies })
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split('; ')
  const [name = '', value = ''] = pair.split(/=(.*)/s)
  const expires = attributes.find((attribute) => /^expires=/i.test(attribute))?.slice('expires='.length)
  if (expires && Date.parse(expires) <= Date.now()) cookies.delete(name)
  else cookies.set(name, value)
}
