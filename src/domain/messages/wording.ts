import { escapeHtml } from '../../core/escape-html.ts'
import { type Placeholder, placeholdersOf } from './kinds.ts'

export type Values = Partial<Record<Placeholder, string>>

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g

/**
 * A template with its values; what has none is left out. Values are put in once: braces in somebody's name stay as they
 * are. `{{unsubscribe}}` waits until the message goes, because it is the message's own.
 */
export function filled(text: string, values: Values): string {
  return text.replace(PLACEHOLDER, (written, name: string) =>
    name === 'unsubscribe' ? written : (values[name as Placeholder] ?? ''),
  )
}

/** A subject is one line, whatever its values bring. */
export const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()

/** What a template names that there is not in its messages. */
export function unknownPlaceholders(key: string, text: string): string[] {
  const known: readonly string[] = placeholdersOf(key)
  return [...text.matchAll(PLACEHOLDER)].map(([, name]) => name!).filter((name) => !known.includes(name))
}

export interface Letter {
  readonly subject: string
  /** As it was written and filled in. */
  readonly body: string
  readonly school: string
  /** Where the person opts out. */
  readonly unsubscribeUrl: string
}

const FOOT = (school: string): string => `You get this because you take part in lessons of ${school}.`

/** The text part of an e-mail. */
export const textOf = ({ body, school, unsubscribeUrl }: Letter): string =>
  `${withLink(body, unsubscribeUrl)}\n\n-- \n${FOOT(school)}\nNo more of these: ${unsubscribeUrl}\n`

/** The body of a message that has no foot: SMS and WhatsApp. */
export const withLink = (body: string, unsubscribeUrl: string): string =>
  body.replaceAll(/\{\{\s*unsubscribe\s*\}\}/g, unsubscribeUrl)

/**
 * The HTML part: the same words, every one of them escaped. It loads nothing from anywhere, so that no reader is tracked
 * and no mail program asks before it shows it.
 */
export function htmlOf({ subject, body, school, unsubscribeUrl }: Letter): string {
  const paragraphs = withLink(body, unsubscribeUrl)
    .split(/\n{2,}/)
    .map((text) => `<p style="margin:0 0 16px">${linked(text.trim()).replaceAll('\n', '<br>')}</p>`)
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light"><title>${escapeHtml(subject)}</title></head>
<body style="margin:0;padding:24px 12px;background:#f3f5fa;color:#131a2b;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif">
<div style="max-width:560px;margin:0 auto;padding:28px;background:#ffffff;border:1px solid #d5dbe8;border-radius:10px">
<p style="margin:0 0 20px;font-weight:600;color:#2147b8">${escapeHtml(school)}</p>
${paragraphs.join('\n')}
</div>
<p style="max-width:560px;margin:16px auto 0;font-size:13px;color:#54607a">${escapeHtml(FOOT(school))}
<a href="${escapeHtml(unsubscribeUrl)}" style="color:#54607a">No more of these</a></p>
</body></html>
`
}

const ADDRESS = /(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)])/

/** Escaped, with its addresses as links. */
const linked = (text: string): string =>
  text
    .split(ADDRESS)
    .map(escapeHtml)
    .map((part, index) => (index % 2 === 1 ? `<a href="${part}" style="color:#2147b8">${part}</a>` : part))
    .join('')
