import type { TenantResource } from './tenant-resource.ts'
import type { Row } from './selection.ts'

/** A record as the browser gets it: only shown values; of a reference its id and its name. */
export interface RecordJson extends RowJson {
  errors: Record<string, { type: string; message: string }>
  baseError: null
}

/** The same as a row of a list. Actions are names: what they are, the page knows from the resource. */
export interface RowJson {
  id: string
  title: string
  params: Record<string, unknown>
  populated: Record<string, { id: string; title: string }>
  recordActions: string[]
  bulkActions: string[]
}

interface ActionLists {
  recordActions: string[]
  bulkActions: string[]
}

// what may be done depends on the role alone, and every role has resources of its own: one list for all rows
const actionLists = new WeakMap<TenantResource, ActionLists>()

export function recordJson(resource: TenantResource, row: Row, errors: RecordJson['errors'] = {}): RecordJson {
  return { ...rowJson(resource, row), errors, baseError: null }
}

export function rowJson(resource: TenantResource, row: Row): RowJson {
  const { recordActions, bulkActions } = actionsOf(resource)
  const populated: RowJson['populated'] = {}
  for (const name in row.references) {
    const { id, title } = row.references[name]!
    populated[name] = { id, title }
  }
  return { id: row.id, title: row.title, params: { ...row.params, id: row.id }, populated, recordActions, bulkActions }
}

function actionsOf(resource: TenantResource): ActionLists {
  let lists = actionLists.get(resource)
  if (!lists) {
    const actions = Object.values(resource.decorate().actions)
    const shown = (type: 'isRecordType' | 'isBulkType') =>
      actions
        .filter((action) => action[type]() && action.isVisible() && action.isAccessible())
        .map((action) => action.name)
    lists = { recordActions: shown('isRecordType'), bulkActions: shown('isBulkType') }
    actionLists.set(resource, lists)
  }
  return lists
}
