import { randomUUID } from 'node:crypto'
import type { Message } from '@prisma/client'
import { nowOf } from '../../core/context.ts'
import { lockRow } from '../../core/lock-row.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { isKind, kinds } from './kinds.ts'
import { optOut, optOutFor } from './opt-outs.ts'
import { noLongerTrue } from './remind.ts'

/** One try at sending a message, as the worker that makes it holds it. */
export interface Delivery {
  readonly id: string
  /** 1 for the first. */
  readonly number: number
  /** Whose try it is: see `handOver`. */
  readonly claim: string
  readonly message: Message
}

const MINUTE = 60_000
/** What a worker may take for one attempt; then another one looks after it. */
const LEASE = 5 * MINUTE
/** A mail server that took the message answers within this, or nobody will know what it did. */
const DOUBT_AFTER = 2 * MINUTE
/** Minutes until the next attempt, after the first, the second, …; a full mailbox or a greylist gets a day. */
const WAITS = [1, 5, 15, 30, 60, 120, 240, 360, 480]
/** Then a person has to ask for it again, which gives it as many once more. */
const ATTEMPTS = WAITS.length + 1

/**
 * Takes a message to send it: an attempt is written down before anything leaves the machine.
 * @returns null when there is nothing to send now: it went, it is not due, nobody wants it any more, or it needs a person
 */
export async function takeMessage(work: UnitOfWork, messageId: string): Promise<Delivery | null> {
  const { tx, orgId } = work
  const now = nowOf(work)
  await lockRow(work, 'Message', messageId)
  const message = await tx.message.findFirst({ where: { id: messageId, orgId, status: 'queued' } })
  if (!message) return null
  const open = await tx.messageDelivery.findFirst({
    where: { orgId, messageId, number: { not: null }, finishedAt: null },
  })
  if (open?.handedOverAt) return await afterDoubt(work, message, { ...open, handedOverAt: open.handedOverAt })
  if (!open && message.sendAt > now) return null
  const why = await whyNot(work, message, now)
  if (why) {
    await settle(work, message, { status: 'suppressed', error: why })
    return null
  }
  if (open) return await takeOver(work, message, { id: open.id, number: open.number! })
  return await begin(work, message)
}

/** @returns why it is not to be sent at all, in a sentence; null when it is */
async function whyNot(work: UnitOfWork, message: Message, now: Date): Promise<string | null> {
  if (message.expiresAt && message.expiresAt <= now) return 'Too late: what it tells of is over.'
  return (await optOutFor(work, message)) ?? (await noLongerTrue(work, message))
}

async function begin(work: UnitOfWork, message: Message): Promise<Delivery> {
  const { tx, orgId } = work
  const number = message.attempts + 1
  const claim = randomUUID()
  const { id } = await tx.messageDelivery.create({
    data: { orgId, messageId: message.id, number, claim, createdAt: nowOf(work) },
    select: { id: true },
  })
  await tx.message.updateMany({
    where: { id: message.id, orgId },
    data: { attempts: number, sendAt: new Date(nowOf(work).getTime() + LEASE) },
  })
  return { id, number, claim, message }
}

/** Another worker began and said nothing more. Nothing has left the machine, and from here nothing can: the claim is ours. */
async function takeOver(
  { tx, orgId }: UnitOfWork,
  message: Message,
  { id, number }: { id: string; number: number },
): Promise<Delivery> {
  const claim = randomUUID()
  await tx.messageDelivery.updateMany({ where: { id, orgId }, data: { claim } })
  return { id, number, claim, message }
}

/** A worker handed the message over and never said what came of it. */
async function afterDoubt(
  work: UnitOfWork,
  message: Message,
  open: { id: string; handedOverAt: Date; claim: string | null },
): Promise<Delivery | null> {
  const now = nowOf(work)
  const { orgId } = work
  const until = new Date(open.handedOverAt.getTime() + DOUBT_AFTER)
  if (until > now) {
    // it may be under way still
    await work.tx.message.updateMany({ where: { id: message.id, orgId }, data: { sendAt: until } })
    return null
  }
  const detail = 'The worker ended before the answer came.'
  await work.tx.messageDelivery.updateMany({
    where: { id: open.id, orgId },
    data: { outcome: 'in_doubt', detail, finishedAt: now },
  })
  if (!repeats(message)) {
    await settle(work, message, { status: 'failed', error: inDoubt(detail) })
    return null
  }
  return await begin(work, message)
}

