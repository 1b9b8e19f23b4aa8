import type { Message } from '@prisma/client'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { isGenuine, type Purpose, readToken } from './links.ts'

/** @returns the message that a link was written for; null when we did not write it, or not for this purpose */
export async function linkedMessage(work: UnitOfWork, token: string, purpose: Purpose): Promise<Message | null> {
  const { tx, orgId } = work
  const linked = readToken(token)
  if (linked?.orgId !== orgId) return null
  const settings = await tx.orgSettings.findFirst({ where: { orgId }, select: { linkKey: true } })
  if (!settings || !isGenuine(token, purpose, settings.linkKey)) return null
  return await tx.message.findFirst({ where: { id: linked.messageId, orgId } })
}
