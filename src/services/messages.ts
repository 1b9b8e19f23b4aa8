import type { TwilioSettings, TextProvider } from './text-messages.ts'
import { twilio } from './text-messages.ts'

export interface MessageSettings {
  /** Absent: e-mails are stored, not sent. */
  readonly smtpUrl?: string
  /** "DriveFlow <office@example.com>" */
  readonly mailFrom: string
  /** Absent: short messages are stored, not sent. */
  readonly text?: TwilioSettings
  /** The public address, for the links in messages. */
  readonly appUrl: string
}

/** What carries messages out of this process. */
export interface Carriers {
  readonly smtpUrl: string | null
  /** The address that e-mails come from; beside it stands the name of the school. */
  readonly fromAddress: string
  readonly text: TextProvider | null
  readonly appUrl: string
}

let carriers: Carriers | null = null

/** Makes the carriers known to this process. Once, at its start. */
export function connectCarriers(settings: MessageSettings): Carriers {
  carriers = carriersOf(settings)
  return carriers
}

/** @throws Error in a process that was started without them: a mistake of ours */
export function connectedCarriers(): Carriers {
  if (!carriers) throw new Error('this process was started without connectCarriers')
  return carriers
}

export const carriersOf = ({ smtpUrl, mailFrom, text, appUrl }: MessageSettings): Carriers => ({
  smtpUrl: smtpUrl ?? null,
  fromAddress: /<([^>]+)>/.exec(mailFrom)?.[1] ?? mailFrom.trim(),
  text: text ? twilio(text) : null,
  appUrl,
})
