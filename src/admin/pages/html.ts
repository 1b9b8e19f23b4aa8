import type { CurrentAdmin } from '../current-admin.ts'
import { EXPAND } from '../metadata.ts'

/** AdminJS's page, taken apart. */
export interface Parts {
  /** What it begins with that is the same for everybody: a script, to be loaded before AdminJS's own. */
  readonly script: string
  /** The page around it. It holds marks where a request puts its own. */
  readonly template: string
}

const STATE = 'window.REDUX_STATE = '
const THEME = ';\n        window.THEME = '
const END = ';\n        window.THEME_COMPONENTS'
const BODY = /<div id="app" \/>\s*<script>[^<]*root\.render\(AdminJS\.Application\);\s*<\/script>/

const NONCE = '{{nonce}}'
const SESSION = '{{session}}'
const SCRIPT = '{{script}}'

/**
 * Separates AdminJS's data from its page, and makes the page safe to send: every script carries the answer's nonce,
 * nothing is loaded from other hosts, and a script that did not arrive is said instead of a white page.
 * @throws Error when AdminJS's page is not as it was when this was written
 */
export function takeApart(page: string): Parts {
  // line breaks inside the data are escaped by JSON, so these marks can only be AdminJS's own
  const state = page.indexOf(STATE)
  const end = page.indexOf(END, page.indexOf(THEME, state))
  const opening = page.lastIndexOf('<script>', state)
  if (opening < 0 || !(opening < state && state < end) || !BODY.test(page.slice(end)))
    throw new Error('the page of AdminJS has changed: its embedded state was not found')
  return {
    script: `${page.slice(state, end)};\n${EXPAND}`,
    template:
      withNonce(page.slice(0, opening)) +
      `<script nonce="${NONCE}" src="${SCRIPT}"></script>\n<script nonce="${NONCE}">${BEGIN}` +
      withNonce(page.slice(end).replace(BODY, START)),
  }
}

// without its data AdminJS begins with next to nothing, so that its scripts do not fail as well
const BEGIN = `(window.REDUX_STATE || (window.REDUX_STATE = { paths: { rootPath: '/admin' } })).session = ${SESSION}`

// React empties its element first. A component of ours that is missing would leave AdminJS's own screens.
const START = `<div id="app">
        <div id="not-loaded" hidden>
          <div class="state" role="alert">
            <h1>DriveFlow could not be loaded</h1>
            <p>A part of it did not arrive. Check your connection, then load the page again.</p>
            <div class="state-actions"><a class="button button-primary" href="">Load the page again</a></div>
          </div>
        </div>
        <noscript><div class="state"><h1>DriveFlow needs JavaScript</h1><p>Allow it in the browser’s settings, then load the page again.</p></div></noscript>
      </div>
      <script>
        if (REDUX_STATE.resources && window.createRoot && AdminJS.Application && AdminJS.UserComponents.Application)
          createRoot(document.getElementById('app')).render(AdminJS.Application);
        else document.getElementById('not-loaded').hidden = false;
      </script>`

const withNonce = (html: string): string =>
  html
    .replaceAll(/<link[^>]*fonts\.googleapis\.com[^>]*>/g, '')
    .replaceAll('<script', `<script nonce="${NONCE}"`)
    .replace('<html lang=en>', '<html lang="en">')

/** @returns what makes a page of it for somebody who is signed in */
export function pageFor(template: string, script: string): (nonce: string, session: CurrentAdmin) => string {
  const [before, after] = template
    .replace(SCRIPT, script)
    .split(SESSION)
    .map((part) => part.split(NONCE)) as [string[], string[]]
  // joined, not replaced: what a person is called is never looked through for marks
  return (nonce, session) => before.join(nonce) + escaped(JSON.stringify(session)) + after.join(nonce)
}

/** The data inside a script cannot end it. */
const escaped = (json: string): string =>
  json.replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
