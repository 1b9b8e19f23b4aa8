import { randomUUID } from 'node:crypto'
import { escapeHtml } from '../core/escape-html.ts'
import type { Mail } from './mail.ts'

interface Letter {
  /** As MAIL_FROM says it: `DriveFlow <office@example.com>`. */
  readonly from: string
  readonly to: string
  readonly subject: string
  /** One paragraph each; an address becomes a link. */
  readonly paragraphs: readonly string[]
}

/** A letter of the program itself, not of a school: plain paragraphs, as text and as HTML. */
export function officeMail({ from: sender, to, subject, paragraphs }: Letter): Mail {
  const [, name = '', from = sender] = /^\s*"?([^"<]*?)"?\s*<([^>]+)>\s*$/.exec(sender) ?? []
  return {
    from: { name, address: from },
    to: { name: '', address: to },
    subject,
    text: `${paragraphs.join('\n\n')}\n`,
    html: paragraphs.map((one) => `<p>${/^https?:\/\/\S+$/.test(one) ? anchor(one) : escapeHtml(one)}</p>`).join('\n'),
    messageId: `<${randomUUID()}@${from.split('@')[1] ?? 'driveflow.invalid'}>`,
    date: new Date(),
    headers: { 'Auto-Submitted': 'auto-generated' },
  }
}

const anchor = (address: string): string => `<a href="${escapeHtml(address)}">${escapeHtml(address)}</a>`
