import type { Message, MessageChannel, Prisma } from '@prisma/client'
import { nowOf } from '../../core/context.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { rulesOf, type SchoolRules } from '../school.ts'
import { provideTemplates } from './default-templates.ts'
import type { Invite } from './invite.ts'
import { type Kind, kinds } from './kinds.ts'
import { addressOf, type Person } from './people.ts'
import { endOfQuiet } from './quiet-hours.ts'
import { type Values, filled, oneLine } from './wording.ts'

/** One thing that somebody is told. */
export interface Occasion {
  readonly kind: Kind
  /** The same for the same thing, however often it is told: an event's id, a reminder's booking and time. */
  readonly cause: string
  /** Whom, on each channel. */
  readonly to: (channel: MessageChannel) => readonly Person[]
  readonly values: Values
  readonly about: { readonly model: Prisma.ModelName; readonly id: string }
  readonly bookingId?: string
  readonly studentId?: string
  readonly instructorId?: string
  readonly invite?: Invite
  /** After this it would be wrong, or of no use: it is not sent any more. */
  readonly expiresAt?: Date
  /** When the lesson starts that it is about: what is told of one before the quiet hours end cannot wait for their end. */
  readonly startsAt?: Date
}

export interface Written {
  readonly id: string
  /** Not before this. */
  readonly sendAt: Date
}

/**
 * Writes the messages of an occasion by the school's own templates: one for each person, channel and template, once.
 * @returns those that are new; who hands them to the worker looks at `sendAt`
 */
export async function compose(work: UnitOfWork, occasion: Occasion): Promise<Written[]> {
  const { tx, orgId } = work
  await provideTemplates(work)
  const templates = await tx.messageTemplate.findMany({
    where: { orgId, key: occasion.kind, active: true },
    orderBy: { channel: 'asc' },
  })
  if (templates.length === 0) return []
  const school = await schoolOf(work)
  const sendAt = whenToSend(occasion, nowOf(work), school)
  const rows = templates.flatMap((template) =>
    occasion.to(template.channel).flatMap((person) => {
      const row = rowOf(occasion, template, { person, school: school.name })
      return row ? [{ orgId, ...row, sendAt, createdAt: nowOf(work) }] : []
    }),
  )
  if (rows.length === 0) return []
  return await tx.message.createManyAndReturn({ data: rows, skipDuplicates: true, select: { id: true, sendAt: true } })
}

interface School extends SchoolRules {
  readonly name: string
}

export async function schoolOf(work: UnitOfWork): Promise<School> {
  const { name } = await work.tx.org.findFirstOrThrow({ where: { id: work.orgId }, select: { name: true } })
  return { ...(await rulesOf(work)), name }
}

function whenToSend({ kind, startsAt }: Occasion, now: Date, school: School): Date {
  if (kinds[kind].atAnyHour) return now
  const end = endOfQuiet(now, school)
  return startsAt && startsAt <= end ? now : end
}

interface Template {
  readonly channel: MessageChannel
  readonly subject: string | null
  readonly body: string
}

type Row = Pick<Message, 'toAddress' | 'channel' | 'templateKey' | 'subject' | 'body' | 'recipientName' | 'dedupeKey'> &
  Pick<Message, 'relatedType' | 'relatedId'> &
  Partial<Pick<Message, 'bookingId' | 'studentId' | 'instructorId' | 'expiresAt'>> & { invite?: Prisma.InputJsonObject }

/** @returns null when the person has no address on the channel */
function rowOf(
  { kind, cause, values, about, bookingId, studentId, instructorId, invite, expiresAt }: Occasion,
  { channel, subject, body }: Template,
  { person, school }: { person: Person; school: string },
): Row | null {
  const toAddress = addressOf(person, channel)
  if (!toAddress) return null
  const all = { ...values, name: person.name, school }
  return {
    toAddress,
    channel,
    templateKey: kind,
    subject: channel === 'email' ? oneLine(filled(subject ?? '', all)) : null,
    body: filled(body, all),
    recipientName: person.name,
    dedupeKey: `${cause}:${kind}:${channel}:${toAddress}`,
    relatedType: about.model,
    relatedId: about.id,
    ...(bookingId ? { bookingId } : {}),
    ...(studentId ? { studentId } : {}),
    ...(instructorId ? { instructorId } : {}),
    ...(expiresAt ? { expiresAt } : {}),
    ...(invite && channel === 'email' ? { invite: { ...invite } } : {}),
  }
}
