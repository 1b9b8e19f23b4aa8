import { escapeHtml } from '../core/escape-html.ts'
import { STYLESHEET, ICON } from './static-files.ts'

/** Text that is HTML already. Everything else is escaped when it is put into a template. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

const render = (value: unknown): string => {
  if (value instanceof Html) return value.text
  if (Array.isArray(value)) return value.map(render).join('')
  if (value === null || value === undefined || value === false) return ''
  return escapeHtml(String(value))
}

/** A template whose values are escaped; null, undefined and false leave nothing. */
export function html(strings: TemplateStringsArray, ...values: unknown[]): Html {
  return new Html(String.raw({ raw: strings }, ...values.map(render)))
}

/** A whole page outside AdminJS: sign-in, errors. It needs no script and no session. */
export function page(title: string, body: Html, { wide = false } = {}): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title} · DriveFlow</title>
        <link rel="icon" href="${ICON.url}" type="image/svg+xml" />
        <link rel="stylesheet" href="${STYLESHEET.url}" />
      </head>
      <body>
        <main class="${wide ? 'wide' : 'narrow'}">
          <p class="product"><img src="${ICON.url}" alt="" width="40" height="40" />DriveFlow</p>
          <div class="card">${body}</div>
        </main>
      </body>
    </html>`.text
}
