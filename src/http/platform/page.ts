import { formatInstant } from '../../core/time.ts'
import type { Person } from '../identity.ts'
import { type Html, html, page } from '../page.ts'
import { MINUTES, type Running } from './access.ts'
import { type HomelessEvent, type ListedSchool, MOST_SCHOOLS } from './schools.ts'

export interface PlatformFacts {
  readonly person: Person
  readonly running: readonly Running[]
  readonly schools: readonly ListedSchool[]
  /** What the schools were looked for by. */
  readonly words: string
  readonly homeless: { readonly count: number; readonly newest: readonly HomelessEvent[] }
  /** What was typed into the form that was refused, by field. */
  readonly typed: Readonly<Record<string, string>>
  readonly error?: string | undefined
  readonly notice?: string | undefined
}

/** The start of somebody of the platform: in no school, until they say in which, for how long and why. */
export function platformPage(facts: PlatformFacts): string {
  const { person, running, words, schools, error, notice } = facts
  const isOperator = person.platformRole === 'operator'
  const body = html`<h1>Schools of the platform</h1>
    <p class="quiet">${person.fullName} · ${isOperator ? 'operator' : 'support'}</p>
    ${error ? html`<p class="problem" role="alert">${error}</p>` : null}
    ${notice && !error ? html`<p class="notice" role="status">${notice}</p>` : null}
    ${running.length > 0 ? insideNow(running) : null}
    <h2>Look into a school</h2>
    <form method="get" action="/admin/platform">
      <label for="q">Find a school by its name</label>
      <input id="q" name="q" value="${words}" maxlength="100" autocomplete="off" />
      <button class="quiet-button" type="submit">Find</button>
    </form>
    ${schools.length === 0 ? html`<p>No school has a name like this.</p>` : askForm(facts)}
    ${isOperator ? operatorParts(facts) : null}
    <p><a href="/admin/second-factor/set-up">Your second step</a></p>
    <form method="post" action="/admin/logout"><button class="quiet-button" type="submit">Sign out</button></form>`
  return page('Platform', body, { wide: true })
}

const insideNow = (running: readonly Running[]): Html =>
  html`<h2>You are inside</h2>
    <ul class="sessions">
      ${running.map(
        ({ id, school, timeZone, reason, endsAt }) =>
          html`<li>
            <div>
              <strong>${school}</strong>
              <span class="quiet">until ${formatInstant(endsAt, timeZone)} · ${reason}</span>
            </div>
            <form method="post" action="/admin/platform/go">
              <input type="hidden" name="access" value="${id}" />
              <button type="submit" aria-label="Go to ${school}">Go there</button>
            </form>
            <form method="post" action="/admin/platform/leave">
              <input type="hidden" name="access" value="${id}" />
              <button type="submit" aria-label="Leave ${school}">Leave</button>
            </form>
          </li>`,
      )}
    </ul>`

function askForm({ schools, words, typed }: PlatformFacts): Html {
  return html`<form method="post" action="/admin/platform/enter">
    <input type="hidden" name="q" value="${words}" />
    <label for="school">School</label>
    <select id="school" name="school" required>
      ${schools.map(({ id, name, status }) => option(id, `${name}${status === 'active' ? '' : ` (${status})`}`, typed.school))}
    </select>
    ${schools.length === MOST_SCHOOLS ? html`<p class="hint">The first ${MOST_SCHOOLS} are here. Find the others by their name.</p>` : null}
    <label for="minutes">For how long</label>
    <select id="minutes" name="minutes">
      ${MINUTES.map((minutes) => option(String(minutes), minutes < 60 ? `${minutes} minutes` : `${minutes / 60} ${minutes === 60 ? 'hour' : 'hours'}`, typed.minutes))}
    </select>
    <label for="reason">Why</label>
    <textarea id="reason" name="reason" required minlength="10" maxlength="500" rows="3">
${typed.reason ?? ''}</textarea>
    <p class="hint">
      The school sees your name, the time and the reason at once, and can end it. You read, and change nothing.
    </p>
    <button type="submit">Look inside</button>
  </form>`
}

const option = (value: string, text: string, chosen: string | undefined): Html =>
  html`<option value="${value}" ${value === chosen ? html`selected` : null}>${text}</option>`

