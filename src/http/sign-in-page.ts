import { join, relative } from 'node:path'
import { type Html, html, page } from './page.ts'

/** What the form shows again, and what is said about the attempt. */
export interface SignInForm {
  email?: string
  returnTo: string
  /** Why the attempt failed. */
  error?: string
  /** Why the person is here at all. */
  notice?: string | undefined
}

/** @param demoDirectory where the demo's sign-ins are kept; null outside the demo */
export function signInPage({ email = '', returnTo, error, notice }: SignInForm, demoDirectory: string | null): string {
  const described = error ? html`aria-describedby="problem" aria-invalid="true"` : null
  const body = html`<h1>Sign in</h1>
    ${notice && !error ? html`<p class="notice" role="status">${notice}</p>` : null}
    ${error ? html`<p class="problem" id="problem" role="alert">${error}</p>` : null}
    <form method="post" action="/admin/login">
      <input type="hidden" name="returnTo" value="${returnTo}" />
      <label for="email">E-mail</label>
      <input
        id="email"
        name="email"
        type="email"
        value="${email}"
        required
        maxlength="254"
        autocomplete="username"
        autocapitalize="none"
        spellcheck="false"
        ${email ? null : html`autofocus`}
        ${described}
      />
      <label for="password">Password</label>
      <input
        id="password"
        name="password"
        type="password"
        required
        maxlength="128"
        autocomplete="current-password"
        ${email ? html`autofocus` : null}
        ${described}
      />
      <button type="submit">Sign in</button>
    </form>
    <p class="hint"><a href="/admin/forgot-password">Forgot your password?</a></p>
    ${demoDirectory === null ? null : demoHint(demoDirectory)}`
  return page('Sign in', body)
}

/** Asked of somebody who followed an address to sign out: only the button has an effect. */
export function signOutPage(): string {
  const body = html`<h1>Sign out?</h1>
    <form method="post" action="/admin/logout"><button type="submit">Sign out</button></form>
    <p><a href="/admin">Stay signed in</a></p>`
  return page('Sign out', body)
}

function demoHint(directory: string): Html {
  const file = join(directory, 'demo-logins.json')
  const near = relative(process.cwd(), file)
  return html`<p class="hint">
    This is the demo. Its schools, people and their password are in
    <code>${near.startsWith('..') ? file : near}</code> on the computer that runs it.
  </p>`
}
