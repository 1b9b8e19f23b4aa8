import type { BookingStatus, OrgRole } from '@prisma/client'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import type { Context } from '../../core/context.ts'
import { type AppError, conflict, forbidden } from '../../core/errors.ts'
import { valueLabel } from '../../core/labels.ts'

/** Who may cause a change: people of the school, the clock (a job), or a payment that came in. */
type Cause = 'staff' | 'clock' | 'payment'

type Table = Readonly<Record<BookingStatus, Partial<Record<BookingStatus, readonly Cause[]>>>>

/** domain.md, Booking states. What is not here does not happen, except by an override with a reason. */
const table: Table = {
  draft: { pending_payment: ['staff'], requested: ['staff'], confirmed: ['staff'], cancelled: ['staff', 'clock'] },
  pending_payment: { confirmed: ['staff', 'payment'], cancelled: ['staff', 'clock'] },
  requested: { pending_payment: ['staff'], confirmed: ['staff'], cancelled: ['staff'] },
  confirmed: { in_progress: ['staff'], cancelled: ['staff'], no_show: ['staff', 'clock'] },
  scheduled: { in_progress: ['staff'], cancelled: ['staff'], no_show: ['staff', 'clock'] },
  in_progress: { completed: ['staff'], cancelled: ['staff'] },
  no_show: { completed: ['staff'], cancelled: ['staff'] },
  completed: {},
  cancelled: {},
}

/** Whether anybody may make a booking that is `from` become `to`. */
export const becomes = (from: BookingStatus, to: BookingStatus): boolean => table[from][to] !== undefined

const STAFF: readonly OrgRole[] = ['owner', 'admin', 'manager']
const OVERRIDERS: readonly OrgRole[] = ['owner', 'admin']
const UNDO_HOURS = 24

export const isTerminal = (status: BookingStatus): boolean => ['completed', 'cancelled', 'no_show'].includes(status)

/** Agreed, and not begun. */
export const isAwaited = ({ status }: { status: BookingStatus }): boolean =>
  status === 'confirmed' || status === 'scheduled'

/** Whether this person could say now that the lesson took place, or the sentence why not: also of one that nobody started. */
export function couldComplete(
  who: Pick<Context, 'role'>,
  booking: Standing & { readonly endAt: Date },
  now = new Date(),
): true | string {
  if (!isAwaited(booking)) return standsFor(who, booking, 'completed', now)
  return booking.endAt <= now
    ? standsFor(who, booking, 'in_progress', now)
    : 'The lesson is not over yet. Start it first.'
}

export const mayOverride = ({ role }: Pick<Context, 'role'>): boolean => OVERRIDERS.some((one) => one === role)

export interface Standing {
  readonly status: BookingStatus
  readonly statusChangedAt: Date | null
}

/**
 * Whether the booking may move on to `to`, and if not, which rule says so. The school's own rules only narrow this.
 * @returns true, or the rule in a sentence
 */
export function mayBecome(
  actor: Pick<Context, 'actorKind' | 'role'>,
  from: Standing,
  to: BookingStatus,
  now: Date,
): true | string {
  const causes = table[from.status][to]
  if (!causes) return `A booking that is ${words(from.status)} cannot become ${words(to)}.`
  const cause = causeOf(actor)
  if (!cause) return `Your role (${actor.role ?? 'none'}) may not change bookings.`
  if (!causes.includes(cause)) return `A booking that is ${words(from.status)} becomes ${words(to)} by a person only.`
  if (from.status === 'no_show' && hoursSince(from.statusChangedAt, now) >= UNDO_HOURS)
    return `A no-show can be taken back for ${UNDO_HOURS} hours only.`
  return true
}

/** What a button asks before it is shown: whether this person could have the booking become `to`, or the sentence why not. */
export const standsFor = (
  who: Pick<Context, 'role'>,
  booking: Standing,
  to: BookingStatus,
  now = new Date(),
): true | string => mayBecome({ actorKind: 'user', role: who.role }, booking, to, now)

function causeOf({ actorKind, role }: Pick<Context, 'actorKind' | 'role'>): Cause | undefined {
  if (actorKind === 'system') return 'clock'
  if (actorKind === 'webhook') return 'payment'
  return STAFF.some((one) => one === role) ? 'staff' : undefined
}

const hoursSince = (then: Date | null, now: Date): number =>
  then ? (now.getTime() - then.getTime()) / 3_600_000 : Number.POSITIVE_INFINITY

const words = (status: BookingStatus): string => valueLabel(status).toLowerCase()

/**
 * @returns the rule that the work's override sets aside, if it had to
 * @throws AppError Conflict or Forbidden with the rule, unless the work carries an override that its actor may give
 */
export async function requireTransition(
  work: UnitOfWork,
  from: Standing,
  to: BookingStatus,
  now: Date,
): Promise<string[]> {
  if (from.status === to) throw conflict(`This booking is ${words(to)} already. Load it again.`)
  if (work.override && !mayOverride(work) && work.actorKind === 'user')
    throw forbidden('Only an owner or an admin may override a rule.')
  const answer = mayBecome(work, from, to, now)
  const refusal =
    answer === true
      ? await schoolRuleAgainst(work, from.status, to)
      : causeOf(work)
        ? conflict(answer)
        : forbidden(answer)
  if (!refusal) return []
  if (!work.override) throw refusal
  return ['booking.transition']
}

/** StateTransitionRule rows name the roles of a change; where there are none the platform's table stands alone. */
async function schoolRuleAgainst(
  work: UnitOfWork,
  from: BookingStatus,
  to: BookingStatus,
): Promise<AppError | undefined> {
  if (work.actorKind !== 'user') return undefined
  const froms: BookingStatus[] = from === 'scheduled' ? ['scheduled', 'confirmed'] : [from]
  const rules = await work.tx.stateTransitionRule.findMany({
    where: {
      orgId: work.orgId,
      isActive: true,
      toStatus: to,
      OR: [{ fromStatus: { in: froms } }, { fromStatus: null }],
    },
    select: { requiredRole: true, description: true },
    orderBy: { id: 'asc' },
  })
  if (rules.length === 0 || rules.some(({ requiredRole }) => !requiredRole || requiredRole === work.role))
    return undefined
  const roles = [...new Set(rules.map(({ requiredRole }) => requiredRole))].join(' or ')
  const why = rules.find(({ description }) => description)?.description
  return forbidden(`Your school lets only ${roles} do this${why ? `: ${why.replace(/\.$/, '')}` : ''}.`)
}
