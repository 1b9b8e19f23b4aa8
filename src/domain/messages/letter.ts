import type { Message } from '@prisma/client'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { calendarOf, inviteIn } from './invite.ts'
import { linkToken, messageIdOf } from './links.ts'
import { htmlOf, textOf, withLink } from './wording.ts'

/** The school as its messages show it, and what signs their links. */
export interface Sender {
  readonly school: string
  readonly linkKey: string
}

export async function senderOf({ tx, orgId }: UnitOfWork): Promise<Sender> {
  const { linkKey, org } = await tx.orgSettings.findFirstOrThrow({
    where: { orgId },
    select: { linkKey: true, org: { select: { name: true } } },
  })
  return { school: org.name, linkKey }
}

interface Place {
  /** The public address of the application. */
  readonly appUrl: string
  readonly fromAddress: string
}

/** An e-mail as it goes out. */
export function letterOf(message: Message, { school, linkKey }: Sender, { appUrl, fromAddress }: Place) {
  const from = { name: school, address: fromAddress }
  const to = { name: message.recipientName ?? '', address: message.toAddress }
  const unsubscribeUrl = unsubscribeUrlOf(message, { linkKey, appUrl })
  const subject = message.subject ?? ''
  const letter = { subject, body: message.body ?? '', school, unsubscribeUrl }
  const invite = inviteIn(message.invite)
  return {
    from,
    to,
    subject,
    text: textOf(letter),
    html: htmlOf(letter),
    messageId: messageIdOf(message, fromAddress),
    date: message.createdAt,
    headers: {
      // RFC 8058: one press in the mail program, without a page
      'List-Unsubscribe': `<${unsubscribeUrl}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      // RFC 3834: no absence notes in return
      'Auto-Submitted': 'auto-generated',
    },
    ...(invite
      ? {
          calendar: {
            method: invite.method,
            content: calendarOf(invite, { organizer: from, attendee: to, stampedAt: message.createdAt }),
          },
        }
      : {}),
  }
}

/** A message to a telephone as it goes out. */
export const textMessageOf = (message: Message, { linkKey }: Sender, { appUrl }: Pick<Place, 'appUrl'>) => ({
  to: message.toAddress,
  body: withLink(message.body ?? '', unsubscribeUrlOf(message, { linkKey, appUrl })),
  statusUrl: `${appUrl}/webhooks/messages/${linkToken({ orgId: message.orgId, messageId: message.id }, 'status', linkKey)}`,
})

const unsubscribeUrlOf = ({ id, orgId }: Message, { linkKey, appUrl }: { linkKey: string; appUrl: string }): string =>
  `${appUrl}/unsubscribe/${linkToken({ orgId, messageId: id }, 'unsubscribe', linkKey)}`
