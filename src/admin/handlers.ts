import type { ActionContext, ActionRequest } from 'adminjs'
import { AppError } from '../core/errors.ts'
import { withVisibleRefusals } from './actions/subjects.ts'
import { type Call, type Notice, answered, callOf, listUrl, success } from './call.ts'
import { edited } from './records/edit.ts'
import { parseListRequest } from './lists/list-request.ts'
import { recordJson, rowJson } from './records/record-json.ts'
import { createRecord, deleteRecords, readPage, readRecord, searchRecords } from './records/records.ts'
import type { Row } from './records/selection.ts'
import { noteListed, noteViewed } from './records/viewed.ts'
import { warnOfDeletion, warnOfNew } from './records/warn-of-form.ts'
import type { PanelRecord } from './tenant-resource.ts'

export async function list(request: ActionRequest, _response: unknown, context: ActionContext) {
  const { ctx, resource, query, school } = callOf(request, context)
  const { view } = resource
  const wanted = parseListRequest(view, query)
  const shown = (rows: Row[]) => withVisibleRefusals(ctx, view, rows).map((row) => rowJson(resource, row))
  const { rows: records, ...found } = await readPage(ctx, view, { request: wanted, school, shown })
  noteListed(ctx, view, records.length)
  const { perPage, sortBy, direction } = wanted
  return { meta: { ...found, perPage, page: wanted.page, direction, sortBy }, records }
}

export async function search(request: ActionRequest, _response: unknown, context: ActionContext) {
  const { ctx, resource, query, school } = callOf(request, context)
  const words = String(request.params.query ?? query.query ?? '').trim()
  const rows = await searchRecords(ctx, resource.view, words, school)
  return { records: rows.map((row) => rowJson(resource, row)) }
}

export async function show(request: ActionRequest, _response: unknown, context: ActionContext) {
  const record = context.record as unknown as PanelRecord
  const { ctx, resource } = callOf(request, context)
  noteViewed(ctx, resource.view, record.row.id)
  return { record: record.toJSON() }
}

export async function edit(request: ActionRequest, _response: unknown, context: ActionContext) {
  const call = callOf(request, context)
  const { id } = (context.record as unknown as PanelRecord).row
  noteViewed(call.ctx, call.resource.view, id)
  if (!call.isPost)
    return { record: recordJson(call.resource, await readRecord(call.ctx, call.resource.view, id, call.school)) }
  return await edited(call, id)
}

export async function create(request: ActionRequest, _response: unknown, context: ActionContext) {
  const call = callOf(request, context)
  const blank: Row = { id: '', title: '', params: {}, references: {} }
  return await answered(call, blank, async () => {
    await warnOfNew(call)
    const id = await createRecord(call.ctx, call.resource.view, { payload: call.payload, school: call.school })
    return await added(call, id)
  })
}

export async function remove(request: ActionRequest, _response: unknown, context: ActionContext) {
  const call = callOf(request, context)
  const { row } = context.record as unknown as PanelRecord
  return await answered(call, row, async () => {
    await warnOfDeletion(call, [row.id])
    await deleteRecords(call.ctx, call.resource.view, [row.id])
    return {
      record: recordJson(call.resource, row),
      redirectUrl: listUrl(call),
      notice: success(`${row.title} is deleted.`),
    }
  })
}

export async function bulkDelete(request: ActionRequest, _response: unknown, context: ActionContext) {
  const call = callOf(request, context)
  const rows = (context.records as unknown as PanelRecord[]).map((record) => record.row)
  const records = rows.map((row) => recordJson(call.resource, row))
  if (!call.isPost) return { records }
  const ids = rows.map((row) => row.id)
  try {
    await warnOfDeletion(call, ids)
    await deleteRecords(call.ctx, call.resource.view, ids)
    return {
      records,
      redirectUrl: listUrl(call),
      notice: success(rows.length === 1 ? `${rows[0]!.title} is deleted.` : `${rows.length} records are deleted.`),
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const none = rows.length === 1 ? '' : ' None of them was deleted.'
    return { records, notice: { message: error.message + none, type: 'error' } satisfies Notice }
  }
}

async function added(call: Call, id: string) {
  const row = await readRecord(call.ctx, call.resource.view, id, call.school)
  return {
    record: recordJson(call.resource, row),
    redirectUrl: `${listUrl(call)}/records/${id}/show`,
    notice: success(`${row.title} is added.`),
  }
}
