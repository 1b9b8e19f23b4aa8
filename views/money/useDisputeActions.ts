import { useActionDialog } from '../action/ActionDialog.tsx'
import { useResource } from '../areas.ts'
import type { ActionJSON, ResourceJSON } from '../types.ts'

const DISPUTE = 'Dispute'

const named = (resource: ResourceJSON | undefined, name: string): ActionJSON | undefined =>
  [...(resource?.actions ?? []), ...(resource?.resourceActions ?? [])].find((action) => action.name === name)

/** Whether this person answers banks. */
export const useMayAnswer = (): boolean => named(useResource(DISPUTE), 'submit-evidence') !== undefined

/** Asks for an action of a list in a dialog over the page; undefined for who does not have it. */
export function usePageAction(resourceId: string, name: string, done: () => void) {
  const ask = useActionDialog()
  const resource = useResource(resourceId)
  const action = named(resource, name)
  if (!resource || !action) return undefined
  return (recordId?: string): void =>
    ask({ resource, action, target: { resourceId, ...(recordId ? { recordId } : {}) }, stay: true, done })
}
