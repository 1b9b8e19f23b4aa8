import type { TenantResource } from '../tenant-resource.ts'
import { DELETION } from '../actions/catalogue.ts'
import type { Row } from './selection.ts'

/** A record as the browser gets it: only shown values; of a reference its id and its name. */
export interface RecordJson extends RowJson {
  errors: Record<string, { type: string; message: string }>
  /** Why fields cannot be changed now, by property. */
  locked?: Readonly<Record<string, string>>
  /** Where else to look. */
  links?: readonly { readonly label: string; readonly href: string }[]
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
  return {
    ...rowJson(resource, row),
    errors,
    baseError: null,
    ...(row.locked && { locked: row.locked }),
    ...(row.links && { links: row.links }),
  }
}

export function rowJson(resource: TenantResource, row: Row): RowJson {
  const { recordActions, bulkActions } = allowedBy(row, actionsOf(resource), resource)
  return { ...plainJson(row), recordActions, bulkActions }
}

/** The values alone, of a row that nothing can be done to. */
export function plainJson(row: Row): Pick<RowJson, 'id' | 'title' | 'params' | 'populated'> {
  const populated: RowJson['populated'] = {}
  for (const name in row.references) {
    const { id, title } = row.references[name]!
    populated[name] = { id, title }
  }
  return { id: row.id, title: row.title, params: { ...row.params, id: row.id }, populated }
}

/** Without what the record refuses as it is now. */
function allowedBy({ refused }: Row, lists: ActionLists, { view }: TenantResource): ActionLists {
  if (!refused || refused.size === 0) return lists
  const no = new Set(view.actions?.list.flatMap(({ address, action }) => (refused.has(action.name) ? [address] : [])))
  return {
    recordActions: lists.recordActions.filter((name) => !no.has(name)),
    bulkActions: lists.bulkActions.filter((name) => !no.has(name)),
  }
}

function actionsOf(resource: TenantResource): ActionLists {
  let lists = actionLists.get(resource)
  if (!lists) {
    const actions = Object.values(resource.decorate().actions)
    const shown = (type: 'isRecordType' | 'isBulkType') =>
      actions
        .filter((action) => action[type]() && action.isVisible() && action.isAccessible())
        .map((action) => action.name)
    const bulkActions = shown('isBulkType')
    // what can be done to several can be done to one
    const single = bulkActions.filter((name) => name !== DELETION)
    lists = { recordActions: [...shown('isRecordType'), ...single], bulkActions }
    actionLists.set(resource, lists)
  }
  return lists
}
