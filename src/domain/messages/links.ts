import { createHmac, timingSafeEqual } from 'node:crypto'
import { isUuid } from '../../core/context.ts'

/** What a link is for: one that opts out does nothing else. */
export type Purpose = 'unsubscribe' | 'status'

/** Which message of which school a link belongs to. It names no person and no address. */
export interface Linked {
  readonly orgId: string
  readonly messageId: string
}

/** The last part of the address of a link: the message, and the proof that we wrote it. */
export function linkToken({ orgId, messageId }: Linked, purpose: Purpose, key: string): string {
  const named = Buffer.from((orgId + messageId).replaceAll('-', ''), 'hex')
  return `${named.toString('base64url')}.${proof(named, purpose, key).toString('base64url')}`
}

/** @returns what the token names; it is not proved yet. Null when it is no token */
export function readToken(token: string): Linked | null {
  const named = Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('hex')
  const [orgId, messageId] = [uuid(named.slice(0, 32)), uuid(named.slice(32))]
  return isUuid(orgId) && isUuid(messageId) ? { orgId, messageId } : null
}

/** Whether the school's key made the token, for this purpose. */
export function isGenuine(token: string, purpose: Purpose, key: string): boolean {
  const linked = readToken(token)
  if (!linked) return false
  const expected = Buffer.from(linkToken(linked, purpose, key))
  const given = Buffer.from(token)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

const proof = (named: Buffer, purpose: Purpose, key: string): Buffer =>
  createHmac('sha256', key).update(purpose).update('\0').update(named).digest()

const uuid = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

/** The Message-ID of an e-mail: the same for every attempt, and enough to find the message by when it comes back. */
export const messageIdOf = (
  { id, orgId, copies }: { id: string; orgId: string; copies: number },
  fromAddress: string,
): string => `<${id}.${copies}.${orgId}@${fromAddress.split('@')[1] ?? 'driveflow.invalid'}>`

/** @returns the message that a Message-ID names; null when it is none of ours */
export function messageNamedBy(messageId: string): Linked | null {
  const [, message, org] = /^<?([0-9a-f-]{36})\.\d+\.([0-9a-f-]{36})@/i.exec(messageId.trim()) ?? []
  return isUuid(message) && isUuid(org) ? { orgId: org, messageId: message } : null
}
