import type { Message } from '@prisma/client'
import express, { type RequestHandler } from 'express'
import type { Database } from '../core/db.ts'
import type { UnitOfWork } from '../core/unit-of-work.ts'
import { messageTemplates } from '../core/vocabulary.ts'
import { maskedAddress } from '../domain/messages/address.ts'
import { isKind } from '../domain/messages/kinds.ts'
import { linkedMessage } from '../domain/messages/linked.ts'
import { readToken } from '../domain/messages/links.ts'
import { optIn, optOut } from '../domain/messages/opt-outs.ts'
import { Refusal } from './errors.ts'
import { type Html, html, page } from './page.ts'

const parseForm = express.urlencoded({ extended: false, limit: 4_096, parameterLimit: 5 })

/**
 * `/unsubscribe/<token>`: looking has no effect, because mail programs look at links by themselves; pressing has. A POST
 * without a choice is a mail program's own button (RFC 8058), in whatever form it sends that.
 */
export function unsubscribeRoutes(db: Database): express.Router {
  const router = express.Router({ caseSensitive: true })
  const ask: Answer = async (_work, message, { school }) => question(message, school)
  const change: Answer = async (work, message, { school, choice }) => {
    if (choice === 'back') {
      await optIn(work, message)
      return welcomeBack(message, school)
    }
    const templateKey = choice === 'all' ? null : message.templateKey
    await optOut(work, message, { templateKey, reason: 'asked' })
    return goodbye(message, school, templateKey)
  }
  router.get('/unsubscribe/:token', linked(db, ask))
  router.post('/unsubscribe/:token', readChoice, linked(db, change))
  return router
}

const readChoice: RequestHandler = (req, res, next) => (req.is('urlencoded') ? parseForm(req, res, next) : next())

interface Visit {
  readonly school: string
  readonly choice: unknown
}

type Answer = (work: UnitOfWork, message: Message, visit: Visit) => Promise<Html>

const NOT_OURS = 'This link is not complete, or was not made by us. Open it once more from the message itself.'

function linked(db: Database, answer: Answer): RequestHandler {
  return async (req, res) => {
    const token = String(req.params.token)
    const named = readToken(token)
    if (!named) throw new Refusal(404, NOT_OURS)
    const { orgId } = named
    const nobody = { userId: null, role: null, actorKind: 'webhook' } as const
    const ctx = { db, orgId, ...nobody, ip: req.ip ?? null, requestId: res.locals.requestId }
    const { scope } = (req.body ?? {}) as { scope?: unknown }
    // what is said has happened: it is answered once it is committed
    const body = await db.transaction(ctx, async (tx) => {
      const work = { ...ctx, tx }
      const message = await linkedMessage(work, token, 'unsubscribe')
      if (!message) throw new Refusal(404, NOT_OURS)
      const { name } = await tx.org.findFirstOrThrow({ where: { id: orgId }, select: { name: true } })
      return await answer(work, message, { school: name, choice: scope })
    })
    res.send(page('Messages', body))
  }
}

const CHANNELS = { email: 'e-mails', sms: 'text messages', whatsapp: 'WhatsApp messages' } as const

const kindOf = ({ templateKey }: Message): string =>
  isKind(templateKey) ? messageTemplates[templateKey] : 'this message'

const question = (message: Message, school: string): Html =>
  html`<h1>Which messages do you want?</h1>
    <p>${school} writes to ${maskedAddress(message.channel, message.toAddress)}. The message that you came from was:</p>
    <p><strong>${kindOf(message)}</strong></p>
    <form method="post">
      <button type="submit" name="scope" value="kind">No more of this kind</button>
      <button type="submit" name="scope" value="all">No more ${CHANNELS[message.channel]} at all</button>
    </form>
    <p class="quiet">Lessons that are booked, moved or cancelled are told by such messages too.</p>`

const goodbye = (message: Message, school: string, templateKey: string | null): Html =>
  html`<h1>That is done</h1>
    <p>
      ${maskedAddress(message.channel, message.toAddress)} gets no more
      ${templateKey === null ? CHANNELS[message.channel] : html`“${kindOf(message)}”`} from ${school}.
    </p>
    <form method="post"><button type="submit" name="scope" value="back">I want them again</button></form>`

const welcomeBack = (message: Message, school: string): Html =>
  html`<h1>Welcome back</h1>
    <p>
      ${maskedAddress(message.channel, message.toAddress)} gets the ${CHANNELS[message.channel]} of ${school} again.
    </p>`
