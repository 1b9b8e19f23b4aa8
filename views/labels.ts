import { useTranslation } from 'adminjs'
import { humanise } from './format.ts'
import { factsOf, type ActionJSON, type BasePropertyJSON, type Notice, type ResourceJSON } from './types.ts'

/** AdminJS's own messages as sentences that say what happened. */
const stockMessages: Record<string, string> = {
  successfullyUpdated: 'Saved.',
  successfullyCreated: 'Created.',
  successfullyDeleted: 'Deleted.',
  successfullyBulkDeleted: 'Deleted.',
  thereWereValidationErrors: 'Not saved yet: some fields need attention.',
  forbiddenError: 'Your role does not allow this.',
  anyForbiddenError: 'Your role does not allow this.',
  confirmDelete: 'This cannot be undone.',
}

const stockActions: Record<string, string> = { 'Create new': 'New', 'Delete all': 'Delete' }

export interface Labels {
  property: (property: BasePropertyJSON) => string
  resource: (resource: ResourceJSON) => string
  action: (action: ActionJSON, resource: ResourceJSON) => string
  message: (message: string, resourceId?: string, options?: Notice['options']) => string
}

/** Names as the panel's translations give them; without one, the code's words. */
export function useLabels(): Labels {
  const { tp, tl, ta, tm } = useTranslation()
  return {
    property: (property) =>
      factsOf(property).label ??
      tp(property.label, property.resourceId, { defaultValue: readable(property.label || property.propertyPath) }),
    resource: (resource) => tl(resource.name, resource.id, { defaultValue: readable(resource.name) }),
    action: (action, resource) => {
      const label = ta(action.label, resource.id, { defaultValue: readable(action.label) })
      return stockActions[label] ?? label
    },
    message: (message, resourceId, options = {}) =>
      stockMessages[message] ?? tm(message, resourceId ?? '', { ...options, defaultValue: message }),
  }
}

// a label that already has words in it was written by a person: it stays as it is
const readable = (label: string): string => (/\s/.test(label) ? label : humanise(label))
