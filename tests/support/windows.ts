import type { Browser, BrowserContext, Page } from 'playwright-core'

export interface Look {
  readonly size: { readonly width: number; readonly height: number }
  readonly theme: 'light' | 'dark'
}

export interface Visitor extends Look {
  /** Statuses of refusals that belong to the story. */
  readonly refusals: readonly number[]
  /** It has loaded nothing yet, not even the scripts. */
  readonly isNew: boolean
}

/** A browser that knows nobody: no cookies, nothing remembered. */
export interface Window {
  readonly context: BrowserContext
  readonly look: Look
  refusals: readonly number[]
  /** The page that stays: it keeps the process, which has compiled the scripts, and empties the storage. */
  readonly anchor: Page
  isNew: boolean
  isOpen: boolean
}

interface Parts {
  browser: Browser
  url: string
  /** CSS pixels; a telephone is touched. */
  isTouched: (look: Look) => boolean
  /** Told once of each window. */
  watch: (window: Pick<Window, 'context' | 'refusals'>) => void
}

/**
 * The windows of a test file. One that was left is emptied and opened again: what it keeps are only the scripts, whose
 * loading and compiling is four fifths of what a page costs.
 */
export class Windows {
  readonly #all: Window[] = []
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async open({ refusals, isNew, ...look }: Visitor): Promise<BrowserContext> {
    const left = isNew ? undefined : this.#all.find((one) => !one.isOpen && isSame(one.look, look))
    const window = left ?? (await this.#make(look))
    Object.assign(window, { refusals, isNew, isOpen: true })
    return window.context
  }

  /** What people look at now. */
  pages(): Page[] {
    return this.#all.flatMap((window) => pagesOf(window))
  }

  /** Ends every visit. */
  async empty(): Promise<void> {
    await Promise.all(this.#all.filter(({ isOpen }) => isOpen).map((window) => this.#leave(window)))
  }

  async #leave(window: Window): Promise<void> {
    const { context, anchor } = window
    if (window.isNew) {
      this.#all.splice(this.#all.indexOf(window), 1)
      return await context.close()
    }
    await Promise.all(pagesOf(window).map((page) => page.close()))
    await context.unrouteAll({ behavior: 'ignoreErrors' })
    await context.clearCookies()
    await anchor.evaluate(() => localStorage.clear())
    window.isOpen = false
  }

  async #make(look: Look): Promise<Window> {
    const { browser, url, isTouched, watch } = this.#parts
    const context = await browser.newContext({
      baseURL: url,
      viewport: look.size,
      hasTouch: isTouched(look),
      colorScheme: look.theme,
      reducedMotion: 'reduce',
      // neither the school's nor the tests' own: nothing on a screen may depend on where the reader sits
      timezoneId: 'America/Los_Angeles',
      locale: 'en-US',
    })
    const anchor = await context.newPage()
    const window: Window = { context, look, anchor, refusals: [], isNew: false, isOpen: true }
    watch(window)
    // loads nothing
    await anchor.goto('/healthz')
    this.#all.push(window)
    return window
  }
}

const pagesOf = ({ context, anchor }: Window): Page[] => context.pages().filter((page) => page !== anchor)

const isSame = (one: Look, other: Look): boolean =>
  one.size.width === other.size.width && one.size.height === other.size.height && one.theme === other.theme
