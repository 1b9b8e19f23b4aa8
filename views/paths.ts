import { ViewHelpers } from 'adminjs'
import type { ActionJSON } from './types.ts'

/** Addresses of the panel's pages (for links) and of its API (below `/admin/api`). */

export interface Target {
  resourceId: string
  recordId?: string
  recordIds?: string[]
}

export const listPath = (resourceId: string): string => new ViewHelpers().resourceUrl({ resourceId })

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

export const listApi = (resourceId: string, search: string): string =>
  `/resources/${encodeURIComponent(resourceId)}/actions/list${search}`

export const recordApi = (resourceId: string, recordId: string, actionName: string): string =>
  `/resources/${encodeURIComponent(resourceId)}/records/${encodeURIComponent(recordId)}/${actionName}`

export const newApi = (resourceId: string): string => `/resources/${encodeURIComponent(resourceId)}/actions/new`

export function searchApi(resourceId: string, typed: string): string {
  const base = `/resources/${encodeURIComponent(resourceId)}/actions/search`
  return typed.trim() ? `${base}/${encodeURIComponent(typed.trim())}` : base
}
