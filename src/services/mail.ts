import { Readable } from 'node:stream'
import MailComposer from 'nodemailer/lib/mail-composer'
import { parseConnectionUrl } from 'nodemailer/lib/shared'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { refuseInsideTransaction } from '../core/network.ts'

/** An e-mail, complete: every attempt to send it makes the same bytes of it, but for the boundaries of its parts. */
export interface Mail {
  readonly from: { readonly name: string; readonly address: string }
  readonly to: { readonly name: string; readonly address: string }
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly messageId: string
  readonly date: Date
  readonly headers: Readonly<Record<string, string>>
  readonly calendar?: { readonly method: 'REQUEST' | 'CANCEL'; readonly content: string }
}

export type Sent =
  | { readonly outcome: 'accepted'; readonly detail: string; readonly providerId: string | null }
  | { readonly outcome: 'deferred'; readonly detail: string }
  | { readonly outcome: 'refused'; readonly detail: string; readonly badAddress?: boolean }
  /** The server got it and broke off before it said what it did with it. */
  | { readonly outcome: 'in_doubt'; readonly detail: string }

/** Asked when the server waits for the content, before its first byte goes; false: it must not go. */
export type HandOver = () => Promise<boolean>

const CONNECT_MS = 15_000
const SILENCE_MS = 60_000

/**
 * Gives the mail to the SMTP server of `url`. Never throws for what a server does: the answer says what became of it.
 * @returns null when `handOver` said that it must not go
 */
export async function sendMail(url: string, mail: Mail, handOver: HandOver): Promise<Sent | null> {
  refuseInsideTransaction('The mail server')
  const content = await new MailComposer(composed(mail)).compile().build()
  const progress = { handedOver: false, forbidden: false }
  try {
    const response = await transmit(url, mail, contentAfter(handOver, content, progress))
    return { outcome: 'accepted', detail: response, providerId: queueIdIn(response) }
  } catch (error) {
    if (progress.forbidden) return null
    return judged(error as SmtpError, progress.handedOver)
  }
}

const composed = ({ from, to, subject, text, html, messageId, date, headers, calendar }: Mail) => ({
  from,
  to,
  subject,
  text,
  html,
  messageId,
  date,
  headers: { ...headers },
  ...(calendar ? { icalEvent: { method: calendar.method, content: calendar.content, filename: 'lesson.ics' } } : {}),
  disableFileAccess: true,
  disableUrlAccess: true,
})

interface Progress {
  handedOver: boolean
  forbidden: boolean
}

/** The content, which is first read when the server has agreed to take it. */
function contentAfter(handOver: HandOver, content: Buffer, progress: Progress): Readable {
  return Readable.from(
    (async function* () {
      if (!(await handOver())) {
        progress.forbidden = true
        throw new Error('another worker has taken it over')
      }
      progress.handedOver = true
      yield content
    })(),
    { objectMode: false },
  )
}

/** @returns what the server said when it took it. @throws SmtpError */
async function transmit(url: string, mail: Mail, content: Readable): Promise<string> {
  const { auth, ...where } = parseConnectionUrl(url)
  const connection = new SMTPConnection({
    ...where,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
  })
  const broken = new Promise<never>((_, reject) => connection.on('error', reject))
  // whoever waits below hears of it; nobody may be waiting any more
  broken.catch(() => {})
  const step = <T>(begin: (done: (error?: Error | null, value?: T) => void) => void): Promise<T> =>
    Promise.race([
      broken,
      new Promise<T>((resolve, reject) => begin((error, value) => (error ? reject(error) : resolve(value as T)))),
    ])
  try {
    await step((done) => connection.connect(done))
    if (auth?.user) await step((done) => connection.login({ credentials: auth }, done))
    const envelope = { from: mail.from.address, to: [mail.to.address] }
    const { response } = await step<{ response?: string }>((done) => connection.send(envelope, content, done))
    connection.quit()
    return response ?? ''
  } catch (error) {
    connection.close()
    throw error
  } finally {
    content.destroy()
  }
}

interface SmtpError extends Error {
  readonly responseCode?: number
  readonly response?: string
  readonly command?: string
  readonly code?: string
}

function judged({ responseCode, response, command, message }: SmtpError, handedOver: boolean): Sent {
  const said = plain(response ?? message)
  if (responseCode === undefined || responseCode === 0 || Number.isNaN(responseCode))
    return handedOver
      ? { outcome: 'in_doubt', detail: `The mail server broke off after it had the message (${said}).` }
      : { outcome: 'deferred', detail: `The mail server cannot be reached: ${said}.` }
  if (command?.startsWith('AUTH'))
    return { outcome: 'deferred', detail: `The mail server refuses our sign-in (SMTP_URL): ${said}` }
  if (responseCode >= 500)
    return { outcome: 'refused', detail: said, ...(isBadAddress(command, said) ? { badAddress: true } : {}) }
  return { outcome: 'deferred', detail: said }
}

/** Replies by which a server says that there is no such mailbox (RFC 3463, 5.1.x), not that it dislikes the message. */
const isBadAddress = (command: string | undefined, said: string): boolean =>
  command === 'RCPT TO' && /\b5\.1\.(1|2|3|6|10)\b/.test(said)

const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().slice(0, 500)

/** "250 2.0.0 OK: queued as 4F2A" tells the number that the server's own log knows it by. */
const queueIdIn = (response: string): string | null => /\bqueued as (\S+)/i.exec(response)?.[1] ?? null
