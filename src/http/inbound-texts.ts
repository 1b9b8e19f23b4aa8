import { createHmac, timingSafeEqual } from 'node:crypto'
import express from 'express'
import type { Database } from '../core/db.ts'
import { answerText } from '../domain/messages/answer-text.ts'
import { Refusal } from './errors.ts'

const PATH = '/webhooks/texts'

/** What the provider of texts signs with, and the address that it was told. */
interface Provider {
  readonly appUrl: string
  readonly text?: { readonly token: string }
}

type Fields = Readonly<Record<string, unknown>>

/**
 * `POST /webhooks/texts`: what people answer to texts, as Twilio posts it (docs/messages.md). STOP and START are obeyed; whatever
 * else is written is taken and read by nobody.
 */
export function inboundTextRoutes(db: Database, { appUrl, text }: Provider): express.Router {
  const router = express.Router({ caseSensitive: true })
  router.post(PATH, express.urlencoded({ extended: false, limit: 65_536 }), async (req, res) => {
    const fields = (req.body ?? {}) as Fields
    if (!text) throw new Refusal(403, 'Texts are not accepted here: TEXT_TOKEN is not set.')
    if (!isSigned(req.get('x-twilio-signature') ?? '', { url: appUrl + PATH, fields, token: text.token }))
      throw new Refusal(403, 'The text is not signed, or its signature is wrong.')
    const from = textOf(fields.From)
    const isWhatsapp = from.startsWith('whatsapp:')
    await answerText(
      db,
      {
        channel: isWhatsapp ? 'whatsapp' : 'sms',
        from: from.replace(/^whatsapp:/, ''),
        body: textOf(fields.Body),
      },
      res.locals.requestId,
    )
    // the provider itself answers STOP, START and HELP
    res.type('text/xml').send('<?xml version="1.0" encoding="UTF-8"?><Response/>')
  })
  return router
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

interface Signed {
  readonly url: string
  readonly fields: Fields
  readonly token: string
}

/**
 * Base64 of the HMAC-SHA1 of the address and, in the order of their names, the names and values of all fields.
 * @see https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
function isSigned(given: string, { url, fields, token }: Signed): boolean {
  const names = Object.keys(fields).toSorted()
  const text = names
    .map((name) =>
      [fields[name]]
        .flat()
        .map((value) => name + textOf(value))
        .join(''),
    )
    .join('')
  const expected = createHmac('sha1', token)
    .update(url + text)
    .digest()
  const proof = Buffer.from(given, 'base64')
  return proof.length === expected.length && timingSafeEqual(proof, expected)
}
