import express, { type Request, type Response } from 'express'
import type { Database } from '../core/db.ts'
import { formatInstant } from '../core/time.ts'
import { tokenHash } from '../core/token-hash.ts'
import { recordEvent } from './audit.ts'
import type { Encryption } from './encryption.ts'
import { Refusal } from './errors.ts'
import type { Identity } from './identity.ts'
import { type Html, html, page } from './page.ts'
import { passwordField } from './second-factor-page.ts'
import { SecondFactor } from './second-factor.ts'
import { type ListedSession, agentInWords, sessionsIn, sessionsOf } from './session-list.ts'
import { readForm, textIn } from './sign-in.ts'

/** `/admin/profile`: one's own second factor and sessions; `/admin/sessions`: for owners, everybody's in their school. */
export function profileRoutes(db: Database, encryption: Encryption): express.Router {
  const router = express.Router({ caseSensitive: true })
  const factor = new SecondFactor(db, encryption)

  router.get('/admin/profile', async (_req, res) => {
    const { identity } = res.locals
    const [isOn, left, sessions] = await Promise.all([
      factor.isOn(identity.userId),
      factor.recoveryCodesLeft(identity.userId),
      sessionsOf(db, identity.userId),
    ])
    res.send(profilePage(identity, { isOn, left, sessions }))
  })

  router.post('/admin/profile/end-sessions', readForm, async (req, res) => {
    const { identity } = res.locals
    const handle = textIn(req, 'session')
    await end(req, res, { handle, where: `"userId" = $1`, whose: identity.userId })
    res.redirect(303, '/admin/profile')
  })

  router.get('/admin/sessions', async (_req, res) => {
    const { identity } = res.locals
    refuseOthers(identity)
    res.send(schoolPage(identity, await sessionsIn(db, identity.orgId)))
  })

  router.post('/admin/sessions/end', readForm, async (req, res) => {
    const { identity } = res.locals
    refuseOthers(identity)
    const handle = textIn(req, 'session')
    if (!handle) throw new Refusal(400, 'Choose the session that is to end.')
    await end(req, res, { handle, where: `(sess ->> 'orgId')::uuid = $1::uuid`, whose: identity.orgId })
    res.redirect(303, '/admin/sessions')
  })

  /** Ends one session, or without a handle all but this one; each is in the audit log of its school. */
  async function end(req: Request, res: Response, of: { handle: string; where: string; whose: string }): Promise<void> {
    const { userId, role, sessionId } = res.locals.identity
    const origin = { ip: req.ip ?? '', requestId: res.locals.requestId }
    await db.asAuth(async (query) => {
      const which = of.handle ? `encode(sha256(convert_to(sid, 'UTF8')), 'hex') = $2` : 'sid <> $2'
      const { rows } = await query(
        `DELETE FROM auth.session WHERE ${of.where} AND ${which} RETURNING "userId" AS about, sess ->> 'orgId' AS "orgId"`,
        [of.whose, of.handle || sessionId],
      )
      if (of.handle && rows.length === 0) throw new Refusal(404, 'That session has ended already.')
      for (const { about, orgId } of rows as { about: string; orgId: string }[])
        await recordEvent(query, { action: 'user.sessionEnded', userId, role, orgId, about, ...origin })
    })
  }
  return router
}

function refuseOthers({ role }: Identity): void {
  if (role !== 'owner') throw new Refusal(403, 'Only an owner of the school sees who is signed in.')
}

interface Profile {
  readonly isOn: boolean
  readonly left: number
  readonly sessions: readonly ListedSession[]
}

function profilePage(identity: Identity, { isOn, left, sessions }: Profile): string {
  const body = html`<h1>${identity.fullName}</h1>
    <p class="quiet">${identity.email} · ${identity.role} at ${identity.school.name}</p>
    <h2>Second step at sign-in</h2>
    ${isOn ? secondFactorOn(left) : secondFactorOff}
    <h2>Your sessions</h2>
    ${sessionTable(sessions, { identity, action: '/admin/profile/end-sessions', named: false })}
    ${
      sessions.length > 1
        ? html`<form method="post" action="/admin/profile/end-sessions">
            <button type="submit">End all others</button>
          </form>`
        : null
    }
    ${identity.role === 'owner' ? html`<p><a href="/admin/sessions">Everybody who is signed in</a></p>` : null}
    <p><a class="button" href="/admin">Back to DriveFlow</a></p>`
  return page('Your profile', body, { wide: true })
}

const secondFactorOff = html`<p>
    Signing in asks for your password only. With a second step, a stolen password is worth nothing.
  </p>
  <p><a class="button" href="/admin/second-factor/set-up">Set it up</a></p>`

const secondFactorOn = (left: number): Html =>
  html`<p>It is on. You have ${left} recovery ${left === 1 ? 'code' : 'codes'} left.</p>
    <details>
      <summary>Make new recovery codes</summary>
      <form method="post" action="/admin/second-factor/recovery-codes">
        ${passwordField}
        <button type="submit">Make new codes</button>
      </form>
    </details>
    <p class="hint">
      A new phone? An owner of your school can reset the second step; you set it up again at the next sign-in.
    </p>`

function schoolPage(identity: Identity, sessions: readonly ListedSession[]): string {
  const body = html`<h1>Signed in to ${identity.school.name}</h1>
    ${sessionTable(sessions, { identity, action: '/admin/sessions/end', named: true })}
    <p><a class="button" href="/admin/profile">Your profile</a></p>`
  return page('Sessions', body, { wide: true })
}

interface Table {
  readonly identity: Identity
  readonly action: string
  /** Say whose session it is. */
  readonly named: boolean
}

function sessionTable(sessions: readonly ListedSession[], { identity, action, named }: Table): Html {
  const own = tokenHash(identity.sessionId)
  const time = (at: Date) => formatInstant(at, identity.school.timeZone)
  return html`<ul class="sessions">
    ${sessions.map(
      (one) =>
        html`<li>
          <div>
            ${named ? html`<strong>${one.fullName}</strong> · ` : null}${agentInWords(one.agent)}${
              one.secondFactor ? ' · second step' : null
            }
            <span class="quiet"
              >${one.ip ?? 'unknown address'} · ${named ? null : `${one.school} · `}since ${time(one.began)}, last seen
              ${time(one.seen)}</span
            >
          </div>
          ${
            one.handle === own
              ? html`<span class="quiet">this one</span>`
              : html`<form method="post" action="${action}">
                  <input type="hidden" name="session" value="${one.handle}" />
                  <button type="submit" aria-label="End the session of ${one.fullName}, ${agentInWords(one.agent)}">
                    End
                  </button>
                </form>`
          }
        </li>`,
    )}
  </ul>`
}
