import type { ActionContext, ActionRequest } from 'adminjs'
import { type Context, currentContext } from '../core/context.ts'
import { AppError, InvalidForm } from '../core/errors.ts'
import type { CurrentAdmin } from './current-admin.ts'
import { parseListRequest } from './page.ts'
import { type RecordJson, recordJson, rowJson } from './record-json.ts'
import { createRecord, deleteRecords, readPage, readRecord, searchRecords, updateRecord } from './records.ts'
import type { Row, School } from './selection.ts'
import type { PanelRecord, TenantResource } from './tenant-resource.ts'

type Notice = { message: string; type: 'success' | 'error' | 'info' }
type Fields = Record<string, unknown>

/** One request of AdminJS, in our terms. */
interface Call {
  ctx: Context
  resource: TenantResource
  school: School
  payload: Fields
  query: Fields
  isPost: boolean
}

function callOf(request: ActionRequest, context: ActionContext): Call {
  const admin = context.currentAdmin as unknown as CurrentAdmin
  return {
    ctx: currentContext(),
    resource: context.resource as unknown as TenantResource,
    school: admin.school,
    payload: (request.payload ?? {}) as Fields,
    query: (request.query ?? {}) as Fields,
    isPost: request.method === 'post',
  }
}

export async function list(request: ActionRequest, _response: unknown, context: ActionContext) {
  const { ctx, resource, query, school } = callOf(request, context)
  const wanted = parseListRequest(resource.view.screen, resource.view.properties, query)
  const page = await readPage(ctx, resource.view, wanted, school)
  const { perPage, sortBy, direction } = wanted
  const { total, totalIsCapped, next, previous } = page
  return {
    meta: { total, totalIsCapped, perPage, page: wanted.page, direction, sortBy, next, previous },
    records: page.rows.map((row) => rowJson(resource, row)),
  }
}

export async function search(request: ActionRequest, _response: unknown, context: ActionContext) {
  const { ctx, resource, query, school } = callOf(request, context)
  const words = String(request.params.query ?? query.query ?? '').trim()
  const rows = await searchRecords(ctx, resource.view, words, school)
  return { records: rows.map((row) => rowJson(resource, row)) }
}

export async function show(_request: ActionRequest, _response: unknown, context: ActionContext) {
  return { record: (context.record as unknown as PanelRecord).toJSON() }
}

export async function edit(request: ActionRequest, _response: unknown, context: ActionContext) {
  const call = callOf(request, context)
  const { row } = context.record as unknown as PanelRecord
  if (!call.isPost) return { record: recordJson(call.resource, row) }
  return await answered(call, row, async () => {
    await updateRecord(call.ctx, call.resource.view, row, { payload: call.payload, school: call.school })
    return await saved(call, row.id, 'is saved')
  })
}

export async function create(request: ActionRequest, _response: unknown, context: ActionContext) {
  const call = callOf(request, context)
  const blank: Row = { id: '', title: '', params: {}, references: {} }
  return await answered(call, blank, async () => {
    const id = await createRecord(call.ctx, call.resource.view, { payload: call.payload, school: call.school })
    return await saved(call, id, 'is added')
  })
}

export async function remove(request: ActionRequest, _response: unknown, context: ActionContext) {
  const call = callOf(request, context)
  const { row } = context.record as unknown as PanelRecord
  return await answered(call, row, async () => {
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
  try {
    await deleteRecords(
      call.ctx,
      call.resource.view,
      rows.map((row) => row.id),
    )
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

async function saved(call: Call, id: string, what: string) {
  const row = await readRecord(call.ctx, call.resource.view, id, call.school)
  return {
    record: recordJson(call.resource, row),
    redirectUrl: `${listUrl(call)}/records/${id}/show`,
    notice: success(`${row.title} ${what}.`),
  }
}

/** What was typed comes back with the sentence beside its field; what is not about a field is said above the form. */
async function answered<T>(
  call: Call,
  row: Row,
  work: () => Promise<T>,
): Promise<T | { record: RecordJson; notice: Notice }> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const open = call.resource.view.properties.filter((one) => one.writable && Object.hasOwn(call.payload, one.name))
    const typed = Object.fromEntries(open.map((one) => [one.name, call.payload[one.name]]))
    return {
      record: recordJson(call.resource, { ...row, params: { ...row.params, ...typed } }, fieldErrors(call, error)),
      notice: { message: error.message, type: 'error' },
    }
  }
}

function fieldErrors({ resource }: Call, error: AppError): RecordJson['errors'] {
  const errors = error instanceof InvalidForm ? error.errors : [error]
  return Object.fromEntries(
    errors.flatMap(({ field, code, message }) => {
      const property = resource.view.properties.find((one) => one.column === field || one.name === field)
      return property ? [[property.name, { type: code, message }]] : []
    }),
  )
}

const success = (message: string): Notice => ({ message, type: 'success' })

const listUrl = (call: Call): string => `/admin/resources/${call.resource.view.screen.model.name}`
