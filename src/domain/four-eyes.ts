import type { Who } from '../core/action.ts'
import type { Scalars } from '../core/declaration.ts'

/** Whether somebody may decide about a run that waits: one of the roles that were named, and never who asked. */
export function fourEyes(run: Scalars<'ActionRun'>, who: Who): true | string {
  if (run.status !== 'waiting') return 'Nobody waits for an approval of this any more.'
  if (run.actorUserId === who.userId) return 'You asked for this yourself, so somebody else must approve it: four eyes.'
  const roles = run.approvers?.split(', ') ?? []
  return roles.includes(who.role ?? '') || `Only these roles may approve this: ${roles.join(', ')}.`
}
