import { createHmac, timingSafeEqual } from 'node:crypto'
import { isUuid, nowOf } from '../../core/context.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'

/** Whose sign-up at Stripe a link leads to. */
export interface Onboarded {
  readonly orgId: string
  readonly instructorId: string
  /** Until when the link counts. */
  readonly until: Date
}

const LINK_LIVES_DAYS = 14

/** The path of a link that leads an instructor to Stripe: signed by the school's key, and good for two weeks. */
export async function onboardingPath(work: UnitOfWork, instructorId: string): Promise<string> {
  const { orgId } = work
  const until = new Date(nowOf(work).getTime() + LINK_LIVES_DAYS * 86_400_000)
  const { linkKey } = await work.tx.orgSettings.findFirstOrThrow({ where: { orgId }, select: { linkKey: true } })
  return `/connect/${tokenOf({ orgId, instructorId, until }, linkKey)}`
}

function tokenOf({ orgId, instructorId, until }: Onboarded, key: string): string {
  const seconds = Buffer.alloc(4)
  seconds.writeUInt32BE(Math.floor(until.getTime() / 1000))
  const named = Buffer.concat([Buffer.from((orgId + instructorId).replaceAll('-', ''), 'hex'), seconds])
  const proof = createHmac('sha256', key).update('onboarding\0').update(named).digest()
  return `${named.toString('base64url')}.${proof.toString('base64url')}`
}

/** @returns what the token names; it is not proved yet. Null when it is no token */
export function readOnboarding(token: string): Onboarded | null {
  const named = Buffer.from(token.split('.')[0] ?? '', 'base64url')
  if (named.length !== 36) return null
  const [orgId, instructorId] = [uuid(named.subarray(0, 16)), uuid(named.subarray(16, 32))]
  const until = new Date(named.readUInt32BE(32) * 1000)
  return isUuid(orgId) && isUuid(instructorId) ? { orgId, instructorId, until } : null
}

/** Whether the school made the link, and it still counts. */
export async function isOnboardingLink(work: UnitOfWork, token: string): Promise<boolean> {
  const named = readOnboarding(token)
  if (!named || named.orgId !== work.orgId || named.until < nowOf(work)) return false
  const where = { orgId: work.orgId }
  const settings = await work.tx.orgSettings.findFirst({ where, select: { linkKey: true } })
  if (!settings) return false
  const [expected, given] = [Buffer.from(tokenOf(named, settings.linkKey)), Buffer.from(token)]
  return given.length === expected.length && timingSafeEqual(given, expected)
}

const uuid = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
