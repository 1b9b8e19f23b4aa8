import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, type Page, chromium as driver } from 'playwright-core'
import { bytesOf, isScript, loadsOf } from '../../tests/support/loads.ts'

/** Opens a list in a real browser and counts what it asks the server's interface for until the last row is shown. */
export async function countApiCalls(url: string, cookie: string): Promise<number> {
  const browser = await launch()
  try {
    const context = await signedIn(browser, new URL(url).origin, cookie)
    const page = await context.newPage()
    let calls = 0
    page.on('request', (request) => {
      if (new URL(request.url()).pathname.startsWith('/admin/api/')) calls++
    })
    await page.goto(url)
    await page.locator('tbody tr').nth(24).waitFor()
    await page.waitForLoadState('networkidle')
    return calls
  } finally {
    await browser.close()
  }
}

/** What was measured of one page, once for each browser. */
interface Loads {
  readonly kB: number[]
  readonly scriptBytes: number[]
  readonly requests: number[]
  /** Until the rows, or the record, are shown. */
  readonly ms: number[]
}

interface Visits {
  readonly cookie: string
  readonly rounds: number
  /** Paths of a list with 25 rows and of a record. */
  readonly list: string
  readonly record: string
}

/** Opens the list twice and then the record, each time by its address, in browsers that know nothing at first. */
export async function measureLoads(url: string, { cookie, rounds, list, record }: Visits) {
  const browser = await launch()
  const made = () => ({ kB: [], scriptBytes: [], requests: [], ms: [] }) satisfies Loads as Loads
  const loads = { first: made(), second: made(), record: made() }
  try {
    for (let round = 0; round < rounds; round++) {
      const context = await signedIn(browser, url, cookie)
      const page = await context.newPage()
      const rows = page.locator('tbody tr').nth(24)
      await measure(page, loads.first, async () => {
        await page.goto(url + list)
        await rows.waitFor()
      })
      await measure(page, loads.second, async () => {
        await page.goto(url + list)
        await rows.waitFor()
      })
      await measure(page, loads.record, async () => {
        await page.goto(url + record)
        await page.locator('main h1').waitFor()
      })
      await context.close()
    }
    return loads
  } finally {
    await browser.close()
  }
}

async function measure(page: Page, into: Loads, open: () => Promise<void>): Promise<void> {
  const loads = await loadsOf(page)
  const began = performance.now()
  await open()
  into.ms.push(performance.now() - began)
  await page.waitForLoadState('networkidle')
  into.kB.push(bytesOf(loads) / 1000)
  into.scriptBytes.push(bytesOf(loads.filter(isScript)))
  into.requests.push(loads.filter(({ bytes }) => bytes > 0).length)
}

async function signedIn(browser: Browser, url: string, cookie: string): Promise<BrowserContext> {
  const context = await browser.newContext()
  const [name, value] = cookie.split('=') as [string, string]
  // for all of the site, not only for what is below the list
  await context.addCookies([{ name, value, url }])
  return context
}

async function launch(): Promise<Browser> {
  const own = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path))
  // a browser does not start as root inside its own sandbox; it visits nothing but this machine
  if (own) return await driver.launch({ executablePath: own, args: ['--no-sandbox'] })
  const { default: chromium } = await import('@sparticuz/chromium')
  return await driver.launch({ executablePath: await chromium.executablePath(), args: chromium.args })
}
