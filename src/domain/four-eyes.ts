import type { Who } from '../core/action.ts'
import type { Scalars } from '../core/declaration.ts'

/** Whether somebody else than who asked, or the sentence that says it must be. What nobody has asked for, anybody decides. */
export const byAnother = (
  asker: string | null,
  { userId }: Pick<Who, 'userId'>,
  { did, must }: { readonly did: string; readonly must: string },
): true | string =>
  asker === null || asker !== userId || `You ${did} yourself, so somebody else must ${must} it: four eyes.`

/** Whether somebody may decide about a run that waits: one of the roles that were named, and never who asked. */
export function fourEyes(run: Scalars<'ActionRun'>, who: Who): true | string {
  if (run.status !== 'waiting') return 'Nobody waits for an approval of this any more.'
  const other = byAnother(run.actorUserId, who, { did: 'asked for this', must: 'approve' })
  if (other !== true) return other
  const roles = run.approvers?.split(', ') ?? []
  return roles.includes(who.role ?? '') || `Only these roles may approve this: ${roles.join(', ')}.`
}
