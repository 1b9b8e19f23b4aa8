import { once } from 'node:events'
import { type AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'

/** A mail as the server took it. */
export interface ReceivedMail {
  readonly from: string
  readonly to: string
  /** As it came over the wire, folded lines included. */
  readonly raw: string
  /** A header, unfolded; '' when there is none. */
  header(name: string): string
  /** The decoded part of this type; '' when there is none. */
  part(type: string): string
}

/** What the server does with the next recipients and mails, first come first; then it takes everything. */
export type Fault =
  | { readonly at: 'recipient' | 'content'; readonly code: number; readonly says: string }
  /** It has read the content whole and breaks off without a word, having kept the mail or not. */
  | { readonly at: 'dies-after-content'; readonly keeps: boolean }
  | { readonly at: 'dies-before-content' }
  | { readonly at: 'slow' | 'slow-recipient'; readonly ms: number }

export interface MailServer {
  readonly url: string
  readonly received: ReceivedMail[]
  readonly faults: Fault[]
  /** Stops listening; mails that are on their way are broken off. */
  close(): Promise<void>
}

/** A real SMTP server on a free port of this machine. */
export async function startMailServer(): Promise<MailServer> {
  const received: ReceivedMail[] = []
  const faults: Fault[] = []
  const next = (...at: Fault['at'][]): Fault | undefined =>
    faults[0] && at.includes(faults[0].at) ? faults.shift() : undefined
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    closeTimeout: 100,
    onRcptTo: async (_address, session, done) => {
      const fault = next('recipient', 'dies-before-content', 'slow-recipient')
      if (fault?.at === 'slow-recipient') await pause(fault.ms)
      if (fault?.at === 'dies-before-content') return hangUp(server, session.id)
      if (fault?.at === 'recipient') return done(Object.assign(new Error(fault.says), { responseCode: fault.code }))
      done()
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', async () => {
        const { mailFrom, rcptTo } = session.envelope
        const mail = read(Buffer.concat(chunks).toString('utf8'), {
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo[0]!.address,
        })
        const fault = next('content', 'dies-after-content', 'slow')
        if (fault?.at === 'slow') await pause(fault.ms)
        if (fault?.at === 'content') return done(Object.assign(new Error(fault.says), { responseCode: fault.code }))
        if (fault?.at !== 'dies-after-content' || fault.keeps) received.push(mail)
        if (fault?.at === 'dies-after-content') return hangUp(server, session.id)
        done(null, `2.0.0 OK: queued as ${session.id}`)
      })
    },
  })
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    faults,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function hangUp(server: SMTPServer, sessionId: string): void {
  type Connection = { readonly id: string; readonly [socket: `_${string}`]: { destroy(): void } }
  for (const connection of server.connections as unknown as Set<Connection>)
    if (connection.id === sessionId) connection['_socket']?.destroy()
}

function read(raw: string, envelope: { from: string; to: string }): ReceivedMail {
  const head = raw.slice(0, raw.indexOf('\r\n\r\n')).replaceAll(/\r\n[ \t]+/g, ' ')
  return {
    ...envelope,
    raw,
    header: (name) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1] ?? '',
    part: (type) => partOf(raw, type),
  }
}

/** The first part of a type, whatever it is encoded as. */
function partOf(raw: string, type: string): string {
  const at = raw.search(new RegExp(`^Content-Type: ${type}`, 'im'))
  if (at < 0) return ''
  const begin = raw.indexOf('\r\n\r\n', at)
  const head = raw.slice(raw.lastIndexOf('\r\n--', at), begin)
  const end = raw.indexOf('\r\n--', begin)
  const body = raw.slice(begin + 4, end < 0 ? undefined : end)
  if (/Content-Transfer-Encoding: base64/i.test(head)) return Buffer.from(body, 'base64').toString('utf8')
  if (/Content-Transfer-Encoding: quoted-printable/i.test(head)) return unquoted(body)
  return body
}

const unquoted = (text: string): string =>
  Buffer.from(
    text
      .replaceAll('=\r\n', '')
      .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8')
