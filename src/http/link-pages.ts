import type { OpenLink } from '../domain/identity/links.ts'
import { html, page } from './page.ts'
import { problem } from './second-factor-page.ts'

/** Asks where the link is to be sent. */
export function forgotPage(error?: string): string {
  const body = html`<h1>A new password</h1>
    ${problem(error)}
    <p>Type your e-mail. If somebody signs in with it, a link to choose a new password is sent there.</p>
    <form method="post" action="/admin/forgot-password">
      <label for="email">E-mail</label>
      <input
        id="email"
        name="email"
        type="email"
        required
        maxlength="254"
        autocomplete="username"
        autocapitalize="none"
        spellcheck="false"
        autofocus
      />
      <button type="submit">Send the link</button>
    </form>
    <p><a href="/admin/login">Back to sign-in</a></p>`
  return page('New password', body)
}

/** The same for everybody, known or not. */
export function askedPage(): string {
  const body = html`<h1>Look into your mail</h1>
    <p>
      If somebody signs in with this e-mail, a link is on its way. It counts for an hour, once. Nothing there? Look
      among the junk, or try again.
    </p>
    <p><a href="/admin/login">Back to sign-in</a></p>`
  return page('New password', body)
}

interface Form {
  readonly link: OpenLink
  readonly token: string
  readonly error?: string | undefined
}

/** Chooses a password, or where there is one already, only says yes to the invitation. */
export function passwordPage({ link, token, error }: Form): string {
  const invited = link.purpose === 'invitation'
  const asks = !invited || !link.hasPassword
  const action = invited ? '/admin/invitation' : '/admin/reset-password'
  const body = html`<h1>${invited ? `Welcome to ${link.school}` : 'Choose a new password'}</h1>
    ${invited ? html`<p>${link.fullName}, you work there as ${link.role}. You sign in with ${link.email}.</p>` : html`<p>For ${link.email}.</p>`}
    ${problem(error)}
    <form method="post" action="${action}">
      <input type="hidden" name="token" value="${token}" />
      <input type="hidden" name="email" value="${link.email}" autocomplete="username" />
      ${
        asks
          ? html`<label for="password">New password</label>
              <input
                id="password"
                name="password"
                type="password"
                required
                maxlength="128"
                autocomplete="new-password"
                autofocus
                aria-describedby="advice${error ? ' problem' : ''}"
              />
              <p class="hint" id="advice">
                At least ${link.hasSecondFactor ? 8 : 15} characters. Four words that have nothing to do with each other
                are good.
              </p>
              <label for="again">The same again</label>
              <input id="again" name="again" type="password" required maxlength="128" autocomplete="new-password" />`
          : html`<p>You have a password already: it stays what it is.</p>`
      }
      <button type="submit">${invited ? 'Accept' : 'Set the password'}</button>
    </form>`
  return page(invited ? 'Invitation' : 'New password', body)
}