const operatorParts = (facts: PlatformFacts): Html =>
  html`${schoolList(facts)} ${newSchool(facts)} ${homelessList(facts)}`

/** Closing and opening: each in a fold of its own, because it wants a reason. */
const schoolList = ({ schools, words }: PlatformFacts): Html =>
  html`<h2>Suspend or open again</h2>
    <ul class="sessions">
      ${schools.map(({ id, name, status, timeZone }) => {
        const isOpen = status === 'active' || status === 'trial'
        const verb = isOpen ? 'Suspend' : 'Open again'
        return html`<li>
          <details>
            <summary>${name} <span class="quiet">${status} · ${timeZone}</span></summary>
            ${
              status === 'closed'
                ? html`<p class="quiet">It is closed for good.</p>`
                : html`<form method="post" action="/admin/platform/${isOpen ? 'suspend' : 'reopen'}">
                    <input type="hidden" name="school" value="${id}" />
                    <input type="hidden" name="q" value="${words}" />
                    <label for="why-${id}">Reason</label>
                    <input id="why-${id}" name="reason" required minlength="3" maxlength="500" autocomplete="off" />
                    <p class="quiet">
                      ${
                        isOpen
                          ? 'Nobody signs in any more, nothing is sent and nothing runs by itself. All data stays.'
                          : 'Its people can sign in again, and what waited goes on.'
                      }
                    </p>
                    <button type="submit">${verb} ${name}</button>
                  </form>`
            }
          </details>
        </li>`
      })}
    </ul>`

const ZONES = [
  'Australia/Sydney',
  'Australia/Melbourne',
  'Australia/Brisbane',
  'Australia/Adelaide',
  'Australia/Darwin',
  'Australia/Perth',
  'Australia/Hobart',
  'Pacific/Auckland',
] as const

const newSchool = ({ typed }: PlatformFacts): Html =>
  html`<h2>A school joins</h2>
    <details ${typed.name === undefined ? null : html`open`}>
      <summary>Create a school and invite its first owner</summary>
      <form method="post" action="/admin/platform/create">
        <label for="name">Name of the school</label>
        <input
          id="name"
          name="name"
          required
          minlength="2"
          maxlength="200"
          value="${typed.name ?? ''}"
          autocomplete="off"
        />
        <label for="abn">ABN</label>
        <input id="abn" name="abn" inputmode="numeric" maxlength="14" value="${typed.abn ?? ''}" autocomplete="off" />
        <label for="timeZone">Time zone</label>
        <select id="timeZone" name="timeZone">
          ${ZONES.map((zone) => option(zone, zone.replace('_', ' '), typed.timeZone))}
        </select>
        <label for="ownerName">First owner</label>
        <input
          id="ownerName"
          name="ownerName"
          required
          maxlength="200"
          value="${typed.ownerName ?? ''}"
          autocomplete="off"
        />
        <label for="ownerEmail">Their e-mail</label>
        <input
          id="ownerEmail"
          name="ownerEmail"
          type="email"
          required
          maxlength="254"
          value="${typed.ownerEmail ?? ''}"
          autocomplete="off"
        />
        <button type="submit">Create the school</button>
      </form>
    </details>`

const homelessList = ({ homeless: { count, newest } }: PlatformFacts): Html =>
  html`<h2>Webhook events of no school</h2>
    ${
      count === 0
        ? html`<p class="quiet">There are none.</p>`
        : html`<p class="quiet">They are decided with npm run webhooks:quarantine, on the server.</p>`
    }
    ${count > newest.length ? html`<p class="quiet">${count > 1000 ? 'More than 1000' : count}; the newest are shown.</p>` : null}
    <ul class="sessions">
      ${newest.map(
        ({ provider, type, account, status, problem, at }) =>
          html`<li>
            <div>
              <strong>${type}</strong> · ${status}
              <span class="quiet">
                ${provider}${account ? ` · ${account}` : null} · ${at.toISOString().slice(0, 16).replace('T', ' ')} UTC
                ${problem ? html`<br />${problem}` : null}
              </span>
            </div>
          </li>`,
      )}
    </ul>`
