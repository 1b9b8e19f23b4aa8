import type { RequestHandler } from 'express'
import { EXPAND } from './metadata.ts'

/**
 * Makes the page that AdminJS renders safe to send: the data inside its scripts cannot end them, every inline script
 * carries the answer's nonce, nothing is loaded from other hosts, and assets are asked for by their versioned names.
 */
export function safePages(rewritePage: (html: string) => string): RequestHandler {
  return (_req, res, next) => {
    const send = res.send.bind(res)
    res.send = (body: unknown) => {
      if (typeof body !== 'string' || !body.includes(STATE)) return send(body)
      res.set('Cache-Control', 'no-store')
      return send(rewritePage(safePage(body, res.locals.nonce)))
    }
    next()
  }
}

const STATE = 'window.REDUX_STATE = '
const THEME = ';\n        window.THEME = '
const END = ';\n        window.THEME_COMPONENTS'

export function safePage(page: string, nonce: string): string {
  const state = page.indexOf(STATE) + STATE.length
  // line breaks inside the data are escaped by JSON, so these marks can only be AdminJS's own
  const theme = page.indexOf(THEME, state)
  const end = page.indexOf(END, theme)
  if (theme < 0 || end < 0) throw new Error('the page of AdminJS has changed: its embedded state was not found')
  const data = escaped(page.slice(state, theme)) + THEME + escaped(page.slice(theme + THEME.length, end))
  return `${withNonce(page.slice(0, state), nonce)}${data};${EXPAND}${withNonce(page.slice(end), nonce)}`
}

const escaped = (json: string): string =>
  json.replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')

const withNonce = (html: string, nonce: string): string =>
  html
    .replaceAll(/<link[^>]*fonts\.googleapis\.com[^>]*>/g, '')
    .replaceAll('<script', `<script nonce="${nonce}"`)
    .replace('<html lang=en>', '<html lang="en">')
