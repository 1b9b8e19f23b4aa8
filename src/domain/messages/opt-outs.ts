import type { MessageChannel, OptOutReason } from '@prisma/client'
import { messageTemplates } from '../../core/vocabulary.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { canonicalAddress } from './address.ts'
import { isKind } from './kinds.ts'

interface Addressed {
  readonly channel: MessageChannel
  readonly toAddress: string
  readonly templateKey: string
}

const sentences: Record<OptOutReason, string> = {
  asked: 'The person opted out',
  bounced: 'Messages to this address came back',
  complained: 'The person reported messages as unwanted',
}

/** @returns why nothing may be sent to the address, in a sentence; null when it may */
export async function optOutFor(
  { tx, orgId }: UnitOfWork,
  { channel, toAddress, templateKey }: Addressed,
): Promise<string | null> {
  const address = canonicalAddress(channel, toAddress) ?? toAddress
  const found = await tx.contactOptOut.findFirst({
    where: { orgId, channel, address, OR: [{ templateKey: null }, { templateKey }] },
    orderBy: { createdAt: 'desc' },
  })
  if (!found) return null
  const what = found.templateKey && isKind(found.templateKey) ? ` of "${messageTemplates[found.templateKey]}"` : ''
  return `${sentences[found.reason]}${what}${found.detail ? `: ${found.detail}` : ''}. Remove the opt-out to write there again.`
}

/** @param templateKey of which messages; null for all of the channel */
export async function optOut(
  { tx, orgId }: UnitOfWork,
  { channel, toAddress }: Omit<Addressed, 'templateKey'>,
  { templateKey, reason, detail }: { templateKey: string | null; reason: OptOutReason; detail?: string },
): Promise<void> {
  await tx.contactOptOut.createMany({
    data: [{ orgId, channel, address: toAddress, templateKey, reason, detail: detail ?? null }],
    skipDuplicates: true,
  })
}

/** Takes back what the person themselves asked for; an address that bounced stays closed. */
export async function optIn({ tx, orgId }: UnitOfWork, { channel, toAddress }: Omit<Addressed, 'templateKey'>) {
  const address = canonicalAddress(channel, toAddress) ?? toAddress
  await tx.contactOptOut.deleteMany({ where: { orgId, channel, address, reason: 'asked' } })
}
