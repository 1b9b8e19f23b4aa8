import type { AdminJS, ResourceJSON } from 'adminjs'
import { panelFactsOf } from './panel-facts.ts'
import { recordFactsOf } from './records/record-facts.ts'
import type { TenantResource } from './tenant-resource.ts'

type Json = Record<string, unknown>

/** Properties as they mostly are; a page names only what is different. */
const PROPERTY: Json = {
  isTitle: false,
  isId: false,
  custom: {},
  isSortable: false,
  isRequired: false,
  availableValues: null,
  isDisabled: false,
  hideLabel: false,
  reference: null,
  subProperties: [],
  isArray: false,
  isDraggable: false,
  isVirtual: false,
  props: {},
}
const ACTION: Json = {
  guard: '',
  showFilter: false,
  showResourceActions: true,
  showInDrawer: false,
  hideActionHeader: false,
  containerWidth: 1,
  layout: null,
  variant: 'default',
  parent: null,
  hasHandler: true,
  custom: {},
}
const LISTS = ['listProperties', 'editProperties', 'showProperties', 'filterProperties'] as const

/**
 * Makes the metadata that AdminJS writes into its page a tenth of its size, and computes it once: what a role may do
 * with a model does not change while the program runs. EXPAND undoes it in the browser before AdminJS reads it.
 */
export function compactMetadata(admin: AdminJS): void {
  for (const resource of admin.resources) {
    const decorated = resource.decorate()
    const { view, visible } = resource as unknown as TenantResource
    const panel = { ...panelFactsOf(view), ...recordFactsOf(view, visible) }
    const compact = { ...compactResource(decorated.toJSON()), panel }
    decorated.toJSON = () => compact as unknown as ResourceJSON
  }
}

/** Lists name their properties; what is as usual is left out. */
export function compactResource(resource: ResourceJSON): Json {
  const properties = Object.fromEntries(
    Object.entries(resource.properties).map(([path, property]) => [
      path,
      without(property as unknown as Json, propertyDefaults(path, resource.id)),
    ]),
  )
  const lists = Object.fromEntries(LISTS.map((list) => [list, resource[list].map((property) => property.propertyPath)]))
  const action = (one: unknown) => without(one as Json, actionDefaults(resource.id, one as Json))
  return {
    ...resource,
    properties,
    ...lists,
    titleProperty: resource.titleProperty.propertyPath,
    resourceActions: resource.resourceActions.map(({ name }) => name),
    actions: resource.actions.map(action),
  }
}

const propertyDefaults = (path: string, resourceId: string): Json => ({
  ...PROPERTY,
  name: path,
  propertyPath: path,
  label: path,
  resourceId,
})
const actionDefaults = (resourceId: string, { name }: Json): Json => ({ ...ACTION, label: name, resourceId })

function without(one: Json, usual: Json): Json {
  return Object.fromEntries(
    Object.entries(one).filter(
      ([key, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(usual[key]),
    ),
  )
}

/** Runs in the browser, right after the state: the same objects again, as AdminJS's own code expects them. */
export const EXPAND = `(function (state) {
  var property = ${JSON.stringify(PROPERTY)}, action = ${JSON.stringify(ACTION)};
  state.resources.forEach(function (r) {
    Object.keys(r.properties).forEach(function (path) {
      r.properties[path] = Object.assign({}, property, { name: path, propertyPath: path, label: path, resourceId: r.id }, r.properties[path]);
    });
    var find = function (path) { return r.properties[path]; };
    ${JSON.stringify(LISTS)}.forEach(function (list) { r[list] = r[list].map(find); });
    r.titleProperty = find(r.titleProperty);
    r.actions = r.actions.map(function (a) { return Object.assign({}, action, { label: a.name, resourceId: r.id }, a); });
    r.resourceActions = r.resourceActions.map(function (name) { return r.actions.filter(function (a) { return a.name === name; })[0]; });
  });
})(window.REDUX_STATE)`
