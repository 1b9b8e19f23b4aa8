import type { MessageChannel } from '@prisma/client'
import { nowOf, type Context } from '../../core/context.ts'
import { notFound } from '../../core/errors.ts'
import { inviteIn } from './invite.ts'
import { type Placeholder, placeholderWords, placeholdersOf } from './kinds.ts'
import { sampleValues } from './sample.ts'
import { filled, htmlOf, oneLine, textOf, unknownPlaceholders, withLink } from './wording.ts'

/** A message as its reader sees it. */
export interface Shown {
  readonly subject: string | null
  readonly text: string
  /** Of an e-mail. */
  readonly html: string | null
}

/** Nobody opts out by looking. */
const NO_LINK = '#opt-out'

interface Words {
  readonly channel: MessageChannel
  readonly subject: string | null
  readonly body: string
}

function shown({ channel, subject, body }: Words, school: string): Shown {
  if (channel !== 'email') return { subject: null, text: withLink(body, NO_LINK), html: null }
  const letter = { subject: subject ?? '', body, school, unsubscribeUrl: NO_LINK }
  return { subject, text: textOf(letter), html: htmlOf(letter) }
}

/** A message of the log, with what it puts into a calendar. @throws AppError NotFound */
export async function previewMessage(ctx: Context, id: string) {
  const message = await ctx.db.read(ctx, (client) =>
    client.message.findFirst({ where: { id, orgId: ctx.orgId }, include: { org: { select: { name: true } } } }),
  )
  if (!message) throw notFound('There is no such message in your school.')
  const { channel, subject, body, org, invite } = message
  const { method, startAt, place } = inviteIn(invite) ?? {}
  return {
    ...shown({ channel, subject, body: body ?? '' }, org.name),
    calendar: method ? { method, startAt, place: place ?? null } : null,
  }
}

/** A template that is being written, with an invented lesson; what it names that there is not is told beside it. */
export function previewTemplate(
  ctx: Context,
  school: { readonly name: string; readonly timeZone: string; readonly currency: string },
  { key, channel, subject, body }: Words & { readonly key: string },
) {
  const values = sampleValues(school, nowOf(ctx))
  const unknown = [...unknownPlaceholders(key, subject ?? ''), ...unknownPlaceholders(key, body)]
  return {
    ...shown({ channel, subject: oneLine(filled(subject ?? '', values)), body: filled(body, values) }, school.name),
    unknown: [...new Set(unknown)],
    known: placeholdersOf(key).map((name: Placeholder) => ({ name, means: placeholderWords[name] })),
  }
}
