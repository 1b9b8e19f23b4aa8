import type { MessageChannel } from '@prisma/client'
import type { Database } from '../../core/db.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { canonicalAddress } from './address.ts'
import { optIn, optOut } from './opt-outs.ts'

/** A text that somebody sent to the number which schools write from. */
export interface Answer {
  readonly channel: Extract<MessageChannel, 'sms' | 'whatsapp'>
  readonly from: string
  readonly body: string
}

// Twilio's words: it acts on them itself, so nobody may be told something else here
const STOP = ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'OPTOUT', 'REVOKE']
const START = ['START', 'UNSTOP', 'YES']

/** @returns what the text asks for when it is one of the words, and nothing else; null for whatever else people write */
export function wishOf(body: string): 'stop' | 'start' | null {
  const [, word = ''] = /^\W*(\w+)\W*$/.exec(body.trim().toUpperCase()) ?? []
  if (STOP.includes(word)) return 'stop'
  return START.includes(word) ? 'start' : null
}

/**
 * Closes a number that answered STOP to all texts, in each school that has written to it, and opens it again on START. The
 * same text again changes nothing.
 * @returns for how many schools it was understood
 */
export async function answerText(db: Database, { channel, from, body }: Answer, requestId: string): Promise<number> {
  const wish = wishOf(body)
  const address = canonicalAddress(channel, from)
  if (!wish || !address) return 0
  const schools = await schoolsThatWroteTo(db, { channel, address })
  for (const orgId of schools) {
    const ctx = { db, orgId, userId: null, role: null, actorKind: 'webhook', ip: null, requestId } as const
    await db.transaction(ctx, async (tx) => await obey({ ...ctx, tx }, wish, { channel, toAddress: address }))
  }
  return schools.length
}

async function obey(work: UnitOfWork, wish: 'stop' | 'start', to: { channel: MessageChannel; toAddress: string }) {
  if (wish === 'stop') return await optOut(work, to, { templateKey: null, reason: 'asked', detail: 'Answered STOP' })
  await optIn(work, to)
  // what the provider refused because of the STOP
  const { channel, toAddress: address } = to
  await work.tx.contactOptOut.deleteMany({
    where: { orgId: work.orgId, channel, address, reason: 'bounced', detail: { contains: '21610' } },
  })
}

async function schoolsThatWroteTo(
  db: Database,
  { channel, address }: { channel: string; address: string },
): Promise<string[]> {
  const { rows } = await db.workerQuery(
    `SELECT DISTINCT "orgId" AS id FROM "Message"
      WHERE channel IN ('sms', 'whatsapp') AND channel = $1::"MessageChannel" AND "toAddress" = $2`,
    [channel, address],
  )
  return (rows as { id: string }[]).map(({ id }) => id)
}