const repeats = ({ templateKey, attempts }: Message): boolean =>
  isKind(templateKey) && kinds[templateKey].inDoubt === 'resend' && attempts % ATTEMPTS !== 0

const inDoubt = (detail: string): string =>
  `In doubt: it was handed over, and may have arrived. ${detail} Ask the person before you send it again.`

/**
 * The last moment before it leaves the machine. @returns false when another worker has taken the attempt over: then nothing
 * may leave
 */
export async function handOver(work: UnitOfWork, { id, claim }: Delivery): Promise<boolean> {
  const { count } = await work.tx.messageDelivery.updateMany({
    where: { id, orgId: work.orgId, claim, finishedAt: null },
    data: { handedOverAt: nowOf(work) },
  })
  return count === 1
}

export type Result =
  | { readonly outcome: 'accepted'; readonly detail: string; readonly providerId: string | null }
  /** Another attempt may succeed. */
  | { readonly outcome: 'deferred'; readonly detail: string }
  /** None will. */
  | { readonly outcome: 'refused'; readonly detail: string; readonly badAddress?: boolean }
  | { readonly outcome: 'in_doubt'; readonly detail: string }
  /** Nothing is configured that could send it. */
  | { readonly outcome: 'not_sent'; readonly detail: string }

/** Writes down what came of an attempt. A worker that lost its claim in the meantime changes nothing. */
export async function finish(work: UnitOfWork, delivery: Delivery, result: Result): Promise<void> {
  const { tx, orgId } = work
  const now = nowOf(work)
  const providerId = result.outcome === 'accepted' ? result.providerId : null
  const { count } = await tx.messageDelivery.updateMany({
    where: { id: delivery.id, orgId, claim: delivery.claim },
    data: { outcome: result.outcome, detail: result.detail, providerId, finishedAt: now },
  })
  if (count === 0) return
  const { message, number } = delivery
  switch (result.outcome) {
    case 'accepted':
      return await settle(work, message, { status: 'sent', error: null, providerId, sentAt: now })
    case 'not_sent':
      return await settle(work, message, { status: 'not_sent', error: result.detail })
    case 'refused':
      if (result.badAddress)
        await optOut(work, message, { templateKey: null, reason: 'bounced', detail: result.detail })
      return await settle(work, message, { status: 'failed', error: result.detail })
    case 'in_doubt':
      if (!repeats({ ...message, attempts: number }))
        return await settle(work, message, { status: 'failed', error: inDoubt(result.detail) })
      return await waitAgain(work, message, { number, detail: result.detail })
    case 'deferred':
      return await waitAgain(work, message, { number, detail: result.detail })
  }
}

async function waitAgain(
  work: UnitOfWork,
  message: Message,
  { number, detail }: { number: number; detail: string },
): Promise<void> {
  const wait = WAITS[(number % ATTEMPTS) - 1]
  if (wait === undefined)
    return await settle(work, message, { status: 'failed', error: `Given up after ${number} attempts. ${detail}` })
  const sendAt = new Date(nowOf(work).getTime() + wait * MINUTE)
  await work.tx.message.updateMany({
    where: { id: message.id, orgId: work.orgId },
    data: { sendAt, error: detail },
  })
}

type Settled = Partial<Pick<Message, 'status' | 'error' | 'providerId' | 'sentAt'>>

/** It waits for nothing any more. */
async function settle(work: UnitOfWork, { id }: Pick<Message, 'id'>, data: Settled): Promise<void> {
  const { tx, orgId } = work
  await tx.message.updateMany({ where: { id, orgId }, data: { ...data, sendAt: nowOf(work) } })
}

/** Messages whose time has come, soonest first. */
export async function dueMessages(work: UnitOfWork, atMost: number): Promise<string[]> {
  const { orgId } = work
  const due = await work.tx.message.findMany({
    where: { orgId, status: 'queued', sendAt: { lte: nowOf(work) } },
    orderBy: [{ sendAt: 'asc' }, { id: 'asc' }],
    take: atMost,
    select: { id: true },
  })
  return due.map(({ id }) => id)
}
