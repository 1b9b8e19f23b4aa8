import type { MessageTemplate } from '@prisma/client'
import { nowOf } from '../../core/context.ts'
import { invalid } from '../../core/errors.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { canonicalAddress } from './address.ts'
import { schoolOf } from './compose.ts'
import { sampleInvite, sampleValues } from './sample.ts'
import { filled, oneLine } from './wording.ts'

/**
 * Writes a message by the template as it is saved, about an invented lesson, to the person who wants to see it.
 * @param to another address than their own
 * @throws AppError Invalid when there is no address to send it to
 */
export async function writeTest(
  work: UnitOfWork,
  { id: templateId, key: templateKey, channel, subject, body }: MessageTemplate,
  { to, key }: { to: string | undefined; key: string },
): Promise<{ id: string; toAddress: string }> {
  const { tx, orgId, userId } = work
  const now = nowOf(work)
  const me = userId ? await tx.user.findFirst({ where: { id: userId } }) : null
  const toAddress = canonicalAddress(channel, to ?? (channel === 'email' ? me?.email : me?.phone))
  if (!toAddress)
    throw invalid(
      channel === 'email'
        ? 'Write an e-mail address, like name@example.com.'
        : 'Write a mobile number, like 0491 570 156.',
      'to',
    )
  const school = await schoolOf(work)
  const values = { ...sampleValues(school, now), name: me?.fullName ?? 'Alex Sample' }
  const invite = sampleInvite(templateKey, school, { now, uid: `test-${templateId}@driveflow` })
  const dedupeKey = `test:${key}`
  const data = {
    orgId,
    toAddress,
    channel,
    templateKey,
    subject: channel === 'email' ? `[Test] ${oneLine(filled(subject ?? '', values))}` : null,
    body: filled(body, values),
    recipientName: me?.fullName ?? null,
    dedupeKey,
    relatedType: 'MessageTemplate',
    relatedId: templateId,
    sendAt: now,
    createdAt: now,
    ...(invite && channel === 'email' ? { invite: { ...invite } } : {}),
  }
  const { id } = await tx.message.create({ data, select: { id: true } })
  return { id, toAddress }
}
