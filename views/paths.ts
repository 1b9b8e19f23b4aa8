import { ViewHelpers } from 'adminjs'
import type { ActionJSON } from './types.ts'

/** Addresses of the panel's pages (for links) and of its API (below `/admin/api`). */

export interface Target {
  resourceId: string
  recordId?: string
  recordIds?: string[]
  /** Everything that a list shows: its filters, as in its address. */
  matching?: string
  /** But not those that refuse at first sight, which the server knows, nor these, of which only trying told. */
  without?: readonly string[]
}

export const listPath = (resourceId: string): string => new ViewHelpers().resourceUrl({ resourceId })

/** A page that belongs to no single list: `calendar`. */
export const pagePath = (pageName: string): string => new ViewHelpers().pageUrl(pageName)

export const recordPath = (resourceId: string, recordId: string, actionName = 'show'): string =>
  new ViewHelpers().recordActionUrl({ resourceId, recordId: encodeURIComponent(recordId), actionName })

export function actionPath(action: ActionJSON, { resourceId, recordId = '', recordIds = [] }: Target): string {
  const helpers = new ViewHelpers()
  if (action.actionType === 'record') return recordPath(resourceId, recordId, action.name)
  if (action.actionType === 'bulk') return helpers.bulkActionUrl({ resourceId, recordIds, actionName: action.name })
  return helpers.resourceActionUrl({ resourceId, actionName: action.name })
}

export function actionApi(action: ActionJSON, { resourceId, recordId = '', recordIds = [] }: Target): string {
  const base = `/resources/${encodeURIComponent(resourceId)}`
  if (action.actionType === 'record') return `${base}/records/${encodeURIComponent(recordId)}/${action.name}`
  if (action.actionType === 'resource') return `${base}/actions/${action.name}`
  return `${base}/bulk/${action.name}?${new URLSearchParams({ recordIds: recordIds.join(',') })}`
}

/** The page of one of our own actions; what can be done to several can be done to one. */
export function ownActionPath(action: ActionJSON, target: Target): string {
  if (action.actionType !== 'bulk') return actionPath(action, target)
  const { resourceId, recordId, recordIds = recordId ? [recordId] : [], matching } = target
  if (matching === undefined) return actionPath(action, { resourceId, recordIds })
  const filters = new URLSearchParams(matching)
  filters.set('recordIds', 'all')
  return `${new ViewHelpers().bulkActionUrl({ resourceId, actionName: action.name })}?${filters.toString()}`
}

/** Where one of our own actions is opened, tried and done. */
export function ownActionApi(action: ActionJSON, target: Target): string {
  if (action.actionType !== 'bulk') return actionApi(action, target)
  const { resourceId, recordId, recordIds = recordId ? [recordId] : [], matching, without } = target
  if (matching === undefined) return actionApi(action, { resourceId, recordIds })
  const filters = new URLSearchParams(matching)
  if (without) filters.set('without', ['refused', ...without].join(','))
  return `/panel/matching/${encodeURIComponent(resourceId)}/${action.name}?${filters.toString()}`
}

export const listApi = (resourceId: string, search: string): string =>
  `/resources/${encodeURIComponent(resourceId)}/actions/list${search}`

/** The counts of a list's tabs, and about how many it has itself. */
export const countsApi = (resourceId: string, search: string): string =>
  `/panel/list-counts/${encodeURIComponent(resourceId)}${search}`

export const exportApi = (resourceId: string, search: string): string =>
  `/panel/export/${encodeURIComponent(resourceId)}${search}`

export const importPath = (resourceId: string): string =>
  new ViewHelpers().resourceActionUrl({ resourceId, actionName: 'import' })

/** What may be imported, or with an id an import, or a step of it. */
export const importApi = (resourceId: string, ...rest: string[]): string =>
  ['/panel/import', encodeURIComponent(resourceId), ...rest].join('/')

/** The rows of an import that were refused, below one of them. */
export const importRowsApi = (importId: string, after: number): string =>
  `/panel/import-rows/${encodeURIComponent(importId)}?${new URLSearchParams({ after: String(after) })}`

/** The views that people saved of a list, or one of them. */
export const viewsApi = (resourceId: string, ...rest: string[]): string =>
  ['/panel/saved-views', encodeURIComponent(resourceId), ...rest].join('/')

export const recordApi = (resourceId: string, recordId: string, actionName: string): string =>
  `/resources/${encodeURIComponent(resourceId)}/records/${encodeURIComponent(recordId)}/${actionName}`

export const newApi = (resourceId: string): string => `/resources/${encodeURIComponent(resourceId)}/actions/new`

export function searchApi(resourceId: string, typed: string): string {
  const base = `/resources/${encodeURIComponent(resourceId)}/actions/search`
  return typed.trim() ? `${base}/${encodeURIComponent(typed.trim())}` : base
}

const panelApi = (kind: string, resourceId: string, recordId: string): string =>
  `/panel/${kind}/${encodeURIComponent(resourceId)}/${encodeURIComponent(recordId)}`

/** @param list name of a related list, and its query */
export const relatedApi = (resourceId: string, recordId: string, list: string): string =>
  `${panelApi('related', resourceId, recordId)}/${list}`

/** A message as its reader sees it. */
export const messagePreviewApi = (messageId: string): string =>
  `/panel/message-preview/${encodeURIComponent(messageId)}`

/** A template that is being written, as its reader would see it. */
export const templatePreviewApi = '/panel/template-preview'

export const drivesApi = (resourceId: string, recordId: string): string => panelApi('drives', resourceId, recordId)

/** @param at wall time of the school, `2026-11-24T15:30` */
export const asOfApi = (resourceId: string, recordId: string, at: string): string =>
  `${panelApi('as-of', resourceId, recordId)}?${new URLSearchParams({ at })}`

/** What is left of a record that is no longer there. */
export const deletedApi = (resourceId: string, recordId: string): string => panelApi('deleted', resourceId, recordId)

export const timelineApi = (resourceId: string, recordId: string, query: Record<string, string>): string =>
  `${panelApi('timeline', resourceId, recordId)}?${new URLSearchParams(query)}`

export const undoApi = (request?: string): string =>
  request === undefined ? '/panel/undo' : `/panel/undo?${new URLSearchParams({ request })}`
