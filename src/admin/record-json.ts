import type { TenantResource } from './tenant-resource.ts'
import type { Row } from './selection.ts'

/** A record as the browser gets it: only shown values; of a reference its id, its name and whether it may be opened. */
export interface RecordJson {
  id: string
  title: string
  params: Record<string, unknown>
  populated: Record<string, ReferenceJson>
  errors: Record<string, { type: string; message: string }>
  baseError: null
  recordActions: unknown[]
  bulkActions: unknown[]
}

type ReferenceJson = Omit<RecordJson, 'params'> & { params: { id: string } }

interface ActionLists {
  recordActions: unknown[]
  bulkActions: unknown[]
}

// what may be done depends on the role alone, and every role has resources of its own: one list for all rows
const actionLists = new WeakMap<TenantResource, ActionLists>()

export function recordJson(resource: TenantResource, row: Row, errors: RecordJson['errors'] = {}): RecordJson {
  const populated = Object.fromEntries(
    Object.entries(row.references).map(([name, { model, id, title }]) => {
      const recordActions = resource.visible(model) ? [{ name: 'show' }] : []
      return [
        name,
        { id, title, params: { id }, populated: {}, errors: {}, baseError: null, recordActions, bulkActions: [] },
      ]
    }),
  )
  return {
    id: row.id,
    title: row.title,
    params: { ...row.params, id: row.id },
    populated,
    errors,
    baseError: null,
    ...actionsOf(resource),
  }
}

function actionsOf(resource: TenantResource): ActionLists {
  let lists = actionLists.get(resource)
  if (!lists) {
    const actions = Object.values(resource.decorate().actions)
    const shown = (type: 'isRecordType' | 'isBulkType') =>
      actions
        .filter((action) => action[type]() && action.isVisible() && action.isAccessible())
        .map((action) => action.toJSON())
    lists = { recordActions: shown('isRecordType'), bulkActions: shown('isBulkType') }
    actionLists.set(resource, lists)
  }
  return lists
}
