import type { Context } from '../core/context.ts'

/** What people of the platform do inside a school, beside reading: have the machine go on where it is stuck. */
const may: ReadonlySet<string> = new Set([
  'outbox-delivery.retry',
  'outbox-delivery.replay',
  'outbox-delivery.skip',
  'webhook-event.replay',
  'operator-access.end',
])

/** Why somebody of the platform changes nothing else. */
export const ONLY_LOOKING =
  'People of the platform look, and change nothing here: somebody of the school has to do this.'

/** Whether `action` is not for whoever acts, because they are of the platform and not of the school. */
export const isOnlyLooking = ({ actorKind }: Partial<Pick<Context, 'actorKind'>>, action?: string): boolean =>
  actorKind === 'operator' && !(action !== undefined && may.has(action))
