import type { ActionHandler, ActionResponse, ResourceOptions } from 'adminjs'
import { type Operation, type PanelRole, may } from '../core/permissions.ts'
import { models } from '../core/schema.ts'
import * as handlers from './handlers.ts'
import type { Property, Screen } from './screen.ts'
import { tonesOf } from './tones.ts'

const operations: Record<string, Operation> = {
  list: 'read',
  search: 'read',
  show: 'read',
  new: 'new',
  edit: 'edit',
  delete: 'delete',
  bulkDelete: 'delete',
}

const handlerOf: Record<string, unknown> = {
  list: handlers.list,
  search: handlers.search,
  show: handlers.show,
  edit: handlers.edit,
  new: handlers.create,
  delete: handlers.remove,
  bulkDelete: handlers.bulkDelete,
}

/** Every stock action with our handler, open only where the permission table says so. */
export function actionOptions(role: PanelRole, model: string): NonNullable<ResourceOptions['actions']> {
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => {
      const open = may(role, operation, model)
      return [
        name,
        {
          handler: handlerOf[name] as ActionHandler<ActionResponse>,
          isAccessible: open,
          isVisible: open && name !== 'search',
        },
      ]
    }),
  )
}

// of these the schema says how they are stored, which is not how people read them
const selfExplained = new Set<Property['kind']>(['money', 'basisPoints', 'minutes', 'boolean', 'time', 'enum'])

/** What the components in views/ are told about a property. */
export function propertyOptions(screen: Screen, property: Property, visible: (model: string) => boolean) {
  const labels = property.values && labelsFor(property.values, visible)
  return {
    isRequired: property.required,
    isSortable: screen.sortable.has(property.name),
    custom: {
      kind: property.kind === 'decimal' || property.kind === 'id' ? 'number' : property.kind,
      ...(property.currency ? { currency: property.currency } : {}),
      ...(labels ? { labels, tones: tonesOf(Object.keys(labels)) } : {}),
      ...initialOf(property),
      ...(property.field.documentation && !selfExplained.has(property.kind)
        ? { help: property.field.documentation }
        : {}),
      ...(property.references && !visible(property.references) ? { closed: true } : {}),
    },
  }
}

/** A role reads no word about a model that it does not see. */
function labelsFor(
  values: Readonly<Record<string, string>>,
  visible: (model: string) => boolean,
): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([value]) => !models.has(value) || visible(value)))
}

/** What a new record gets when nothing else is said, so that the form can show it. */
function initialOf({ field }: Property): { initial?: string | number | boolean } {
  const value = field.default
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? { initial: value } : {}
}
