import { readFileSync } from 'node:fs'
import { type BrowserContext, type Page, chromium } from 'playwright-core'
import { TestRunner, expect } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { root } from '../../src/core/root.ts'
import type { HttpConfig } from '../../src/http/app.ts'
import { findChromium } from './chromium.ts'
import { type TestDatabase, cloneDatabase } from './database.ts'
import { TEST_PASSWORD, type TestServer, startServer } from './server.ts'
import { type Window, Windows } from './windows.ts'

export type { Locator, Page } from 'playwright-core'

/** The screens on which everything has to work, in CSS pixels. */
export const DESK = { width: 1360, height: 900 }
export const PHONE = { width: 390, height: 844 }

/** How long a fact may take on a machine that is busy with other tests. */
const PATIENCE_MS = 15_000

const FLAGS = [
  // a browser does not start as root inside its own sandbox; it visits nothing but this machine
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // the pages of a window share what they have compiled
  '--process-per-site',
]

interface Visit {
  /** E-mail of who is signed in already; nobody when left out. */
  as?: string
  path?: string
  size?: { width: number; height: number }
  theme?: 'light' | 'dark'
  /** Statuses of refusals that belong to the story. Any other answer from 400 up fails the test. */
  refusals?: number[]
  /** In a window of its own that has loaded nothing yet and is thrown away; for what changes a window itself. */
  isNew?: boolean
}

/** The application on a database of its own, in a real browser. */
export interface BackOffice {
  readonly database: TestDatabase
  readonly server: TestServer
  /** Opens a window of a browser that knows nothing yet: no cookies, nothing remembered. */
  visit(how?: Visit): Promise<Page>
  /** Closes the windows. @throws when one of them had a problem that its reader may not have seen */
  endVisits(): Promise<void>
  close(): Promise<void>
}

/** One browser for a test file; call `endVisits` after each test and `close` after all. */
export async function openBackOffice(config: Partial<HttpConfig> = {}): Promise<BackOffice> {
  const database = await cloneDatabase()
  const db: Database = await openDatabase(database.url)
  const server = await startServer({ db, config })
  const browser = await chromium.launch({
    ...(await findChromium()),
    args: FLAGS,
    // where no language is set Chromium writes the names of files in ASCII
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    // people's browsers have it, and it is what could show a page again after signing out
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
  const problems: string[] = []
  const windows = new Windows({
    browser,
    url: server.url,
    isTouched: ({ size }) => size === PHONE,
    watch: (window) => {
      window.context.setDefaultTimeout(PATIENCE_MS)
      watch(window, { host: new URL(server.url).host, problems })
    },
  })
  return {
    database,
    server,
    visit: async ({ as, path = '/admin', size = DESK, theme = 'light', refusals = [], isNew = false } = {}) => {
      const context = await windows.open({ size, theme, refusals, isNew })
      if (as) await signInQuietly(context, as)
      const page = await context.newPage()
      await page.goto(path)
      return page
    },
    endVisits: async () => {
      if (TestRunner.getCurrentTest()?.result?.state === 'fail')
        for (const page of windows.pages()) console.error(await shown(page))
      await windows.empty()
      expect(problems.splice(0)).toEqual([])
    },
    close: async () => {
      await browser.close()
      await server.close()
      await db.close()
      await database.drop()
    },
  }
}

/** Signs in through the form. */
export async function signIn(page: Page, email: string, password = TEST_PASSWORD): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Waits until something is as it should be: `await soon(() => page.url()).toContain('page=2')`. */
export const soon = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: PATIENCE_MS, interval: 25 })

/** What the page asks the server's interface from now on; the list grows as it does. */
export function apiCalls(page: Page): string[] {
  const calls: string[] = []
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url())
    if (pathname.startsWith('/admin/api/')) calls.push(`${request.method()} ${pathname}${search}`)
  })
  return calls
}

/** What keeps people with assistive technology out of the page as it is now: axe's findings that are serious or worse. */
export async function barriers(page: Page): Promise<string[]> {
  // through the debugger, which the content security policy does not bind
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe())
  return await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: Axe }
    const { violations } = await axe.run(document, { resultTypes: ['violations'] })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`))
  })
}

interface Axe {
  run(
    where: Document,
    options: object,
  ): Promise<{ violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[] }>
}

const axe = (): string => readFileSync(root('node_modules/axe-core/axe.min.js'), 'utf8')

/** What the reader of a failed test would have seen. */
async function shown(page: Page): Promise<string> {
  if (page.isClosed()) return 'The page was closed.'
  const text = await page.locator('body').innerText({ timeout: 2_000 })
  const focused = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200))
  return `${page.url()} showed:\n${text}\nwith the focus on ${focused}`
}

async function signInQuietly(context: BrowserContext, email: string): Promise<void> {
  const answer = await context.request.post('/admin/login', {
    form: { email, password: TEST_PASSWORD },
    maxRedirects: 0,
  })
  if (answer.status() !== 303) throw new Error(`${email} could not sign in: ${await answer.text()}`)
}

type Watched = Pick<Window, 'context' | 'refusals'>

/** Notes whatever goes wrong without anybody looking. */
function watch(window: Watched, { host, problems }: { host: string; problems: string[] }): void {
  const { context } = window
  context.on('request', (request) => {
    const { protocol, host: other } = new URL(request.url())
    if (protocol !== 'data:' && protocol !== 'blob:' && other !== host) problems.push(`asked ${request.url()}`)
  })
  context.on('response', (response) => {
    if (response.status() >= 400 && !window.refusals.includes(response.status()))
      problems.push(`${response.status()} from ${response.request().method()} ${response.url()}`)
  })
  context.on('requestfailed', (request) => {
    const { errorText } = request.failure()!
    // the page itself abandons a request whose answer nobody waits for any more
    if (errorText !== 'net::ERR_ABORTED') problems.push(`${errorText} from ${request.url()}`)
  })
  context.on('console', (message) => {
    // refused requests are noted above
    const isRefusal = message.text().startsWith('Failed to load resource: the server responded')
    if (message.type() === 'error' && !isRefusal) problems.push(`console: ${message.text()}`)
  })
  context.on('weberror', (error) => problems.push(`page: ${error.error().stack}`))
}
