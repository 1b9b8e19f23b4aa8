import { renderSVG } from 'uqr'
import type { TOTP } from 'otpauth'
import { Html, html, page } from './page.ts'

/** Asked for after the password. */
export function codePage({ error, returnTo }: { error?: string | undefined; returnTo: string }): string {
  const body = html`<h1>Second step</h1>
    ${problem(error)}
    <form method="post" action="/admin/second-factor">
      <input type="hidden" name="returnTo" value="${returnTo}" />
      <label for="code">Code of your authenticator app</label>
      ${codeField(error)}
      <p class="hint">If your phone is not at hand, type one of your recovery codes.</p>
      <button type="submit">Go on</button>
    </form>
    <form method="post" action="/admin/logout">
      <button class="quiet-button" type="submit">Sign in as somebody else</button>
    </form>`
  return page('Second step', body)
}

interface SetUp {
  readonly totp: TOTP
  readonly must: boolean
  /** The password was given too long ago. */
  readonly askPassword: boolean
  readonly error?: string | undefined
}

/** The QR code for the app, and its first code. */
export function setUpPage({ totp, must, askPassword, error }: SetUp): string {
  const secret = totp.secret.base32.replaceAll(/(.{4})(?=.)/g, '$1 ')
  const body = html`<h1>Set up your second step</h1>
    ${must ? html`<p class="notice" role="status">Your role needs a second step at sign-in. It takes a minute.</p>` : null}
    ${problem(error)}
    <ol class="steps">
      <li>Open an authenticator app on your phone: any of them will do.</li>
      <li>
        Scan this code.
        <div class="qr" role="img" aria-label="QR code for the authenticator app">${qrCode(totp.toString())}</div>
        <details>
          <summary>The phone cannot scan it</summary>
          <p>Type this key into the app instead: <code>${secret}</code></p>
        </details>
      </li>
      <li>Type the six digits that the app shows.</li>
    </ol>
    <form method="post" action="/admin/second-factor/set-up">
      <label for="code">Code</label>
      ${codeField(error)} ${askPassword ? passwordField : null}
      <button type="submit">Turn it on</button>
    </form>`
  return page('Second step', body)
}

/** Shown once. */
export function recoveryCodesPage(codes: readonly string[]): string {
  const body = html`<h1>Your recovery codes</h1>
    <p>
      Keep them where your phone is not: print them, or put them into a password safe. Each one lets you in once without
      the app. They are not shown again.
    </p>
    <ul class="codes">
      ${codes.map((code) => html`<li><code>${code}</code></li>`)}
    </ul>
    <p><a class="button" href="/admin">I have kept them</a></p>`
  return page('Recovery codes', body)
}

const codeField = (error: string | undefined): Html =>
  html`<input
    id="code"
    name="code"
    required
    maxlength="20"
    autocomplete="one-time-code"
    autocapitalize="characters"
    spellcheck="false"
    autofocus
    ${error ? html`aria-describedby="problem" aria-invalid="true"` : null}
  />`

export const passwordField = html`<label for="password">Your password</label>
  <input id="password" name="password" type="password" required maxlength="128" autocomplete="current-password" />`

export const problem = (error: string | undefined): Html | null =>
  error ? html`<p class="problem" id="problem" role="alert">${error}</p>` : null

/** Dark on white in both themes: cameras want it so. */
function qrCode(text: string): Html {
  return new Html(renderSVG(text, { ecc: 'M', border: 2 }))
}
