import type { ActionHandler, ActionResponse, ResourceOptions } from 'adminjs'
import { type Operation, type PanelRole, may } from '../core/permissions.ts'
import { models } from '../core/schema.ts'
import { bulkDeletion, customActions } from './actions/options.ts'
import * as handlers from './handlers.ts'
import { FILTERS } from './lists/offers.ts'
import type { Property, Screen } from './screen.ts'
import { navigationOf } from './presentation.ts'
import type { View } from './records/records.ts'
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
}

/** Every stock action with our handler, open only where the permission table says so; and the role's own. */
function actionOptions(role: PanelRole, view: View): NonNullable<ResourceOptions['actions']> {
  const stock = Object.entries(operations).map(([name, operation]) => {
    const open = may(role, operation, view.screen.model.name)
    const handler = name === 'bulkDelete' ? bulkDeletion(view) : (handlerOf[name] as ActionHandler<ActionResponse>)
    return [name, { handler, isAccessible: open, isVisible: open && name !== 'search', ...deletion(name) }]
  })
  return { ...Object.fromEntries(stock), ...customActions(view) }
}

const deletion = (name: string) => (name === 'bulkDelete' ? { custom: { own: true, form: false, danger: true } } : {})

/** A model's screens for one role, as AdminJS takes them. */
export function optionsFor(role: PanelRole, view: View, visible: (model: string) => boolean): ResourceOptions {
  const { screen, properties, paths, offers } = view
  const names = (shown: (name: string) => boolean) =>
    properties
      .filter((one) => one.kind !== 'id')
      .map((one) => one.name)
      .filter(shown)
  const writable = new Set(properties.filter((one) => one.writable).map((one) => one.name))
  const isTitle = (name: string) => name === (screen.title[0]?.split('.')[0] ?? 'id')
  const filtered = new Set(FILTERS.flatMap((kind) => offers[kind]))
  return {
    navigation: navigationOf(screen.model.area),
    listProperties: screen.list.filter((name) => [...properties, ...paths].some((one) => one.name === name)),
    // every amount is shown with its currency
    showProperties: names((name) => name !== 'currency' || !properties.some((one) => one.kind === 'money')),
    editProperties: names((name) => writable.has(name)),
    filterProperties: names((name) => filtered.has(name)),
    sort: { sortBy: screen.sort.by, direction: screen.sort.direction },
    properties: Object.fromEntries(
      [...properties, ...paths].map((property) => [
        property.name,
        { ...propertyOptions(screen, property, visible), isTitle: isTitle(property.name) },
      ]),
    ),
    actions: actionOptions(role, view),
  }
}

// of these the schema says how they are stored, which is not how people read them
const selfExplained = new Set<Property['kind']>(['money', 'basisPoints', 'minutes', 'boolean', 'time', 'enum'])

/** What the components in views/ are told about a property. */
export function propertyOptions(screen: Screen, property: Property, visible: (model: string) => boolean) {
  const labels = property.values && labelsFor(property.values, visible)
  return {
    isRequired: property.required,
    isSortable: screen.sortable.has(property.name),
    ...(property.components ? { components: { ...property.components } } : {}),
    custom: {
      kind: property.kind === 'decimal' || property.kind === 'id' ? 'number' : property.kind,
      ...(property.currency ? { currency: property.currency } : {}),
      ...(property.through ? { label: property.label } : {}),
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
