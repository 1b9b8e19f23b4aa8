import type { Page } from 'playwright-core'

export interface Load {
  readonly path: string
  /** The browser's word for what it is: Document, Script, Stylesheet, Fetch, … */
  readonly type: string
  /** Over the wire, with the headers of the answer; 0 from the browser's own cache. */
  readonly bytes: number
}

/** What the page loads from now on, as the browser's debugger counts it; the list grows as it does. */
export async function loadsOf(page: Page): Promise<Load[]> {
  const debug = await page.context().newCDPSession(page)
  const asked = new Map<string, { path: string; type: string }>()
  const loads: Load[] = []
  debug.on('Network.responseReceived', ({ requestId, type, response }) => {
    asked.set(requestId, { path: new URL(response.url).pathname, type })
  })
  debug.on('Network.loadingFinished', ({ requestId, encodedDataLength: bytes }) => {
    const one = asked.get(requestId)
    if (one) loads.push({ ...one, bytes })
  })
  await debug.send('Network.enable')
  return loads
}

export const bytesOf = (loads: readonly Load[]): number => loads.reduce((sum, { bytes }) => sum + bytes, 0)

export const isScript = ({ type }: Load): boolean => type === 'Script'
