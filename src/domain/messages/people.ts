import type { MessageChannel } from '@prisma/client'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { canonicalAddress } from './address.ts'

/** Somebody who can be written to. */
export interface Person {
  readonly name: string
  readonly email: string | null
  readonly phone: string | null
}

/** The learner, and whoever pays for them. */
export interface Learner extends Person {
  readonly id: string
  readonly payers: readonly Person[]
}

/** @returns null when there is no such learner, or their details were erased */
export async function learnerOf({ tx, orgId }: UnitOfWork, id: string): Promise<Learner | null> {
  const student = await tx.student.findFirst({
    where: { id, orgId, anonymisedAt: null },
    select: {
      id: true,
      fullName: true,
      email: true,
      phone: true,
      guardians: {
        where: { isBilling: true },
        orderBy: { id: 'asc' },
        select: { guardian: { select: { fullName: true, email: true, phone: true } } },
      },
    },
  })
  if (!student) return null
  const payers = student.guardians.map(({ guardian: { fullName, email, phone } }) => ({ name: fullName, email, phone }))
  return { id: student.id, name: student.fullName, email: student.email, phone: student.phone, payers }
}

/** An instructor is written to at the address they sign in with. */
export async function instructorOf({ tx, orgId }: UnitOfWork, id: string): Promise<(Person & { id: string }) | null> {
  const found = await tx.instructor.findFirst({
    where: { id, orgId },
    select: { id: true, displayName: true, phone: true, user: { select: { email: true } } },
  })
  return found && { id: found.id, name: found.displayName, phone: found.phone, email: found.user?.email ?? null }
}

/** Where a person is reached on a channel; null when they are not. */
export const addressOf = ({ email, phone }: Person, channel: MessageChannel): string | null =>
  canonicalAddress(channel, channel === 'email' ? email : phone)

/** The learner; on a channel where they have no address of their own, whoever pays for them. */
export function learnerOrPayers(learner: Learner, channel: MessageChannel): readonly Person[] {
  return addressOf(learner, channel) ? [learner] : learner.payers
}

/** Receipts go to whoever pays: billing guardians who can be reached, or else the learner. */
export function payersOf(learner: Learner, channel: MessageChannel): readonly Person[] {
  const reached = learner.payers.filter((payer) => addressOf(payer, channel))
  return reached.length > 0 ? reached : [learner]
}
