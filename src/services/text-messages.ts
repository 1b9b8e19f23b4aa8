import { refuseInsideTransaction } from '../core/network.ts'

/** A short message to a telephone. */
export interface TextMessage {
  readonly channel: 'sms' | 'whatsapp'
  /** With its country: +61491570156. */
  readonly to: string
  readonly body: string
  /** Where the provider says later what became of it. */
  readonly statusUrl: string
}

export type TextSent =
  | { readonly outcome: 'accepted'; readonly detail: string; readonly providerId: string | null }
  | { readonly outcome: 'deferred'; readonly detail: string }
  | { readonly outcome: 'refused'; readonly detail: string; readonly badAddress?: boolean }
  | { readonly outcome: 'in_doubt'; readonly detail: string }

/** Whoever carries short messages. Never throws for what the provider does: the answer says what became of it. */
export interface TextProvider {
  /** Whether it carries messages of this channel. */
  carries(channel: TextMessage['channel']): boolean
  send(message: TextMessage): Promise<TextSent>
}

export interface TwilioSettings {
  /** https://api.twilio.com, or whatever speaks the same language. */
  readonly url: string
  readonly account: string
  readonly token: string
  readonly smsFrom?: string
  readonly whatsappFrom?: string
}

const PATIENCE_MS = 20_000
/** Numbers that cannot be reached: invalid, not a mobile, opted out at the provider (Twilio's error codes). */
const BAD_NUMBERS = [21211, 21214, 21217, 21219, 21610, 21614]

/** Twilio's Messages resource (2010-04-01), which several providers answer to. */
export function twilio({ url, account, token, smsFrom, whatsappFrom }: TwilioSettings): TextProvider {
  const endpoint = `${url.replace(/\/+$/, '')}/2010-04-01/Accounts/${encodeURIComponent(account)}/Messages.json`
  const authorization = `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`
  const from = { sms: smsFrom, whatsapp: whatsappFrom }
  const prefix = { sms: '', whatsapp: 'whatsapp:' }
  return {
    carries: (channel) => from[channel] !== undefined,
    send: async ({ channel, to, body, statusUrl }) => {
      refuseInsideTransaction('The SMS provider')
      const fields = {
        From: prefix[channel] + from[channel],
        To: prefix[channel] + to,
        Body: body,
        // providers call back over the public internet only
        ...(statusUrl.startsWith('https:') ? { StatusCallback: statusUrl } : {}),
      }
      try {
        const response = await fetch(endpoint, {
          method: 'POST',
          headers: { authorization },
          body: new URLSearchParams(fields),
          redirect: 'error',
          signal: AbortSignal.timeout(PATIENCE_MS),
        })
        return judged(response.status, await response.text())
      } catch (error) {
        return unreached(error as Error)
      }
    },
  }
}

function judged(status: number, text: string): TextSent {
  const { sid, code, message } = readAnswer(text)
  if (status < 300) return { outcome: 'accepted', detail: `${status} ${sid ?? ''}`.trim(), providerId: sid ?? null }
  const detail = `${status}${code ? ` (${code})` : ''}: ${message ?? 'no reason given'}`
  if (status === 401 || status === 403)
    return { outcome: 'deferred', detail: `The provider refuses our sign-in (TEXT_ACCOUNT, TEXT_TOKEN): ${detail}` }
  if (status === 429 || status >= 500) return { outcome: 'deferred', detail }
  return { outcome: 'refused', detail, ...(code && BAD_NUMBERS.includes(code) ? { badAddress: true } : {}) }
}

function readAnswer(text: string): { sid?: string; code?: number; message?: string } {
  try {
    const { sid, code, message } = JSON.parse(text) as Record<string, unknown>
    return {
      ...(typeof sid === 'string' ? { sid } : {}),
      ...(typeof code === 'number' ? { code } : {}),
      ...(typeof message === 'string' ? { message: message.slice(0, 500) } : {}),
    }
  } catch {
    return {}
  }
}

/** Before a connection stands nothing was sent; after that nobody knows. */
function unreached({ name, cause, message }: Error): TextSent {
  const code = (cause as { code?: string } | undefined)?.code
  const never = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']
  if (code && never.includes(code)) return { outcome: 'deferred', detail: `The provider cannot be reached (${code}).` }
  const why = name === 'TimeoutError' ? 'no answer in time' : (code ?? message)
  return { outcome: 'in_doubt', detail: `The provider broke off after it had the message (${why}).` }
}
